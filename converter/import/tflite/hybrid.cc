// Products of float activations and int8 weights (dynamic range quantization): the weights stay
// int8 in the file, and each row of the activations is quantized at run by its own range, as by
// XNNPACK in LiteRT (operators qd8-f32-qc8w): equal to it but for a step where roundings differ.
#include <cfloat>

#include "import/tflite/op_import.h"

namespace mote::tflite_import {
namespace {

constexpr float kSteps = 255, kLowest = -128;
// Of a row, so that no step is a subnormal number.
constexpr float kLeastRange = FLT_MIN * 1024;

// Operators one after the other; each value is named after the product.
class Steps {
 public:
  Steps(OpImport& c, std::string name) : c_(c), name_(std::move(name)) {}

  template <class Attrs>
  ir::ValueId node(uint16_t op, const Attrs& attrs, std::vector<ir::ValueId> inputs,
                   const char* suffix, Type type = Type::float32) {
    if (c_.failed()) return ir::kNone;
    ir::ValueId y = c_.importer().new_value(name_ + suffix, type, {});
    return c_.emit(op, attrs, std::move(inputs), y) ? y : ir::kNone;
  }
  ir::ValueId cast(ir::ValueId x, const char* suffix, Type type) {
    if (c_.failed()) return ir::kNone;
    ir::ValueId y = c_.importer().new_value(name_ + suffix, type, {});
    return c_.emit(op_code::cast, {x}, y) ? y : ir::kNone;
  }
  ir::ValueId binary(uint16_t op, ir::ValueId a, ir::ValueId b, const char* suffix) {
    return node(op, BinaryAttrs{}, {a, b}, suffix);
  }
  ir::ValueId rounded(ir::ValueId x, const char* suffix) {
    return node(op_code::math, MathAttrs{kMoteRound}, {x}, suffix);
  }
  // MoteReduceKind over the last dimension, which stays.
  ir::ValueId of_rows(int32_t kind, ir::ValueId x, const char* suffix) {
    ReduceAttrs rows{};
    rows.kind = kind;
    rows.axes[rows.axis_count++] = c_.value(x).shape.rank - 1;
    rows.keep_dims = 1;
    return node(op_code::reduce, rows, {x}, suffix);
  }
  ir::ValueId number(float value, const char* suffix) {
    return c_.graph().add_constant(name_ + suffix, Type::float32, ir::shape_of({}),
                                   std::vector<float>{value});
  }

 private:
  OpImport& c_;
  const std::string name_;
};

// The stored bytes without their scales, which count behind the sum.
ir::ValueId stored_weights(OpImport& c, ir::ValueId weights) {
  ir::Value stored = c.value(weights);
  stored.name += "/stored";
  stored.quantization = {};
  return c.graph().add_value(std::move(stored));
}

ir::ValueId weight_scales(OpImport& c, ir::ValueId weights) {
  const std::vector<float> scales = c.value(weights).quantization.scales;
  ShapeBounds shape;
  if (scales.size() > 1) shape = ir::shape_of({static_cast<int32_t>(scales.size())});
  return c.graph().add_constant(c.value(weights).name + "/scale", Type::float32, shape, scales);
}

// Sums of the stored weights over k, as [..., 1, n].
ir::ValueId weight_sums(OpImport& c, ir::ValueId weights, bool transposed) {
  const ir::Value& w = c.value(weights);
  ShapeBounds shape = w.shape;
  const int32_t last = shape.rank - 1;
  const auto rows = static_cast<size_t>(shape.dims[last - 1].max);
  const auto columns = static_cast<size_t>(shape.dims[last].max);
  const size_t results = transposed ? rows : columns;
  std::vector<int32_t> sums(w.data->size() / (rows * columns) * results);
  for (size_t i = 0; i < w.data->size(); ++i) {
    const size_t matrix = i / (rows * columns), row = i / columns % rows;
    sums[matrix * results + (transposed ? row : i % columns)] += w.as<int8_t>()[i];
  }
  shape.dims[last - 1] = {1, 1};
  shape.dims[last].min = shape.dims[last].max = static_cast<int32_t>(results);
  const std::string name = w.name + "/sums";
  return c.graph().add_constant(name, Type::int32, shape, sums);
}

}  // namespace

bool is_hybrid(OpImport& c, ir::ValueId x, size_t weights) {
  // What is trained is float.
  if (c.importer().source().options().trainable) return false;
  if (x == ir::kNone || c.value(x).type != Type::float32) return false;
  if (c.value(x).kind != TensorKind::activation || c.value(x).shape.rank < 2) return false;
  ir::ValueId w = c.input(weights);
  if (w == ir::kNone) return false;
  const ir::Value& value = c.value(w);
  if (value.kind != TensorKind::constant || value.type != Type::int8) return false;
  if (value.shape.rank < 2) return false;
  const ir::Quantization& q = value.quantization;
  for (int32_t zero_point : q.zero_points)
    if (zero_point != 0) return false;
  // A scale per result: those of [n, k].
  const bool per_result = value.shape.rank == 2 && q.axis == 0 &&
                          q.scales.size() == static_cast<size_t>(value.shape.dims[0].max);
  return q.scales.size() == 1 || per_result;
}

void emit_hybrid_product(OpImport& c, const HybridOperands& o, bool transpose_weights,
                         int32_t activation) {
  if (c.failed()) return;
  // Shared weights are summed up for each operator.
  if (!c.importer().source().visit(c.value(o.weights).data->size())) return c.fail_silently();
  Steps s(c, c.value(o.y).name);
  // The range of a row, with 0 in it. Of a row of zeros any will do.
  ir::ValueId zero = s.number(0, "/zero");
  ir::ValueId low =
      s.binary(op_code::minimum, s.of_rows(kMoteReduceMin, o.x, "/min"), zero, "/low");
  ir::ValueId high =
      s.binary(op_code::maximum, s.of_rows(kMoteReduceMax, o.x, "/max"), zero, "/high");
  ir::ValueId range = s.binary(op_code::maximum, s.binary(op_code::sub, high, low, "/width"),
                               s.number(kLeastRange, "/least"), "/range");
  ir::ValueId per_unit = s.binary(op_code::div, s.number(kSteps, "/steps"), range, "/per_unit");
  // Stored: round(x * steps per unit) + zero point; a cast saturates.
  ir::ValueId shift = s.rounded(s.binary(op_code::mul, low, per_unit, "/low_steps"), "/shift");
  ir::ValueId zero_point =
      s.binary(op_code::sub, s.number(kLowest, "/lowest"), shift, "/zero_point");
  ir::ValueId steps = s.rounded(s.binary(op_code::mul, o.x, per_unit, "/x_steps"), "/x_rounded");
  ir::ValueId stored =
      s.cast(s.binary(op_code::add, steps, zero_point, "/x_stored"), "/x_int8", Type::int8);
  ir::ValueId sum = s.node(op_code::batch_matmul, BatchMatmulAttrs{0, transpose_weights ? 1 : 0},
                           {stored, stored_weights(c, o.weights)}, "/sum", Type::int32);
  // What the zero point adds to every product.
  ir::ValueId extra = s.node(op_code::mul, BinaryAttrs{},
                             {s.cast(zero_point, "/zero_int32", Type::int32),
                              weight_sums(c, o.weights, transpose_weights)},
                             "/extra", Type::int32);
  sum = s.node(op_code::sub, BinaryAttrs{}, {sum, extra}, "/exact", Type::int32);
  ir::ValueId scale = s.binary(op_code::mul, range, s.number(1 / kSteps, "/step"), "/scale");
  ir::ValueId real =
      s.binary(op_code::mul, s.cast(sum, "/exact_float", Type::float32), scale, "/of_rows");
  if (c.failed()) return;
  const BinaryAttrs last{activation, 0};
  ir::ValueId scales = weight_scales(c, o.weights);
  if (o.bias == ir::kNone) {
    c.emit(op_code::mul, last, {real, scales}, o.y);
    return;
  }
  ir::ValueId product = s.binary(op_code::mul, real, scales, "/product");
  if (product != ir::kNone) c.emit(op_code::add, last, {product, o.bias}, o.y);
}

}  // namespace mote::tflite_import
