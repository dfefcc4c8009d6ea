// What the importers of elementwise operators share.
#pragma once

#include <string>
#include <vector>

#include "import/onnx/node_import.h"

namespace mote::onnx_import {

// The type that Mote computes in where ONNX computes in `type`: float32 for all floats, int32 and
// int64 for integers (the narrow ones wrap when the result is narrowed). Booleans stay.
Type computed_type(Type type);

// Operands of one type that an operator computes with, in computed_type.
struct Operands {
  std::vector<ir::ValueId> values;  // empty and an error when there is none
  Type type = Type::float32;        // that of the file
  Type computed = Type::float32;
};
// The first `count` operands, which must have one type.
Operands operands(NodeImport& c, size_t count);
// As operands(), of a type that is computed as float32.
Operands float_operands(NodeImport& c, size_t count);
// Output 0, computed, in the type of the operands.
void define_result(NodeImport& c, const Operands& o, ir::ValueId result);

// b for a binary operator with `a`: before opset 7 attribute `axis` says which dimension of a the
// first one of b meets.
ir::ValueId aligned(NodeImport& c, ir::ValueId a, ir::ValueId b);

// One element of a constant as float; nothing for anything else.
std::optional<float> constant_scalar(NodeImport& c, ir::ValueId v);
// A scalar of rank 0 of a computed type.
ir::ValueId number(NodeImport& c, Type type, double value);

// x through an activation, in float32.
ir::ValueId activated(NodeImport& c, int32_t kind, ir::ValueId x, float alpha = 0, float beta = 0);

}  // namespace mote::onnx_import
