// Padding of convolutions and pooling.
#pragma once

#include "import/tflite/op_import.h"

namespace mote::tflite_import {

struct Pads {
  int32_t before = 0, after = 0;
};

// SAME as explicit pads (NUMERICS.md, 2.5), VALID as none. SAME on a dynamic dimension is known for
// stride 1 only; else an error and nothing.
std::optional<Pads> explicit_pads(OpImport& c, tfl::Padding padding, Dim size, int32_t window,
                                  int32_t stride, int32_t dilation);

}  // namespace mote::tflite_import
