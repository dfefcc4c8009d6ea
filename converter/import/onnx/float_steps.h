// Operators in float32 that importers put a composite operator together from. Shapes may be
// dynamic.
#pragma once

#include "import/onnx/node_import.h"

namespace mote::onnx_import {

// `x` as `type`; itself where it is that already.
ir::ValueId as_type(NodeImport& c, ir::ValueId x, Type type);
// A required operand, computed with in float32; kNone and an error when there is none.
ir::ValueId float_input(NodeImport& c, size_t i);
// As float_input; kNone when it is missing.
ir::ValueId optional_float_input(NodeImport& c, size_t i);
// An output in the type of `like`.
void define_like(NodeImport& c, size_t output, ir::ValueId v, ir::ValueId like);

// add, sub, mul, div, pow, minimum, maximum.
ir::ValueId binary(NodeImport& c, uint16_t op, ir::ValueId a, ir::ValueId b);
ir::ValueId binary(NodeImport& c, uint16_t op, ir::ValueId a, float b);
// kind: MoteMathKind
ir::ValueId math(NodeImport& c, int32_t kind, ir::ValueId x);
// kind: MoteReduceKind; the axes stay with size 1.
ir::ValueId reduced(NodeImport& c, int32_t kind, ir::ValueId x, const std::vector<int32_t>& axes);
// condition ? a : b, element by element.
ir::ValueId selected(NodeImport& c, ir::ValueId condition, ir::ValueId a, ir::ValueId b);
// A scalar of rank 0.
ir::ValueId scalar(NodeImport& c, float value);

// Sizes as in ReshapeAttrs: 0 copies the size at that place, -1 stands for the rest.
ir::ValueId reshaped(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& dims);
// A size for ReshapeAttrs: -1 where it is dynamic.
int32_t size_of(Dim dim);
// `x` with these dimensions behind the others, which keep their order; and back.
std::vector<int32_t> order_with_last(int32_t rank, const std::vector<int32_t>& last);
std::vector<int32_t> inverse_order(const std::vector<int32_t>& order);
ir::ValueId reordered(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& order);

}  // namespace mote::onnx_import
