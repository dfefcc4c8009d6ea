// Permutations of dimensions, as transpose has them: dimension i of the result is dimension p[i] of
// the operand.
#pragma once

#include <array>
#include <compare>

#include "ir/graph.h"
#include "ops/attributes.h"

namespace mote::layout {

struct Permutation {
  int32_t rank = 0;
  std::array<int32_t, kMaxRank> at{};

  int32_t& operator[](int32_t i) { return at[static_cast<size_t>(i)]; }
  int32_t operator[](int32_t i) const { return at[static_cast<size_t>(i)]; }
  auto operator<=>(const Permutation&) const = default;
};

Permutation identity(int32_t rank);
Permutation of(const TransposeAttrs& a);
TransposeAttrs attributes(const Permutation& p);
bool is_identity(const Permutation& p);
Permutation inverse(const Permutation& p);
// Of transposing by `first`, then by `second`.
Permutation then(const Permutation& first, const Permutation& second);
ShapeBounds apply(const ShapeBounds& x, const Permutation& p);
// Whether only dimensions of size 1 move, so that the elements keep their order.
bool keeps_order(const ShapeBounds& x, const Permutation& p);
// The transpose that keeps_order() as a reshape; false when two dynamic dimensions move.
bool as_reshape(const ShapeBounds& x, const Permutation& p, ReshapeAttrs* out);
// Elements of a constant transposed.
ir::Bytes transposed(const ir::Value& x, const Permutation& p);

}  // namespace mote::layout
