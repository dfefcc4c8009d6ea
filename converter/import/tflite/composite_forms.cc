// Composites of the "odml" namespace as whole operators. What a name promises is not taken on
// trust: both forms are run on random numbers.
#include <flatbuffers/flexbuffers.h>

#include <cmath>
#include <random>

#include "base/interval.h"
#include "import/tflite/composite.h"
#include "ir/builder.h"
#include "ir/evaluator.h"

namespace mote::tflite_import {
namespace {

// What the two forms may differ by, relative above 1.
constexpr double kTolerance = 1e-5;
// Products of the largest composite that is tried: some seconds of the reference kernels.
constexpr int64_t kMostProducts = int64_t{1} << 28;

class Form {
 public:
  Form(const std::string& name, const flexbuffers::Map& attributes, ir::Graph& graph, Builder& g)
      : name_(name), attributes_(attributes), graph_(graph), g_(g) {}

  // kNone when the composite is unknown.
  ir::ValueId make() {
    if (name_ == "odml.scaled_dot_product_attention") return attention();
    if (name_ == "odml.rms_norm") return norm(op_code::rms_norm, 2);
    if (name_ == "odml.layer_norm") return norm(op_code::layer_norm, 3);
    if (name_ == "odml.group_norm") return group_norm();
    if (name_ == "odml.l2_norm") return l2_norm();
    return ir::kNone;
  }

 private:
  ir::ValueId in(size_t i) const { return graph_.inputs[i].value; }
  size_t inputs() const { return graph_.inputs.size(); }
  const ShapeBounds& shape(size_t i) const { return g_.shape(in(i)); }
  float real(const char* name, float fallback) const {
    flexbuffers::Reference r = attributes_[name];
    return r.IsNumeric() ? r.AsFloat() : fallback;
  }
  int64_t integer(const char* name, int64_t fallback) const {
    flexbuffers::Reference r = attributes_[name];
    return r.IsIntOrUint() ? r.AsInt64() : fallback;
  }
  bool is_last(const char* name, int32_t rank) const {
    int64_t axis = integer(name, -1);
    return axis == -1 || axis == rank - 1;
  }
  std::vector<ir::ValueId> all() const {
    std::vector<ir::ValueId> v;
    for (size_t i = 0; i < inputs(); ++i) v.push_back(in(i));
    return v;
  }

  // q, k, v of [batch, length, heads, depth].
  ir::ValueId attention() {
    if (inputs() < 3 || inputs() > 4) return ir::kNone;
    std::vector<ir::ValueId> operands = all();
    for (size_t i = 0; i < 3; ++i) {
      if (shape(i).rank != 4) return ir::kNone;
      operands[i] = g_.transpose(in(i), {0, 2, 1, 3});
    }
    int64_t products = element_count(shape(0)).max;
    if (!checked_mul(products, shape(1).dims[1].max, &products) || products > kMostProducts)
      return ir::kNone;
    AttentionAttrs a{real("scale", 0), real("logit_cap", 0), kMoteCausalNone};
    return g_.transpose(g_.node(op_code::attention, a, operands), {0, 2, 1, 3});
  }

  ir::ValueId norm(uint16_t op, size_t most) {
    if (inputs() < 1 || inputs() > most || shape(0).rank < 1) return ir::kNone;
    int32_t axes = inputs() > 1 ? shape(1).rank : 1;
    return g_.node(op, NormalizeAttrs{axes, 0, real("epsilon", 0)}, all());
  }

  ir::ValueId group_norm() {
    int64_t groups = integer("num_groups", 0);
    if (inputs() < 1 || inputs() > 3 || groups < 1 || groups > INT32_MAX ||
        !is_last("channel_axis", shape(0).rank))
      return ir::kNone;
    NormalizeAttrs a{0, static_cast<int32_t>(groups), real("epsilon", 0)};
    return g_.node(op_code::group_norm, a, all());
  }

  // x / sqrt(sum of squares + epsilon)
  ir::ValueId l2_norm() {
    if (inputs() != 1 || shape(0).rank < 1 || !is_last("axis", shape(0).rank)) return ir::kNone;
    const Dim last = shape(0).dims[shape(0).rank - 1];
    if (!last.is_static()) return ir::kNone;
    const auto n = static_cast<float>(last.max);
    ir::ValueId scale = g_.constant(ir::shape_of({last.max}), 1 / std::sqrt(n));
    return g_.node(op_code::rms_norm, NormalizeAttrs{1, 0, real("epsilon", 0) / n}, {in(0), scale});
  }

  const std::string& name_;
  const flexbuffers::Map& attributes_;
  ir::Graph& graph_;
  Builder& g_;
};

// Elements of an operand: its own where it is constant, else of [-1, 1).
Evaluated operand_data(const ir::Value& v, std::mt19937& engine) {
  Evaluated e{v.shape.max(), {}};
  if (v.data != nullptr) {
    e.bytes = *v.data;
    return e;
  }
  std::vector<float> elements(static_cast<size_t>(e.shape.elements()));
  for (float& x : elements) x = static_cast<float>(engine() >> 8) * 0x1p-23f - 1;
  e.bytes.resize(elements.size() * sizeof(float));
  memcpy(e.bytes.data(), elements.data(), e.bytes.size());
  return e;
}

bool close(const Evaluated& a, const Evaluated& b) {
  if (!(a.shape == b.shape) || a.bytes.size() != b.bytes.size()) return false;
  for (size_t i = 0; i < a.bytes.size(); i += sizeof(float)) {
    float x, y;
    memcpy(&x, a.bytes.data() + i, sizeof x);
    memcpy(&y, b.bytes.data() + i, sizeof y);
    double bound = kTolerance * std::fmax(1, std::fabs(static_cast<double>(y)));
    if (!(std::fabs(static_cast<double>(x) - static_cast<double>(y)) <= bound)) return false;
  }
  return true;
}

bool give_the_same(const ir::Graph& whole, const ir::Graph& body,
                   const std::vector<const ir::Value*>& operands) {
  std::mt19937 engine(1);
  std::vector<Evaluated> inputs;
  for (const ir::Value* v : operands) inputs.push_back(operand_data(*v, engine));
  Diagnostics ignored;
  std::vector<Evaluated> a = evaluate(whole, inputs, ignored), b = evaluate(body, inputs, ignored);
  return a.size() == 1 && b.size() == 1 && close(a[0], b[0]);
}

bool is_static_float(const ir::Value& v) {
  return v.type == Type::float32 && v.shape.is_static() &&
         element_count(v.shape).max <= kMostProducts / 16;
}

}  // namespace

std::optional<ir::Graph> whole_operator(const std::string& name, Span<const uint8_t> attributes,
                                        const ir::Graph& body,
                                        const std::vector<const ir::Value*>& operands) {
  if (name.rfind("odml.", 0) != 0 || body.outputs.size() != 1) return std::nullopt;
  for (const ir::Value* v : operands)
    if (!is_static_float(*v)) return std::nullopt;
  if (!is_static_float(body.value(body.outputs[0].value))) return std::nullopt;
  if (attributes.size < 3 || !flexbuffers::VerifyBuffer(attributes.data, attributes.size))
    return std::nullopt;
  flexbuffers::Reference root = flexbuffers::GetRoot(attributes.data, attributes.size);
  if (!root.IsMap()) return std::nullopt;
  const flexbuffers::Map map = root.AsMap();

  ir::Graph whole;
  whole.name = body.name;
  for (const ir::Port& port : body.inputs) {
    ir::Value v = body.value(port.value);
    whole.inputs.push_back({port.name, whole.add_value(std::move(v))});
  }
  Diagnostics refused;
  Builder g(whole, refused);
  g.set_scope(name);
  ir::ValueId y = Form(name, map, whole, g).make();
  if (y == ir::kNone || g.failed()) return std::nullopt;
  whole.outputs.push_back({body.outputs[0].name, y});
  if (!give_the_same(whole, body, operands)) return std::nullopt;
  return whole;
}

}  // namespace mote::tflite_import
