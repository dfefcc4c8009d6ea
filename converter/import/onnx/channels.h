// Between ONNX's layout (batch, channels, places) and Mote's (batch, height, width, channels).
#pragma once

#include "import/onnx/node_import.h"

namespace mote::onnx_import {

// x [n, c, d...] as [n, d..., c]; of rank 3 ([n, c, w]): [n, 1, w, c].
ir::ValueId channels_last(NodeImport& c, ir::ValueId x);
// The inverse: y [n, h, w, c] as [n, c, h, w], or [n, c, w] where `rank` is 3.
ir::ValueId channels_first(NodeImport& c, ir::ValueId y, int32_t rank);

}  // namespace mote::onnx_import
