// Reduce*, ArgMax, ArgMin, CumSum, TopK, Hardmax.
#include <limits>

#include "import/onnx/elementwise.h"
#include "import/onnx/float_steps.h"
#include "import/onnx/graph_importer.h"

namespace mote::onnx_import {
namespace {

// The result of no terms.
double neutral(int32_t kind) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (kind) {
    case kMoteReduceMax:
    case kMoteReduceLogSum:
    case kMoteReduceLogSumExp:
      return -kInfinity;
    case kMoteReduceMin:
      return kInfinity;
    case kMoteReduceProd:
      return 1;
    case kMoteReduceMean:
      return std::numeric_limits<double>::quiet_NaN();
    default:
      return 0;
  }
}

// A reduction of a tensor without elements, whose result may have some.
void reduce_nothing(NodeImport& c, int32_t kind, int32_t since_opset) {
  auto dims = c.static_dims(0);
  if (!dims) return;
  auto rank = static_cast<int32_t>(dims->size());
  auto axes = c.axes(1, since_opset, rank);
  if (!axes) return;
  const bool keep = c.attr_int("keepdims", 1) != 0;
  std::vector<int64_t> result;
  int64_t elements = 1;
  for (int32_t i = 0, next = 0; i < rank; ++i) {
    bool reduced = axes->empty() || (next < static_cast<int32_t>(axes->size()) &&
                                     (*axes)[static_cast<size_t>(next)] == i);
    if (reduced) ++next;
    int64_t size = reduced ? 1 : (*dims)[static_cast<size_t>(i)];
    if (!reduced || keep) result.push_back(size);
    elements *= size;
  }
  Type type = c.importer().find(c.node().proto.input(0))->empty.type;
  if (elements == 0) return c.define_empty(0, type, std::move(result));
  if (type != Type::float32 || result.size() > kMaxRank || elements > 4096)
    return c.error("a reduction of a tensor without elements", "give the inputs other sizes");
  std::vector<int32_t> shape(result.begin(), result.end());
  std::vector<float> values(static_cast<size_t>(elements), static_cast<float>(neutral(kind)));
  c.define(0, c.build().constant(c.where() + "/neutral", type, shape, values));
}

// Every element by itself: a reduction over no axis.
ir::ValueId reduced_alone(NodeImport& c, int32_t kind, const Operands& o) {
  ir::ValueId x = o.values[0];
  auto math = [&](int32_t function) {
    return c.build().node(op_code::math, MathAttrs{function}, {x}, o.computed);
  };
  switch (kind) {
    case kMoteReduceL1:
    case kMoteReduceL2:
      return math(kMoteAbs);
    case kMoteReduceLogSum:
      return math(kMoteLog);
    case kMoteReduceSumSquare:
      return c.build().node(op_code::mul, BinaryAttrs{}, {x, x}, o.computed);
    default:
      return x;
  }
}

// Of booleans: the largest is any, the smallest is all.
int32_t boolean_kind(int32_t kind) {
  if (kind == kMoteReduceMax) return kMoteReduceAny;
  return kind == kMoteReduceMin ? kMoteReduceAll : kind;
}

// `since_opset`: from where on the axes are an operand.
void import_reduce(NodeImport& c, int32_t kind, int32_t since_opset) {
  if (c.is_empty(0)) return reduce_nothing(c, kind, since_opset);
  Operands o = operands(c, 1);
  if (c.failed() || o.values.empty()) return;
  int32_t rank = c.rank(o.values[0]);
  auto axes = c.axes(1, since_opset, rank);
  if (!axes) return;
  if (o.computed == Type::boolean) kind = boolean_kind(kind);
  if (axes->empty() && c.attr_int("noop_with_empty_axes", 0) == 0)
    for (int32_t i = 0; i < rank; ++i) axes->push_back(i);
  if (axes->empty()) return define_result(c, o, reduced_alone(c, kind, o));
  ReduceAttrs a{};
  a.kind = kind;
  for (int32_t axis : *axes) a.axes[a.axis_count++] = axis;
  a.keep_dims = c.attr_int("keepdims", 1) != 0;
  define_result(c, o, c.build().node(op_code::reduce, a, {o.values[0]}, o.computed));
}

void import_arg(NodeImport& c, uint16_t op) {
  Operands o = operands(c, 1);
  if (c.failed() || o.values.empty()) return;
  int32_t axis = c.axis(c.attr_int("axis", 0), c.rank(o.values[0]));
  if (axis < 0) return;
  ArgMaxAttrs a{axis, c.attr_int("keepdims", 1) != 0, c.attr_int("select_last_index", 0) != 0};
  c.emit(op, a, {o.values[0]}, Type::int64);
}

}  // namespace

// Sum has had its axes as an operand since opset 13, the others since 18.
void import_reduce_sum(NodeImport& c) { import_reduce(c, kMoteReduceSum, 13); }
void import_reduce_mean(NodeImport& c) { import_reduce(c, kMoteReduceMean, 18); }
void import_reduce_max(NodeImport& c) { import_reduce(c, kMoteReduceMax, 18); }
void import_reduce_min(NodeImport& c) { import_reduce(c, kMoteReduceMin, 18); }
void import_reduce_prod(NodeImport& c) { import_reduce(c, kMoteReduceProd, 18); }
void import_reduce_l1(NodeImport& c) { import_reduce(c, kMoteReduceL1, 18); }
void import_reduce_l2(NodeImport& c) { import_reduce(c, kMoteReduceL2, 18); }
void import_reduce_log_sum(NodeImport& c) { import_reduce(c, kMoteReduceLogSum, 18); }
void import_reduce_log_sum_exp(NodeImport& c) { import_reduce(c, kMoteReduceLogSumExp, 18); }
void import_reduce_sum_square(NodeImport& c) { import_reduce(c, kMoteReduceSumSquare, 18); }

void import_arg_max(NodeImport& c) { import_arg(c, op_code::arg_max); }
void import_arg_min(NodeImport& c) { import_arg(c, op_code::arg_min); }

void import_cum_sum(NodeImport& c) {
  Operands o = operands(c, 1);
  auto place = c.constant_int(1);
  if (c.failed() || !place || o.values.empty()) return;
  int32_t axis = c.axis(*place, c.rank(o.values[0]));
  if (axis < 0) return;
  CumSumAttrs a{axis, c.attr_int("exclusive", 0) != 0, c.attr_int("reverse", 0) != 0};
  define_result(c, o, c.build().node(op_code::cum_sum, a, {o.values[0]}, o.computed));
}

void import_top_k(NodeImport& c) {
  Operands o = operands(c, 1);
  auto k = c.opset() < 10 ? c.attr_int("k", 0) : c.constant_int(1);
  if (c.failed() || !k || o.values.empty()) return;
  if (*k == 0) return c.error("k is 0", "sizes are at least 1");
  int32_t axis = c.axis(c.attr_int("axis", -1), c.rank(o.values[0]));
  if (axis < 0) return;
  if (*k < 0 || *k > INT32_MAX) return c.error("k is " + std::to_string(*k));
  TopKAttrs a{axis, static_cast<int32_t>(*k), c.attr_int("largest", 1) == 0};
  auto results = c.build().nodes(op_code::top_k, a, {o.values[0]}, {o.computed, Type::int32});
  define_result(c, o, results[0]);
  if (c.has_output(1)) c.define(1, as_type(c, results[1], Type::int64));
}

// 1 at the first maximum, 0 elsewhere; before opset 13 of rows of what stands from the axis on.
void import_hardmax(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  const bool rows = c.opset() < 13;
  const ShapeBounds shape = c.shape(x);
  int32_t axis = c.axis(c.attr_int("axis", rows ? 1 : -1), shape.rank);
  if (axis < 0) return;
  ir::ValueId of = as_type(c, x, Type::float32);
  int64_t depth = rows ? 1 : shape.dims[axis].max;
  bool is_static = rows || shape.dims[axis].is_static();
  for (int32_t i = axis; rows && i < shape.rank; ++i) {
    is_static = is_static && shape.dims[i].is_static();
    depth *= shape.dims[i].max;
    if (depth > INT32_MAX) return c.error("a row of " + std::to_string(depth) + " elements");
  }
  if (!is_static)
    return c.error("the size of the axis is dynamic", "give the inputs a static shape");
  const auto size = static_cast<int32_t>(depth);
  if (rows) of = reshaped(c, of, {-1, size});
  const int32_t along = rows ? 1 : axis;
  ir::ValueId best = c.build().node(op_code::arg_max, ArgMaxAttrs{along, 0, 0}, {of}, Type::int64);
  ir::ValueId y = c.build().node(op_code::one_hot, OneHotAttrs{along, size},
                                 {best, scalar(c, 1), scalar(c, 0)});
  std::vector<int32_t> dims;
  for (int32_t i = 0; i < shape.rank; ++i) dims.push_back(size_of(shape.dims[i]));
  define_like(c, 0, rows ? reshaped(c, y, dims) : y, x);
}

}  // namespace mote::onnx_import
