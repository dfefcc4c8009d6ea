// The operators that one operator of the file is lowered to: values between them.
#pragma once

#include "import/tflite/op_import.h"

namespace mote::tflite_import {

// One operator on `x` whose result keeps x's type and quantization; kNone on failure.
template <class Attrs>
ir::ValueId step(OpImport& c, uint16_t op, const Attrs& attrs, ir::ValueId x, const char* suffix) {
  if (x == ir::kNone) return ir::kNone;
  std::string name = c.value(x).name + suffix;
  ir::Quantization quantization = c.value(x).quantization;
  ir::ValueId y = c.importer().new_value(name, c.value(x).type, quantization);
  return c.emit(op, attrs, {x}, y) ? y : ir::kNone;
}

inline TransposeAttrs transposition(const std::vector<int32_t>& permutation) {
  TransposeAttrs a{};
  for (int32_t p : permutation) a.permutation[a.count++] = p;
  return a;
}

// x[.., begin : end, ..] along an axis.
inline StridedSliceAttrs part_of_axis(int32_t axis, int64_t begin, int64_t end) {
  StridedSliceAttrs a{};
  a.count = axis + 1;
  for (int i = 0; i <= axis; ++i) a.strides[i] = 1;
  a.begin_mask = a.end_mask = (1u << axis) - 1;
  a.begin[axis] = static_cast<int32_t>(begin);
  a.end[axis] = static_cast<int32_t>(end);
  return a;
}

// A size that the lowering needs now; an error where it is dynamic.
inline std::optional<int32_t> static_size(OpImport& c, ir::ValueId x, int32_t axis) {
  Dim d = c.value(x).shape.dims[axis];
  if (d.is_static()) return d.max;
  c.error("dimension " + std::to_string(axis) + " is dynamic",
          "give the inputs a static size there");
  return std::nullopt;
}

// `sizes` as the multiples of TILE, whose result is bounded by nothing but the shape.
inline SizesAttrs multiples_of(const std::vector<int64_t>& sizes) {
  SizesAttrs a{};
  for (int64_t n : sizes)
    a.sizes[a.count++] = static_cast<int32_t>(n > INT32_MAX ? INT32_MAX : n < 0 ? 0 : n);
  return a;
}

}  // namespace mote::tflite_import
