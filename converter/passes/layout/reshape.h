// Reshapes that only split and merge neighbouring dimensions can be done in another layout, each
// group of dimensions for itself.
#pragma once

#include <optional>

#include "passes/layout/permutation.h"

namespace mote::layout {

// A reshape of v as one of w, where v is w transposed by `in`: w reshaped by `attributes` is of the
// shape `shape`, and transposed by `out` it is the result of the reshape of v.
struct MovedReshape {
  Permutation in;
  Permutation out;
  ShapeBounds shape;
  ReshapeAttrs attributes;
};

// `x`, `y`: the shapes of v and of its reshape by `a`. `in` of the result is `held` when the groups
// lie in one piece there, else the nearest permutation in which they do. `wanted`: permutations for
// `out` to choose where dimensions of size 1 leave a choice. Nothing when the dimensions do not
// fall into groups, or the sizes cannot be said by ReshapeAttrs.
std::optional<MovedReshape> move_reshape(const ShapeBounds& x, const ShapeBounds& y,
                                         const ReshapeAttrs& a, const Permutation& held,
                                         const std::vector<Permutation>& wanted);

}  // namespace mote::layout
