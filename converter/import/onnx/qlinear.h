// The operators of integer_models.cc with scales that are known when a model is imported.
#pragma once

#include "import/onnx/node_import.h"

namespace mote::onnx_import {

// False where scales, zero points (and QLinearConv's weights) are no constants: nothing was added.
bool lower_qlinear_conv(NodeImport& c);
bool lower_qlinear_matmul(NodeImport& c);

}  // namespace mote::onnx_import
