// Convolutions of values in ONNX's layout.
#pragma once

#include "import/onnx/places.h"

namespace mote::onnx_import {

// float32: x [n, c, places...], weights [m, c / groups, window...], bias [m] or kNone.
struct Conv {
  ir::ValueId x = ir::kNone, weights = ir::kNone, bias = ir::kNone;
  int64_t groups = 1;
};

// The result in ONNX's layout, with the node's strides, dilations and pads; kNone and an error
// when it cannot be.
ir::ValueId convolution(NodeImport& c, const Conv& conv);

}  // namespace mote::onnx_import
