#pragma once

#include <string>
#include <vector>

#include "mote/trainer.h"

namespace mote::trainer {

std::string shape_text(const std::vector<int32_t>& shape);  // "28x28x1"

// Throws bad_input unless there are samples of that shape with labels in [0, classes).
void check_dataset(const Dataset& data, const std::vector<int32_t>& sample_shape, int32_t classes);

// Tells data sets apart: of all elements and labels, not of the name.
uint64_t fingerprint(const Dataset& data);

}  // namespace mote::trainer
