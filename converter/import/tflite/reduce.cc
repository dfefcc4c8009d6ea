// SUM, MEAN, REDUCE_*, ARG_MAX, ARG_MIN.
#include <set>

#include "base/interval.h"
#include "import/tflite/op_import.h"

namespace mote::tflite_import {
namespace {

// The scale of a static reduction (NUMERICS.md, 6.3); 0 leaves it to the runtime.
float stored_scale(const ir::Value& x, const ir::Value& y, const ReduceAttrs& a) {
  if (a.kind > kMoteReduceMean || x.type != Type::int8 || x.quantization.scales.size() != 1 ||
      y.quantization.scales.size() != 1)
    return 0;
  ShapeBounds reduced;
  for (int i = 0; i < a.axis_count; ++i) reduced.dims[reduced.rank++] = x.shape.dims[a.axes[i]];
  Count n = element_count(reduced);
  if (n.min != n.max) return 0;
  float scale = x.quantization.scales[0] / y.quantization.scales[0];
  return a.kind == kMoteReduceSum ? scale : scale / static_cast<float>(n.max);
}

void import_reduce(OpImport& c, MoteReduceKind kind) {
  ir::ValueId x = c.input(0);
  auto axes = c.constant_ints(1);
  if (c.failed()) return;
  int32_t rank = c.value(x).shape.rank;
  if (axes->empty()) return c.error("a reduction over no axis", "remove the operator");
  std::set<int32_t> ascending;
  for (int64_t v : *axes) {
    auto axis = c.axis(v, rank);
    if (!axis) return;
    ascending.insert(*axis);
  }
  ReduceAttrs a{};
  a.kind = kind;
  for (int32_t axis : ascending) a.axes[a.axis_count++] = axis;
  const auto* options = c.options<tfl::ReducerOptions>();
  a.keep_dims = options != nullptr && options->keep_dims();
  ir::ValueId y = c.output();
  if (c.failed()) return;
  a.requantize_scale = stored_scale(c.value(x), c.value(y), a);
  // Extremes are stored values of x.
  ir::Value like = c.value(y);
  if (kind > kMoteReduceMean && like.quantization.quantized()) x = c.requantized(x, like);
  if (x != ir::kNone) c.emit(op_code::reduce, a, {x}, y);
}

}  // namespace

void import_sum(OpImport& c) { import_reduce(c, kMoteReduceSum); }
void import_mean(OpImport& c) { import_reduce(c, kMoteReduceMean); }

void import_reduce_max(OpImport& c) { import_reduce(c, kMoteReduceMax); }
void import_reduce_min(OpImport& c) { import_reduce(c, kMoteReduceMin); }
void import_reduce_prod(OpImport& c) { import_reduce(c, kMoteReduceProd); }
void import_reduce_any(OpImport& c) { import_reduce(c, kMoteReduceAny); }
void import_reduce_all(OpImport& c) { import_reduce(c, kMoteReduceAll); }

static void import_arg(OpImport& c, uint16_t op) {
  ir::ValueId x = c.input(0);
  auto place = c.constant_int(1);
  if (c.failed()) return;
  auto axis = c.axis(*place, c.value(x).shape.rank);
  if (!axis) return;
  ir::ValueId y = c.output();
  ArgMaxAttrs a{*axis, 0, 0};
  if (!c.failed()) c.emit(op, a, {x}, y);
}

void import_arg_max(OpImport& c) { import_arg(c, op_code::arg_max); }
void import_arg_min(OpImport& c) { import_arg(c, op_code::arg_min); }

}  // namespace mote::tflite_import
