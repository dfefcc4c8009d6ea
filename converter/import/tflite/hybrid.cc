// Products of float activations and int8 weights (dynamic range quantization): the weights stay
// int8 in the file, and each row of the activations is quantized at run by its own largest
// magnitude, as in LiteRT's kernels for these operands.
#include <cfloat>

#include "import/tflite/op_import.h"

namespace mote::tflite_import {
namespace {

constexpr float kLargest = 127;  // stored magnitude: symmetric

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
  ir::ValueId math(int32_t kind, ir::ValueId x, const char* suffix) {
    return node(op_code::math, MathAttrs{kind}, {x}, suffix);
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
  if (!c.importer().source().visit(c.value(o.weights).quantization.scales.size()))
    return c.fail_silently();
  Steps s(c, c.value(o.y).name);
  ReduceAttrs rows{};
  rows.kind = kMoteReduceMax;
  rows.axes[rows.axis_count++] = c.value(o.x).shape.rank - 1;
  rows.keep_dims = 1;
  ir::ValueId largest = s.node(op_code::reduce, rows, {s.math(kMoteAbs, o.x, "/abs")}, "/largest");
  ir::ValueId step = s.binary(op_code::mul, largest, s.number(1 / kLargest, "/of_127"), "/step");
  // Of a row of zeros any scale will do.
  ir::ValueId scale = s.binary(op_code::maximum, step, s.number(FLT_MIN, "/least"), "/scale");
  ir::ValueId rounded =
      s.math(kMoteRound, s.binary(op_code::div, o.x, scale, "/steps"), "/rounded");
  ir::ValueId sum = s.node(op_code::batch_matmul, BatchMatmulAttrs{0, transpose_weights ? 1 : 0},
                           {s.cast(rounded, "/int8", Type::int8), stored_weights(c, o.weights)},
                           "/sum", Type::int32);
  ir::ValueId real = s.cast(sum, "/sum_float", Type::float32);
  real = s.binary(op_code::mul, real, scale, "/of_rows");
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
