// CONCATENATION, STRIDED_SLICE, SLICE, PAD, PADV2, GATHER.
#include <algorithm>

#include "import/tflite/op_import.h"
#include "ir/op_view.h"
#include "ir/tables.h"

namespace mote::tflite_import {
namespace {

int32_t saturated(int64_t v) {
  return static_cast<int32_t>(std::clamp<int64_t>(v, INT32_MIN, INT32_MAX));
}

// The activation after a concatenation, as an operator of its own; its number is kMoteActivation…
bool activate(OpImport& c, ir::ValueId x, int32_t fused, ir::ValueId y) {
  int32_t kind = fused == kMoteActivationRelu    ? kMoteRelu
                 : fused == kMoteActivationRelu6 ? kMoteRelu6
                                                 : kMoteReluN1To1;
  ir::Value out = c.value(y);
  std::vector<ir::ValueId> inputs{x};
  if (out.type == Type::int8 && out.quantization.scales.size() == 1)
    inputs.push_back(
        c.graph().add_constant(out.name + "/table", Type::int8, ir::shape_of({256}),
                               ir::activation_table(kind, out.quantization, out.quantization)));
  ActivationAttrs a{kind};
  return c.emit(op_code::activation, a, std::move(inputs), y);
}

// A pad's fill in real units.
std::optional<float> fill_value(OpImport& c) {
  if (!c.has(2)) return 0.0f;
  ir::ValueId v = c.input(2);
  if (c.failed()) return std::nullopt;
  const ir::Value& f = c.value(v);
  if (f.kind == TensorKind::constant && f.shape.max().elements() == 1) {
    if (f.type == Type::float32) return f.as<float>()[0];
    if (f.type == Type::int32) return static_cast<float>(f.as<int32_t>()[0]);
    bool quantized = f.quantization.scales.size() == 1;
    if (f.type == Type::int8 && quantized)
      return f.quantization.scales[0] *
             static_cast<float>(f.as<int8_t>()[0] - f.quantization.zero_points[0]);
  }
  c.error("the fill must be one constant float32, int32 or quantized element", "",
          c.input_tensor(2));
  return std::nullopt;
}

// Entry i of a list that has one entry per dimension.
bool check_count(OpImport& c, const std::vector<int64_t>& list, size_t count, const char* what) {
  if (list.size() == count) return true;
  c.error(std::string(what) + " has " + std::to_string(list.size()) + " elements, expected " +
          std::to_string(count));
  return false;
}

// begin and size of dimension i as begin and end.
bool slice_dimension(OpImport& c, int i, Dim dim, int64_t begin, int64_t size,
                     StridedSliceAttrs* a) {
  bool to_end = size == -1;
  if (begin < 0 || (!to_end && size < 1) || begin >= dim.max ||
      (!to_end && size > int64_t{dim.max} - begin)) {
    c.error("dimension " + std::to_string(i) + " of size " + std::to_string(dim.max) +
            " has no slice of " + std::to_string(size) + " elements from " + std::to_string(begin));
    return false;
  }
  a->begin[i] = static_cast<int32_t>(begin);
  a->end[i] = to_end ? 0 : static_cast<int32_t>(begin + size);
  a->strides[i] = 1;
  if (to_end) a->end_mask |= 1u << i;
  return true;
}

// Offsets as the operators take them. Constants saturate, as do offsets that clamp.
ir::ValueId as_int32(OpImport& c, ir::ValueId v) {
  const ir::Value& x = c.value(v);
  if (x.type != Type::int64) return v;
  if (x.kind == TensorKind::constant) {
    std::vector<int32_t> elements;
    for (size_t i = 0; i < x.data->size() / sizeof(int64_t); ++i)
      elements.push_back(saturated(x.as<int64_t>()[i]));
    return c.graph().add_constant(x.name + "/int32", Type::int32, ShapeBounds(x.shape), elements);
  }
  ir::ValueId narrow = c.importer().new_value(x.name + "/int32", Type::int32, {});
  return c.emit(op_code::cast, {v}, narrow) ? narrow : ir::kNone;
}

// From offsets that are known at run. Where TFLite fails, they are clamped (NUMERICS.md, 23.4).
void import_dynamic_slice(OpImport& c, ir::ValueId x, ir::ValueId begin) {
  auto size = c.constant_ints(2);
  if (c.failed()) return;
  ShapeBounds shape = c.value(x).shape;
  auto rank = static_cast<size_t>(shape.rank);
  if (!check_count(c, *size, rank, "size")) return;
  SizesAttrs a{};
  for (size_t i = 0; i < rank; ++i) {
    int64_t n = (*size)[i];
    bool whole = n == -1 && shape.dims[i].is_static();
    if (n < 1 && !whole) return c.error("the size of the slice depends on its offset");
    // The offset of a dimension that is taken whole can only be 0.
    a.sizes[a.count++] = whole ? shape.dims[i].max : saturated(n);
  }
  begin = as_int32(c, begin);
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::dynamic_slice, a, {x, begin}, y);
}

}  // namespace

void import_concatenation(OpImport& c) {
  const auto* options = c.required_options<tfl::ConcatenationOptions>();
  std::vector<ir::ValueId> inputs;
  for (size_t i = 0; i < c.input_count(); ++i) inputs.push_back(c.input(i));
  if (inputs.empty()) return c.error("a concatenation of nothing");
  if (c.failed()) return;
  int32_t activation = c.fused_activation(options->activation());
  auto axis = c.axis(options->axis(), c.value(inputs[0]).shape.rank);
  if (!axis) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  ir::Value out = c.value(y);
  for (ir::ValueId& x : inputs)
    if (out.type == Type::int8 && c.value(x).type == Type::int8) x = c.requantized(x, out);
  if (c.failed()) return;
  ConcatAttrs a{*axis, kMoteActivationNone};
  if (activation == kMoteActivationNone) {
    c.emit(op_code::concat, a, std::move(inputs), y);
    return;
  }
  ir::ValueId joined = c.importer().new_value(out.name + "/concat", out.type, out.quantization);
  if (c.emit(op_code::concat, a, std::move(inputs), joined)) activate(c, joined, activation, y);
}

void import_strided_slice(OpImport& c) {
  const auto* options = c.required_options<tfl::StridedSliceOptions>();
  ir::ValueId x = c.input(0);
  auto begin = c.constant_ints(1), end = c.constant_ints(2), strides = c.constant_ints(3);
  if (c.failed()) return;
  if (options->ellipsis_mask() != 0 || options->new_axis_mask() != 0)
    return c.error("slices with an ellipsis or a new axis are not supported",
                   "write the dimensions out in the source model");
  size_t count = begin->size();
  auto rank = static_cast<size_t>(c.value(x).shape.rank);
  if (count > rank) return c.error("slices of more dimensions than the input has");
  if (!check_count(c, *end, count, "end") || !check_count(c, *strides, count, "strides")) return;
  StridedSliceAttrs a{};
  a.count = static_cast<int32_t>(count);
  for (size_t i = 0; i < count; ++i) {
    a.begin[i] = saturated((*begin)[i]);
    a.end[i] =
        saturated(options->offset() ? int64_t{a.begin[i]} + saturated((*end)[i]) : (*end)[i]);
    a.strides[i] = saturated((*strides)[i]);
  }
  uint32_t all = (1u << count) - 1;
  a.begin_mask = static_cast<uint32_t>(options->begin_mask()) & all;
  a.end_mask = static_cast<uint32_t>(options->end_mask()) & all;
  a.shrink_mask = static_cast<uint32_t>(options->shrink_axis_mask()) & all;
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::strided_slice, a, {x}, y);
}

void import_dynamic_update_slice(OpImport& c) {
  ir::ValueId x = c.input(0), update = c.input(1), begin = c.input(2);
  if (c.failed()) return;
  begin = as_int32(c, begin);
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::dynamic_update_slice, {x, update, begin}, y);
}

void import_slice(OpImport& c) {
  ir::ValueId x = c.input(0), from = c.input(1);
  if (c.failed()) return;
  if (c.value(from).kind != TensorKind::constant) return import_dynamic_slice(c, x, from);
  auto begin = c.constant_ints(1), size = c.constant_ints(2);
  if (c.failed()) return;
  ShapeBounds shape = c.value(x).shape;
  auto rank = static_cast<size_t>(shape.rank);
  if (!check_count(c, *begin, rank, "begin") || !check_count(c, *size, rank, "size")) return;
  StridedSliceAttrs a{};
  a.count = shape.rank;
  for (size_t i = 0; i < rank; ++i)
    if (!slice_dimension(c, static_cast<int>(i), shape.dims[i], (*begin)[i], (*size)[i], &a))
      return;
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::strided_slice, a, {x}, y);
}

void import_pad(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto pads = c.constant_ints(1);
  auto value = fill_value(c);
  if (c.failed()) return;
  ShapeBounds shape = c.value(x).shape;
  if (!check_count(c, *pads, 2 * static_cast<size_t>(shape.rank), "paddings")) return;
  PadAttrs a{};
  a.mode = kMotePadConstant;
  a.count = shape.rank;
  a.value = *value;
  for (int64_t n : *pads)
    if (n < 0 || n > INT32_MAX) return c.error("a padding of " + std::to_string(n) + " elements");
  for (size_t i = 0; i < pads->size() / 2; ++i) {
    a.before[i] = static_cast<int32_t>((*pads)[2 * i]);
    a.after[i] = static_cast<int32_t>((*pads)[2 * i + 1]);
  }
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::pad, a, {x}, y);
}

void import_gather(OpImport& c) {
  ir::ValueId x = c.input(0), indices = c.input(1);
  if (c.failed()) return;
  const auto* options = c.options<tfl::GatherOptions>();
  GatherAttrs a{};
  int32_t rank = c.value(x).shape.rank, indices_rank = c.value(indices).shape.rank;
  auto axis = c.axis(options == nullptr ? 0 : options->axis(), rank);
  if (!axis) return;
  a.axis = *axis;
  a.batch_dims = options == nullptr ? 0 : options->batch_dims();
  if (a.batch_dims < 0 && a.batch_dims >= -indices_rank) a.batch_dims += indices_rank;
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::gather, a, {x, indices}, y);
}

}  // namespace mote::tflite_import
