// Tensors of int8 and uint8 whose scale is known when a model is imported. ONNX's integers have no
// scale of their own, so between quantize and dequantize stand casts of equal type: the pass
// fuse_qdq knows QuantizeLinear and DequantizeLinear by them.
#pragma once

#include <optional>

#include "import/onnx/node_import.h"

namespace mote::onnx_import {

// The constants `scale` and `zero_point` (kNone: 0) as parameters for `type`; nothing where they
// are not known, not one of each or one per element of dimension `axis`, or out of range.
std::optional<ir::Quantization> known_quantization(NodeImport& c, ir::ValueId scale,
                                                   ir::ValueId zero_point, Type type, int32_t axis);

// The integers nearest to `x`, with one scale.
ir::ValueId quantized(NodeImport& c, ir::ValueId x, Type type, const ir::Quantization& q);
// The real values of integers, with one scale.
ir::ValueId dequantized(NodeImport& c, ir::ValueId x, const ir::Quantization& q);
// Notes at the float constant `y` that it was stored so (ir/stored_scales.h).
void note_stored_scales(NodeImport& c, ir::ValueId y, Type stored, ir::Quantization q);

}  // namespace mote::onnx_import
