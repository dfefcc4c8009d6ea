// Inputs of the source that became constants (--fix): reference sets and the source's own runtime
// have them, the converted model does not.
#pragma once

#include <string>
#include <vector>

#include "mote/model.h"
#include "reference_set.h"

namespace mote::tool {

struct FixedInput {
  size_t place = 0;            // among the source's inputs
  std::vector<double> values;  // its elements, or one for all of them
  ReferenceTensor tensor;      // the same as a tensor of the source
};

// In the order of their places. Throws Failure(kBadInput) when the model's metadata are damaged.
std::vector<FixedInput> fixed_inputs_of(const Model& model);

// Adds what `set` lacks (sets by index of the converted model).
void add_fixed_inputs(const std::vector<FixedInput>& fixed, ReferenceSet& set);

// Removes them from cases that have more than the model's `inputs`. Cases with another value, and
// those that continue one, are left out; returns a line about that, or nothing. Throws
// Failure(kBadInput) when none is left.
std::string drop_fixed_inputs(const std::vector<FixedInput>& fixed, size_t inputs,
                              ReferenceSet& set);

}  // namespace mote::tool
