// QuantizeLinear, DequantizeLinear and the operators on stored integers: QLinearConv,
// QLinearMatMul, ConvInteger, MatMulInteger.
//
// Sums of products of stored integers are computed in float32 where they stay below 2^24, and so
// are exact in any order; longer ones in parts that are added as int32.
#include <algorithm>
#include <cmath>

#include "import/onnx/conv.h"
#include "import/onnx/float_steps.h"
#include "import/onnx/qlinear.h"
#include "import/onnx/quantization.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

constexpr double kExact = 1 << 24;

struct Limits {
  float low, high;
};

std::optional<Limits> limits_of(NodeImport& c, Type type) {
  switch (type) {
    case Type::int8:
      return Limits{-128, 127};
    case Type::uint8:
      return Limits{0, 255};
    case Type::int16:
      return Limits{-32768, 32767};
    default:
      c.error(std::string("quantization to ") + type_name(type),
              "int8, uint8 and int16 are supported");
      return std::nullopt;
  }
}

ir::ValueId in_float(NodeImport& c, ir::ValueId v) { return as_type(c, v, Type::float32); }

// A scale or zero point of rank 1 along dimension `axis` of `rank`; of one element, as it is.
ir::ValueId along(NodeImport& c, ir::ValueId v, int32_t axis, int32_t rank) {
  const ShapeBounds& s = c.shape(v);
  if (s.rank != 1) return v;
  if (s.dims[0].max == 1) return reshaped(c, v, {});
  if (axis < 0 || axis >= rank) {
    c.error("scales or zero points along a dimension of a tensor of rank " + std::to_string(rank));
    return ir::kNone;
  }
  std::vector<int32_t> dims(static_cast<size_t>(rank), 1);
  dims[static_cast<size_t>(axis)] = size_of(s.dims[0]);
  return reshaped(c, v, dims);
}

// Each element of `v` for `block` elements of x along the axis.
ir::ValueId spread(NodeImport& c, ir::ValueId v, int32_t axis, int64_t block, ir::ValueId x) {
  const ShapeBounds in = c.shape(v), whole = c.shape(x);
  if (in.rank != whole.rank || !in.is_static() || !whole.dims[axis].is_static() || block < 1 ||
      block * in.dims[axis].max < whole.dims[axis].max ||
      block * (in.dims[axis].max - 1) >= whole.dims[axis].max) {
    c.error("scales of shape " + ir::shape_text(in) + " for blocks of " + std::to_string(block) +
            " in " + ir::shape_text(whole));
    return ir::kNone;
  }
  SizesAttrs tile{};
  std::vector<int32_t> merged;
  for (int i = 0; i < in.rank; ++i) {
    tile.sizes[tile.count++] = 1;
    if (i == axis) tile.sizes[tile.count++] = static_cast<int32_t>(block);
    merged.push_back(in.dims[i].max * (i == axis ? static_cast<int32_t>(block) : 1));
  }
  v = c.insert_ones(v, {axis + 1});
  if (v == ir::kNone) return v;
  v = reshaped(c, c.build().node(op_code::tile, tile, {v}, c.type(v)), merged);
  return c.slice_axis(v, axis, 0, whole.dims[axis].max);
}

// The shape of scale and zero point in the operators that take an axis and, later, blocks.
ir::ValueId parameter(NodeImport& c, ir::ValueId v, ir::ValueId x) {
  const int64_t block = c.attr_int("block_size", 0);
  if (v == ir::kNone || c.failed()) return ir::kNone;
  if (c.rank(v) == 0 || (c.rank(v) == 1 && c.shape(v).dims[0].max == 1))
    return along(c, v, 0, c.rank(x));
  const int32_t axis = c.axis(c.attr_int("axis", 1), c.rank(x));
  if (axis < 0) return ir::kNone;
  return block != 0 ? spread(c, v, axis, block, x) : along(c, v, axis, c.rank(x));
}

// One scale for all of `x`, or one per element of a dimension.
std::optional<ir::Quantization> known_parameters(NodeImport& c, ir::ValueId scale,
                                                 ir::ValueId zero_point, Type type, ir::ValueId x) {
  if (c.attr_int("block_size", 0) != 0) return std::nullopt;
  const bool single = c.rank(scale) == 0 || c.shape(scale).dims[0].max == 1;
  const int32_t axis = single ? 0 : c.axis(c.attr_int("axis", 1), c.rank(x));
  return axis < 0 ? std::nullopt : known_quantization(c, scale, zero_point, type, axis);
}

// saturate(round(v) + zero_point) as `type`.
ir::ValueId stored(NodeImport& c, ir::ValueId v, ir::ValueId zero_point, Type type) {
  auto limits = limits_of(c, type);
  if (!limits || c.failed()) return ir::kNone;
  v = math(c, kMoteRound, v);
  if (zero_point != ir::kNone) v = binary(c, op_code::add, v, in_float(c, zero_point));
  v = c.build().node(op_code::activation, ActivationAttrs{kMoteClip, limits->low, limits->high},
                     {v}, Type::float32);
  return as_type(c, v, type);
}

// ---- Exact sums ----

// An operand less its zero point, and the largest value that it can have.
struct Centred {
  ir::ValueId value = ir::kNone;
  double largest = 0;
};

Centred centred(NodeImport& c, ir::ValueId v, ir::ValueId zero_point) {
  auto limits = limits_of(c, c.type(v));
  if (!limits) return {};
  double low = limits->low, high = limits->high;
  const double span = high - low;
  double largest = span;
  if (zero_point == ir::kNone) largest = std::max(std::fabs(low), high);
  Centred out{in_float(c, v), largest};
  if (zero_point != ir::kNone)
    out.value = binary(c, op_code::sub, out.value, in_float(c, zero_point));
  if (!c.is_constant(out.value)) return out;
  out.largest = 0;
  const ir::Value& known = c.value(out.value);
  for (size_t i = 0; i < known.data->size() / sizeof(float); ++i)
    out.largest = std::max(out.largest, static_cast<double>(std::fabs(known.as<float>()[i])));
  return out;
}

// How many products may be added exactly.
int64_t exact_terms(const Centred& a, const Centred& b) {
  return static_cast<int64_t>(kExact / std::max(a.largest * b.largest, 1.0));
}

// More parts would be a graph larger than the model.
constexpr int64_t kMostParts = 256;

bool few_parts(NodeImport& c, int64_t terms, int64_t each) {
  if (each >= 1 && (terms + each - 1) / each <= kMostParts) return true;
  c.error("sums of " + std::to_string(terms) + " products are not exact in float32",
          "use the int8 operators of a quantized model instead");
  return false;
}

// a [..., m, k] times b [..., k, n] as int32.
ir::ValueId exact_product(NodeImport& c, const Centred& a, const Centred& b) {
  const int32_t rank_a = c.rank(a.value), rank_b = c.rank(b.value);
  const Dim k = c.shape(a.value).dims[rank_a - 1];
  const int64_t each = exact_terms(a, b);
  if (!few_parts(c, k.max, each)) return ir::kNone;
  if (k.max > each && !k.is_static()) {
    c.error("a long sum over a dynamic size", "make the sizes static");
    return ir::kNone;
  }
  ir::ValueId sum = ir::kNone;
  for (int64_t begin = 0; begin < k.max && !c.failed(); begin += each) {
    const bool whole = each >= k.max;
    ir::ValueId x = whole ? a.value : c.slice_axis(a.value, rank_a - 1, begin, begin + each);
    ir::ValueId y = whole ? b.value : c.slice_axis(b.value, rank_b - 2, begin, begin + each);
    ir::ValueId part = as_type(
        c, c.build().node(op_code::batch_matmul, BatchMatmulAttrs{0, 0}, {x, y}, Type::float32),
        Type::int32);
    sum = sum == ir::kNone ? part : binary(c, op_code::add, sum, part);
  }
  return c.failed() ? ir::kNone : sum;
}

// The convolution of x [n, c, ...] by weights [m, c / groups, ...] as int32.
ir::ValueId exact_convolution(NodeImport& c, const Centred& x, const Centred& w, int64_t groups) {
  const ShapeBounds shape = c.shape(w.value);
  if (shape.rank < 3 || !shape.is_static() || c.rank(x.value) != shape.rank) {
    c.error("weights of shape " + ir::shape_text(shape));
    return ir::kNone;
  }
  double taps = 1;
  for (int i = 2; i < shape.rank; ++i) taps *= shape.dims[i].max;
  const int64_t channels = shape.dims[1].max;
  const auto each = static_cast<int64_t>(static_cast<double>(exact_terms(x, w)) / taps);
  if (each >= channels)
    return as_type(c, convolution(c, {x.value, w.value, ir::kNone, groups}), Type::int32);
  if (groups != 1) {
    c.error("sums of products over a group are not exact in float32",
            "use the int8 operators of a quantized model instead");
    return ir::kNone;
  }
  if (!few_parts(c, channels, each)) return ir::kNone;
  ir::ValueId sum = ir::kNone;
  for (int64_t begin = 0; begin < channels && !c.failed(); begin += each) {
    ir::ValueId part =
        convolution(c, {c.slice_axis(x.value, 1, begin, begin + each),
                        c.slice_axis(w.value, 1, begin, begin + each), ir::kNone, 1});
    if (c.failed()) break;
    part = as_type(c, part, Type::int32);
    sum = sum == ir::kNone ? part : binary(c, op_code::add, sum, part);
  }
  return c.failed() ? ir::kNone : sum;
}

bool needs_matrices(NodeImport& c, ir::ValueId a, ir::ValueId b) {
  if (c.rank(a) >= 2 && c.rank(b) >= 2) return true;
  c.error("operands of rank " + std::to_string(c.rank(a)) + " and " + std::to_string(c.rank(b)) +
              ", expected at least 2",
          "give vectors a dimension of size 1");
  return false;
}

// A zero point per row of the left matrix, or per column of the right one.
ir::ValueId matrix_parameter(NodeImport& c, ir::ValueId v, ir::ValueId matrix, bool per_row) {
  if (v == ir::kNone) return v;
  return along(c, v, c.rank(matrix) - (per_row ? 2 : 1), c.rank(matrix));
}

// (x_scale * w_scale) / y_scale, in float32 in that order.
ir::ValueId multiplier(NodeImport& c, ir::ValueId x_scale, ir::ValueId w_scale,
                       ir::ValueId y_scale) {
  return binary(c, op_code::div, binary(c, op_code::mul, x_scale, w_scale), y_scale);
}

}  // namespace

void import_quantize_linear(NodeImport& c) {
  ir::ValueId x = float_input(c, 0), scale = float_input(c, 1);
  if (c.failed()) return;
  ir::ValueId zero_point = c.optional_input(2);
  Type type = zero_point != ir::kNone ? c.type(zero_point) : Type::uint8;
  if (zero_point == ir::kNone && c.attr_int("output_dtype", 0) != 0) {
    auto given = c.type_of(c.attr_int("output_dtype", 0));
    if (!given) return;
    type = *given;
  }
  auto known = known_parameters(c, scale, zero_point, type, x);
  if (known && known->scales.size() == 1 && !c.is_constant(x)) {
    ir::ValueId y = quantized(c, x, type, *known);
    return c.failed() ? void() : c.define(0, y);
  }
  ir::ValueId s = parameter(c, scale, x);
  ir::ValueId z = zero_point == ir::kNone ? ir::kNone : parameter(c, zero_point, x);
  if (c.failed()) return;
  c.define(0, stored(c, binary(c, op_code::div, x, s), z, type));
}

void import_dequantize_linear(NodeImport& c) {
  ir::ValueId x = c.input(0), scale = c.input(1);
  if (c.failed()) return;
  ir::ValueId zero_point = c.optional_input(2);
  auto known = known_parameters(c, scale, zero_point, c.type(x), x);
  if (known && known->scales.size() == 1 && !c.is_constant(x)) {
    ir::ValueId real = dequantized(c, x, *known);
    return c.failed() ? void() : c.define(0, real);
  }
  ir::ValueId s = parameter(c, in_float(c, scale), x);
  ir::ValueId y = in_float(c, x);
  if (zero_point != ir::kNone)
    y = binary(c, op_code::sub, y, in_float(c, parameter(c, zero_point, x)));
  if (c.failed()) return;
  y = binary(c, op_code::mul, y, s);
  if (known && !c.failed()) note_stored_scales(c, y, c.type(x), *known);
  if (!c.failed()) define_like(c, 0, y, scale);
}

void import_matmul_integer(NodeImport& c) {
  ir::ValueId a = c.input(0), b = c.input(1);
  if (c.failed() || !needs_matrices(c, a, b)) return;
  ir::ValueId za = matrix_parameter(c, c.optional_input(2), a, true);
  ir::ValueId zb = matrix_parameter(c, c.optional_input(3), b, false);
  if (c.failed()) return;
  Centred x = centred(c, a, za), y = centred(c, b, zb);
  if (!c.failed()) c.define(0, exact_product(c, x, y));
}

void import_conv_integer(NodeImport& c) {
  ir::ValueId x = c.input(0), w = c.input(1);
  if (c.failed()) return;
  ir::ValueId zx = c.optional_input(2), zw = c.optional_input(3);
  if (zx != ir::kNone) zx = along(c, zx, 0, c.rank(x));
  if (zw != ir::kNone && c.rank(w) > 0) zw = along(c, zw, 0, c.rank(w));
  if (c.failed()) return;
  Centred a = centred(c, x, zx), b = centred(c, w, zw);
  if (!c.failed()) c.define(0, exact_convolution(c, a, b, c.attr_int("group", 1)));
}

void import_qlinear_matmul(NodeImport& c) {
  if (lower_qlinear_matmul(c)) return;
  ir::ValueId a = c.input(0), b = c.input(3);
  ir::ValueId sa = float_input(c, 1), sb = float_input(c, 4), sy = float_input(c, 6);
  ir::ValueId za = c.input(2), zb = c.input(5), zy = c.input(7);
  if (c.failed() || !needs_matrices(c, a, b)) return;
  Centred x = centred(c, a, matrix_parameter(c, za, a, true));
  Centred y = centred(c, b, matrix_parameter(c, zb, b, false));
  if (c.failed()) return;
  ir::ValueId sum = exact_product(c, x, y);
  if (c.failed()) return;
  ir::ValueId m = multiplier(c, matrix_parameter(c, sa, a, true), matrix_parameter(c, sb, b, false),
                             matrix_parameter(c, sy, sum, true));
  if (c.failed()) return;
  ir::ValueId scaled = binary(c, op_code::mul, in_float(c, sum), m);
  c.define(0, stored(c, scaled, matrix_parameter(c, zy, sum, true), c.type(zy)));
}

void import_qlinear_conv(NodeImport& c) {
  if (lower_qlinear_conv(c)) return;
  ir::ValueId x = c.input(0), w = c.input(3);
  ir::ValueId sx = float_input(c, 1), sw = float_input(c, 4), sy = float_input(c, 6);
  ir::ValueId zx = c.input(2), zw = c.input(5), zy = c.input(7);
  if (c.failed()) return;
  const int32_t rank = c.rank(w);
  if (rank < 3) return c.error("weights of rank " + std::to_string(rank));
  Centred a = centred(c, x, along(c, zx, 0, c.rank(x)));
  Centred b = centred(c, w, along(c, zw, 0, rank));
  if (c.failed()) return;
  ir::ValueId sum = exact_convolution(c, a, b, c.attr_int("group", 1));
  ir::ValueId bias = c.optional_input(8);
  if (c.failed()) return;
  if (bias != ir::kNone) sum = binary(c, op_code::add, sum, along(c, bias, 1, rank));
  ir::ValueId m =
      multiplier(c, along(c, sx, 0, rank), along(c, sw, 1, rank), along(c, sy, 0, rank));
  if (c.failed()) return;
  ir::ValueId scaled = binary(c, op_code::mul, in_float(c, sum), m);
  c.define(0, stored(c, scaled, along(c, zy, 0, rank), c.type(zy)));
}

}  // namespace mote::onnx_import
