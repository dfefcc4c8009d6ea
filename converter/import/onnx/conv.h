// Convolutions of values in ONNX's layout.
#pragma once

#include "import/onnx/places.h"

namespace mote::onnx_import {

// float32: x [n, c, places...], weights [m, c / groups, window...], bias [m] or kNone.
struct Conv {
  ir::ValueId x = ir::kNone, weights = ir::kNone, bias = ir::kNone;
  int64_t groups = 1;
};

// The sizes behind the first two.
std::vector<int64_t> window_of(const ShapeBounds& weights);
// Weights and the input's channels must be known, of equal ranks, and the channels in groups.
bool check_channels(NodeImport& c, const ShapeBounds& x, const ShapeBounds& w, int64_t groups,
                    int64_t inputs);

// The result in ONNX's layout, with the node's strides, dilations and pads; kNone and an error
// when it cannot be.
ir::ValueId convolution(NodeImport& c, const Conv& conv);

}  // namespace mote::onnx_import
