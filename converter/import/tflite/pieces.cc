// SPLIT, SPLIT_V, PACK, UNPACK: by slices, reshapes and concatenations.
#include "import/tflite/steps.h"

namespace mote::tflite_import {
namespace {

// Output i is the next sizes[i] elements of `x` along the axis.
void emit_pieces(OpImport& c, ir::ValueId x, int32_t axis, const std::vector<int64_t>& sizes) {
  int64_t at = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    ir::ValueId y = c.output(i);
    if (c.failed()) return;
    if (!c.emit(op_code::strided_slice, part_of_axis(axis, at, at + sizes[i]), {x}, y)) return;
    at += sizes[i];
  }
}

// The shape with a 1 put in at `axis`, or with that dimension taken out.
std::vector<Dim> with_one(const ShapeBounds& shape, int32_t axis) {
  std::vector<Dim> dims(shape.dims, shape.dims + shape.rank);
  dims.insert(dims.begin() + axis, Dim{1, 1});
  return dims;
}
std::vector<Dim> without(const ShapeBounds& shape, int32_t axis) {
  std::vector<Dim> dims(shape.dims, shape.dims + shape.rank);
  dims.erase(dims.begin() + axis);
  return dims;
}

}  // namespace

void import_split(OpImport& c) {
  auto place = c.constant_int(0);
  ir::ValueId x = c.input(1);
  if (c.failed()) return;
  auto axis = c.axis(*place, c.value(x).shape.rank);
  if (!axis) return;
  auto size = static_size(c, x, *axis);
  auto count = static_cast<int64_t>(c.output_count());
  if (!size) return;
  if (count == 0 || *size % count != 0)
    return c.error(std::to_string(*size) + " elements in " + std::to_string(count) +
                   " equal parts");
  emit_pieces(c, x, *axis, std::vector<int64_t>(c.output_count(), *size / count));
}

void import_split_v(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto sizes = c.constant_ints(1);
  auto place = c.constant_int(2);
  if (c.failed()) return;
  auto axis = c.axis(*place, c.value(x).shape.rank);
  if (!axis) return;
  auto size = static_size(c, x, *axis);
  if (!size) return;
  // At most one is -1: what remains.
  int64_t rest = *size, *open = nullptr;
  for (int64_t& n : *sizes) {
    if (n < 0 && (n != -1 || open != nullptr)) return c.error("a part of " + std::to_string(n));
    if (n < 0) open = &n;
    rest -= n < 0 ? 0 : n > *size ? rest + 1 : n;
    if (rest < 0) break;
  }
  if (open != nullptr && rest >= 0) {
    *open = rest;
    rest = 0;
  }
  if (rest != 0 || sizes->size() != c.output_count())
    return c.error("the parts do not make up the " + std::to_string(*size) + " elements");
  emit_pieces(c, x, *axis, *sizes);
}

void import_pack(OpImport& c) {
  const auto* options = c.required_options<tfl::PackOptions>();
  std::vector<ir::ValueId> parts;
  for (size_t i = 0; i < c.input_count(); ++i) parts.push_back(c.input(i));
  if (parts.empty()) return c.error("a pack of nothing");
  if (c.failed()) return;
  auto axis = c.axis(options->axis(), c.value(parts[0]).shape.rank + 1);
  if (!axis) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  ir::Value out = c.value(y);
  for (ir::ValueId& x : parts) {
    ShapeBounds shape = c.value(x).shape;
    if (*axis > shape.rank) return c.error("operands of different ranks");
    if (out.type == Type::int8 && c.value(x).type == Type::int8) x = c.requantized(x, out);
    auto dims = c.failed() ? std::nullopt : c.reshape_dims(shape, with_one(shape, *axis));
    if (!dims) return;
    x = c.reshaped(x, *dims, "/packed");
    if (x == ir::kNone) return;
  }
  ConcatAttrs a{*axis, kMoteActivationNone};
  c.emit(op_code::concat, a, std::move(parts), y);
}

void import_unpack(OpImport& c) {
  const auto* options = c.required_options<tfl::UnpackOptions>();
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  auto axis = c.axis(options->axis(), c.value(x).shape.rank);
  if (!axis) return;
  auto size = static_size(c, x, *axis);
  if (!size) return;
  if (static_cast<size_t>(*size) != c.output_count())
    return c.error(std::to_string(*size) + " elements in " + std::to_string(c.output_count()) +
                   " outputs");
  for (int32_t i = 0; i < *size; ++i) {
    ir::ValueId part = step(c, op_code::strided_slice, part_of_axis(*axis, i, i + 1), x, "/part");
    if (part == ir::kNone) return;
    ShapeBounds shape = c.value(part).shape;
    auto dims = c.reshape_dims(shape, without(shape, *axis));
    ir::ValueId y = dims ? c.output(static_cast<size_t>(i)) : ir::kNone;
    if (c.failed() || !c.emit_reshape(part, *dims, y)) return;
  }
}

}  // namespace mote::tflite_import
