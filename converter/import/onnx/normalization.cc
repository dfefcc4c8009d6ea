// Softmax, LogSoftmax and the normalizations.
#include <algorithm>
#include <cfloat>
#include <numeric>

#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

using Axes = std::vector<int32_t>;

// From opset 13 on along one axis.
ir::ValueId softmax_along(NodeImport& c, uint16_t op, ir::ValueId x, int32_t axis) {
  const Axes order = order_with_last(c.rank(x), {axis});
  ir::ValueId y = c.build().node(op, SoftmaxAttrs{1}, {reordered(c, x, order)});
  return reordered(c, y, inverse_order(order));
}

// Before, over all dimensions from `axis` on, as one.
ir::ValueId softmax_from(NodeImport& c, uint16_t op, ir::ValueId x, int32_t axis) {
  const ShapeBounds shape = c.shape(x);
  if (axis == shape.rank - 1) return c.build().node(op, SoftmaxAttrs{1}, {x});
  Axes back;
  int64_t last = 1;
  for (int i = 0; i < shape.rank; ++i) {
    back.push_back(size_of(shape.dims[i]));
    if (i >= axis) last *= shape.dims[i].max;
  }
  bool last_dynamic = std::find(back.begin() + axis, back.end(), -1) != back.end();
  if (last_dynamic || last > INT32_MAX || std::count(back.begin(), back.end(), -1) > 1) {
    c.error("the softmax over several dimensions meets dynamic sizes",
            "give the inputs a static shape, or export with opset 13 or later");
    return ir::kNone;
  }
  ir::ValueId flat = reshaped(c, x, {-1, static_cast<int32_t>(last)});
  return reshaped(c, c.build().node(op, SoftmaxAttrs{1}, {flat}), back);
}

void import_softmax_as(NodeImport& c, uint16_t op) {
  ir::ValueId x = float_input(c, 0);
  if (c.failed()) return;
  const bool along = c.opset() >= 13;
  const int64_t given = c.attr_int("axis", along ? -1 : 1);
  int32_t rank = c.rank(x);
  if (rank == 0) {
    x = reshaped(c, x, {1});
    rank = 1;
  }
  // Before opset 13 the axis may be the rank: rows of one element.
  const bool ones = !along && given == rank;
  if (ones) x = c.insert_ones(x, {rank});
  int32_t axis = ones ? rank : c.axis(given, rank);
  if (c.failed()) return;
  ir::ValueId y = along ? softmax_along(c, op, x, axis) : softmax_from(c, op, x, axis);
  if (c.failed()) return;
  if (ones) y = c.drop_ones(y, {rank});
  if (c.rank(c.input(0)) == 0) y = reshaped(c, y, {});
  define_like(c, 0, y, c.input(0));
}

// The last `count` dimensions of x are those of `v`, without broadcasting.
bool is_whole(NodeImport& c, ir::ValueId v, ir::ValueId x, int32_t count) {
  const ShapeBounds &s = c.shape(v), &full = c.shape(x);
  if (s.rank != count) return false;
  for (int i = 0; i < count; ++i) {
    Dim a = s.dims[i], b = full.dims[full.rank - count + i];
    if (!a.is_static() || !b.is_static() || a.max != b.max) return false;
  }
  return true;
}

Axes last_axes(int32_t rank, int32_t first) {
  Axes axes(static_cast<size_t>(rank - first));
  std::iota(axes.begin(), axes.end(), first);
  return axes;
}

ir::ValueId inverse_std(NodeImport& c, ir::ValueId centred, const Axes& axes, float epsilon) {
  ir::ValueId squares =
      reduced(c, kMoteReduceMean, binary(c, op_code::mul, centred, centred), axes);
  return math(c, kMoteRsqrt, binary(c, op_code::add, squares, epsilon));
}

// Operands of a normalization over the dimensions from `axis` on.
struct RowNorm {
  ir::ValueId x = ir::kNone, scale = ir::kNone, bias = ir::kNone;
  int32_t axis = 0;
  float epsilon = 0;
};

ir::ValueId row_norm(NodeImport& c, uint16_t op, const RowNorm& n) {
  const int32_t count = c.rank(n.x) - n.axis;
  NormalizeAttrs a{count, 0, n.epsilon};
  bool inside = (n.scale == ir::kNone || is_whole(c, n.scale, n.x, count)) &&
                (n.bias == ir::kNone || is_whole(c, n.bias, n.x, count));
  if (inside && op == op_code::layer_norm) return c.build().node(op, a, {n.x, n.scale, n.bias});
  if (inside) return c.build().node(op, a, {n.x, n.scale});
  ir::ValueId y = c.build().node(op, a, {n.x});
  if (n.scale != ir::kNone) y = binary(c, op_code::mul, y, n.scale);
  return n.bias == ir::kNone ? y : binary(c, op_code::add, y, n.bias);
}

// Mean and 1 / standard deviation, where somebody wants them.
void define_statistics(NodeImport& c, const RowNorm& n, size_t mean_output, size_t inverse_output) {
  const Axes axes = last_axes(c.rank(n.x), n.axis);
  if (!c.has_output(mean_output) && !c.has_output(inverse_output)) return;
  ir::ValueId mean = reduced(c, kMoteReduceMean, n.x, axes);
  if (c.has_output(mean_output)) c.define(mean_output, mean);
  if (c.has_output(inverse_output))
    c.define(inverse_output, inverse_std(c, binary(c, op_code::sub, n.x, mean), axes, n.epsilon));
}

bool read_epsilon(NodeImport& c, float fallback, float* epsilon) {
  *epsilon = c.attr_float("epsilon", fallback);
  if (*epsilon >= 0 && *epsilon <= FLT_MAX) return true;
  c.error("epsilon must be finite and not negative");
  return false;
}

bool read_row_norm(NodeImport& c, RowNorm* n) {
  n->x = float_input(c, 0);
  n->scale = float_input(c, 1);
  if (c.failed() || !read_epsilon(c, 1e-5f, &n->epsilon)) return false;
  n->axis = c.axis(c.attr_int("axis", -1), c.rank(n->x));
  return !c.failed();
}

// x [n, c, places...] with the channels last, and back.
Axes channels_last_order(int32_t rank) { return order_with_last(rank, {1}); }

// `groups` 0: as many as channels.
void define_group_norm(NodeImport& c, int64_t groups, bool scale_of_groups) {
  RowNorm n;
  n.x = float_input(c, 0);
  n.scale = float_input(c, 1);
  n.bias = float_input(c, 2);
  if (c.failed() || !read_epsilon(c, 1e-5f, &n.epsilon)) return;
  const int32_t rank = c.rank(n.x);
  Dim channels = rank < 2 ? Dim{} : c.shape(n.x).dims[1];
  if (rank < 2 || !channels.is_static()) return c.error("the channels must be of a static size");
  if (groups == 0) groups = channels.max;
  if (groups < 1 || groups > channels.max || channels.max % groups != 0)
    return c.error(std::to_string(groups) + " groups of " + std::to_string(channels.max) +
                   " channels");
  const auto g = static_cast<int32_t>(groups), each = channels.max / g;
  auto to_channels = [&](ir::ValueId v) {
    if (!scale_of_groups || each == 1) return v;
    ir::ValueId ones = c.build().constant(ir::shape_of({g, each}), 1);
    return reshaped(c, binary(c, op_code::mul, reshaped(c, v, {g, 1}), ones), {channels.max});
  };
  const Axes order = channels_last_order(rank);
  ir::ValueId y =
      c.build().node(op_code::group_norm, NormalizeAttrs{0, g, n.epsilon},
                     {reordered(c, n.x, order), to_channels(n.scale), to_channels(n.bias)});
  define_like(c, 0, reordered(c, y, inverse_order(order)), c.input(0));
}

// Inputs: input, skip, gamma, further ones. The sum that is normalized is output 3.
void import_skip_norm(NodeImport& c, uint16_t op, size_t beta, size_t bias) {
  RowNorm n;
  ir::ValueId x = float_input(c, 0), skip = float_input(c, 1);
  n.scale = float_input(c, 2);
  n.bias = beta == 0 ? ir::kNone : optional_float_input(c, beta);
  ir::ValueId added = optional_float_input(c, bias);
  if (c.failed() || !read_epsilon(c, 1e-12f, &n.epsilon)) return;
  if (c.rank(x) < 1) return c.error("the input is a scalar");
  n.x = binary(c, op_code::add, x, skip);
  if (added != ir::kNone) n.x = binary(c, op_code::add, n.x, added);
  if (c.failed()) return;
  n.axis = c.rank(n.x) - 1;
  define_like(c, 0, row_norm(c, op, n), c.input(0));
  define_statistics(c, n, 1, 2);
  if (c.has_output(3)) define_like(c, 3, n.x, c.input(0));
}

}  // namespace

void import_softmax(NodeImport& c) { import_softmax_as(c, op_code::softmax); }
void import_log_softmax(NodeImport& c) { import_softmax_as(c, op_code::log_softmax); }

void import_layer_normalization(NodeImport& c) {
  RowNorm n;
  if (!read_row_norm(c, &n)) return;
  n.bias = optional_float_input(c, 2);
  if (c.failed()) return;
  define_like(c, 0, row_norm(c, op_code::layer_norm, n), c.input(0));
  define_statistics(c, n, 1, 2);
}

void import_rms_normalization(NodeImport& c) {
  RowNorm n;
  if (!read_row_norm(c, &n)) return;
  define_like(c, 0, row_norm(c, op_code::rms_norm, n), c.input(0));
  if (c.has_output(1)) c.define(1, inverse_std(c, n.x, last_axes(c.rank(n.x), n.axis), n.epsilon));
}

void import_skip_layer_normalization(NodeImport& c) {
  import_skip_norm(c, op_code::layer_norm, 3, 4);
}
void import_skip_simplified_layer_normalization(NodeImport& c) {
  import_skip_norm(c, op_code::rms_norm, 0, 3);
}

void import_instance_normalization(NodeImport& c) { define_group_norm(c, 0, false); }
void import_group_normalization(NodeImport& c) {
  const int64_t groups = c.attr_int("num_groups", -1);
  if (groups < 1) return c.error("num_groups must be at least 1");
  define_group_norm(c, groups, c.opset() < 21);
}

void import_mean_variance_normalization(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  if (c.failed()) return;
  Axes axes;
  for (int64_t a : c.attr_ints("axes", {0, 2, 3})) axes.push_back(c.axis(a, c.rank(x)));
  std::sort(axes.begin(), axes.end());
  if (c.failed()) return;
  if (axes.empty() || std::adjacent_find(axes.begin(), axes.end()) != axes.end())
    return c.error("axes must be given once each");
  const Axes order = order_with_last(c.rank(x), axes);
  // The specification adds 1e-9 to the standard deviation.
  NormalizeAttrs a{static_cast<int32_t>(axes.size()), 0, 1e-18f};
  ir::ValueId y = c.build().node(op_code::layer_norm, a, {reordered(c, x, order)});
  define_like(c, 0, reordered(c, y, inverse_order(order)), c.input(0));
}

void import_lp_normalization(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  if (c.failed()) return;
  const int32_t axis = c.axis(c.attr_int("axis", -1), c.rank(x));
  const int64_t p = c.attr_int("p", 2);
  if (c.failed()) return;
  if (p != 1 && p != 2) return c.error("p must be 1 or 2");
  if (p == 1) {
    // A row of zeros stays one.
    ir::ValueId norm = binary(c, op_code::maximum, reduced(c, kMoteReduceL1, x, {axis}), FLT_MIN);
    return define_like(c, 0, binary(c, op_code::div, x, norm), c.input(0));
  }
  const Axes order = order_with_last(c.rank(x), {axis});
  ir::ValueId y =
      c.build().node(op_code::l2_normalize, NormalizeAttrs{1, 0, 0}, {reordered(c, x, order)});
  define_like(c, 0, reordered(c, y, inverse_order(order)), c.input(0));
}

void import_lrn(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  if (c.failed()) return;
  const int64_t size = c.attr_int("size", 0);
  if (size < 1 || size > 65535) return c.error("size must be in [1, 65535]");
  if (c.rank(x) < 2) return c.error("the input has no channels");
  LocalResponseNormAttrs a{};
  a.before = static_cast<int32_t>((size - 1) / 2);
  a.after = static_cast<int32_t>(size / 2);
  a.alpha = c.attr_float("alpha", 1e-4f) / static_cast<float>(size);
  a.beta = c.attr_float("beta", 0.75f);
  a.bias = c.attr_float("bias", 1);
  const Axes order = channels_last_order(c.rank(x));
  ir::ValueId y = c.build().node(op_code::local_response_norm, a, {reordered(c, x, order)});
  define_like(c, 0, reordered(c, y, inverse_order(order)), c.input(0));
}

}  // namespace mote::onnx_import
