// The operators' numbers as constants: op_code::conv2d.
#pragma once

#include <cstdint>

namespace mote::op_code {
#define MOTE_OPERATOR(number, name) inline constexpr uint16_t name = number;
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR
}  // namespace mote::op_code
