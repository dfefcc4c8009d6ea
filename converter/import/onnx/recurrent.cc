// LSTM, GRU, RNN: an operator per direction.
#include <cctype>

#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

using ir::ValueId;

std::string lower(std::string s) {
  for (char& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

struct Activation {
  int32_t kind;
  float alpha, beta;
};

// The names, whether they take alpha and beta from the lists, and what they have otherwise.
struct NamedActivation {
  const char* name;
  bool alpha, beta;
  Activation f;
};
constexpr NamedActivation kActivations[] = {
    {"relu", false, false, {kMoteRelu, 0, 0}},
    {"tanh", false, false, {kMoteTanh, 0, 0}},
    {"sigmoid", false, false, {kMoteSigmoid, 0, 0}},
    {"affine", true, true, {kMoteRecurrentAffine, 1, 0}},
    {"leakyrelu", true, false, {kMoteLeakyRelu, 0.01f, 0}},
    {"thresholdedrelu", true, false, {kMoteThresholdedRelu, 1, 0}},
    {"scaledtanh", true, true, {kMoteRecurrentScaledTanh, 1, 1}},
    {"hardsigmoid", true, true, {kMoteHardSigmoid, 0.2f, 0.5f}},
    {"elu", true, false, {kMoteElu, 1, 0}},
    {"softsign", false, false, {kMoteSoftsign, 0, 0}},
    {"softplus", false, false, {kMoteSoftplus, 0, 0}}};

// What every direction of every operator has.
class Layer {
 public:
  // `gates`: blocks of rows in the weights; `activations`: the defaults of a direction.
  Layer(NodeImport& c, int32_t gates, std::vector<std::string> activations)
      : c_(c), gates_(gates), per_direction_(activations.size()) {
    read_attributes(std::move(activations));
    if (!c.failed()) read_operands();
  }

  int32_t directions() const { return directions_; }
  int32_t hidden() const { return hidden_; }
  ValueId x() const { return x_; }

  RecurrentAttrs attributes(int32_t direction) const {
    RecurrentAttrs a{};
    const Activation* f = &activations_[static_cast<size_t>(direction) * per_direction_];
    a.reverse = reverse_ || direction == 1 ? 1 : 0;
    a.time_major = layout_ == 0 ? 1 : 0;
    a.clip = clip_;
    a.gate_activation = f[0].kind;
    a.gate_alpha = f[0].alpha;
    a.gate_beta = f[0].beta;
    if (per_direction_ > 1) {
      a.cell_activation = f[1].kind;
      a.cell_alpha = f[1].alpha;
      a.cell_beta = f[1].beta;
    }
    if (per_direction_ > 2) {
      a.output_activation = f[2].kind;
      a.output_alpha = f[2].alpha;
      a.output_beta = f[2].beta;
    }
    return a;
  }

  // Operand `i` of one direction: of weights, whose directions stand in dimension 0, and of
  // states.
  ValueId weights(size_t i, int32_t direction) { return part(i, 0, direction); }
  ValueId state(size_t i, int32_t direction) { return part(i, layout_ == 0 ? 0 : 1, direction); }
  ValueId lengths() { return c_.optional_input(4); }

  // Blocks of `hidden` rows in another order.
  ValueId blocks(ValueId v, const std::vector<int32_t>& order) {
    if (v == ir::kNone || c_.failed()) return ir::kNone;
    std::vector<ValueId> parts;
    for (int32_t k : order)
      parts.push_back(c_.slice_axis(v, 0, int64_t{k} * hidden_, int64_t{k + 1} * hidden_));
    if (parts.size() == 1) return parts[0];
    return c_.build().node(op_code::concat, ConcatAttrs{}, parts, Type::float32);
  }
  ValueId sum(ValueId a, ValueId b) { return binary(c_, op_code::add, a, b); }

  // Outputs of the directions, in the order of the directions: y, then the last states.
  void define(const std::vector<std::vector<ValueId>>& outputs) {
    for (size_t i = 0; i < outputs[0].size(); ++i) {
      if (!c_.has_output(i)) continue;
      // y has the directions before the batch, or before the elements.
      const int32_t axis = layout_ == 0 ? (i == 0 ? 1 : 0) : (i == 0 ? 2 : 1);
      std::vector<ValueId> parts;
      for (const auto& direction : outputs) parts.push_back(c_.insert_ones(direction[i], {axis}));
      if (c_.failed()) return;
      ConcatAttrs join{};
      join.axis = axis;
      const ValueId v = parts.size() == 1
                            ? parts[0]
                            : c_.build().node(op_code::concat, join, parts, Type::float32);
      define_like(c_, i, v, c_.input(0));
    }
  }

 private:
  void read_attributes(std::vector<std::string> defaults) {
    const std::string direction = lower(c_.attr_string("direction", "forward"));
    directions_ = direction == "bidirectional" ? 2 : 1;
    reverse_ = direction == "reverse";
    if (directions_ == 1 && !reverse_ && direction != "forward")
      return c_.error("direction '" + direction + "' is unknown");
    layout_ = c_.attr_int("layout", 0);
    if (layout_ != 0 && layout_ != 1)
      return c_.error("layout " + std::to_string(layout_) + " is unknown");
    if (c_.opset() < 7)
      return c_.error("opset " + std::to_string(c_.opset()) + " is too old",
                      "convert the model to opset 7 or newer");
    clip_ = c_.attr_float("clip", 0);
    if (!(clip_ >= 0)) return c_.error("clip is negative");
    std::vector<std::string> names = c_.attr_strings("activations");
    const size_t count = per_direction_ * static_cast<size_t>(directions_);
    if (names.empty()) {
      names = defaults;
      if (directions_ == 2) names.insert(names.end(), defaults.begin(), defaults.end());
    }
    if (names.size() != count)
      return c_.error(std::to_string(names.size()) + " activations; expected " +
                      std::to_string(count));
    find_activations(names);
  }

  // The lists of alphas and betas hold those of the activations that take one, in order.
  void find_activations(const std::vector<std::string>& names) {
    const std::vector<float> alphas = c_.attr_floats("activation_alpha");
    const std::vector<float> betas = c_.attr_floats("activation_beta");
    size_t alpha = 0, beta = 0;
    for (const std::string& name : names) {
      const NamedActivation* found = nullptr;
      for (const NamedActivation& a : kActivations)
        if (lower(name) == a.name) found = &a;
      if (found == nullptr) return c_.error("activation '" + name + "' is not supported");
      Activation f = found->f;
      if (found->alpha && alpha < alphas.size()) f.alpha = alphas[alpha++];
      if (found->beta && beta < betas.size()) f.beta = betas[beta++];
      activations_.push_back(f);
    }
  }

  void read_operands() {
    x_ = float_input(c_, 0);
    const ValueId w = c_.input(1), r = c_.input(2);
    if (c_.failed()) return;
    const ShapeBounds &sw = c_.shape(w), &sr = c_.shape(r);
    bool fits = sw.rank == 3 && sr.rank == 3 && c_.rank(x_) == 3;
    for (int i = 0; fits && i < 3; ++i) fits = sw.dims[i].is_static() && sr.dims[i].is_static();
    fits = fits && sw.dims[0].max == directions_ && sr.dims[0].max == directions_ &&
           sr.dims[1].max == int64_t{gates_} * sr.dims[2].max && sw.dims[1].max == sr.dims[1].max;
    if (!fits)
      return c_.error("weights of shapes " + ir::shape_text(sw) + " and " + ir::shape_text(sr) +
                      " for an input of shape " + ir::shape_text(c_.shape(x_)));
    hidden_ = sr.dims[2].max;
  }

  ValueId part(size_t i, int32_t axis, int32_t direction) {
    const ValueId v = optional_float_input(c_, i);
    if (v == ir::kNone || c_.failed()) return ir::kNone;
    const ShapeBounds& s = c_.shape(v);
    if (s.rank <= axis || s.dims[axis].min != directions_ || s.dims[axis].max != directions_) {
      c_.error("input " + std::to_string(i) + " has shape " + ir::shape_text(s) + "; expected " +
               std::to_string(directions_) + " directions");
      return ir::kNone;
    }
    return c_.drop_ones(directions_ == 1 ? v : c_.slice_axis(v, axis, direction, direction + 1),
                        {axis});
  }

  NodeImport& c_;
  const int32_t gates_;
  const size_t per_direction_;
  int32_t directions_ = 1, hidden_ = 0;
  bool reverse_ = false;
  int64_t layout_ = 0;
  float clip_ = 0;
  std::vector<Activation> activations_;
  ValueId x_ = ir::kNone;
};

// The input's and the recurrent biases; kNone where there are none.
struct Biases {
  ValueId input = ir::kNone, recurrent = ir::kNone;
};
Biases biases(NodeImport& c, Layer& l, int32_t direction, const std::vector<int32_t>& order,
              int32_t gates) {
  const ValueId both = l.weights(3, direction);
  if (both == ir::kNone || c.failed()) return {};
  const Dim size = c.rank(both) == 1 ? c.shape(both).dims[0] : Dim{};
  if (!size.is_static() || size.max != int64_t{2} * gates * l.hidden()) {
    c.error("biases of shape " + ir::shape_text(c.shape(both)) + " do not fit the weights");
    return {};
  }
  std::vector<int32_t> second = order;
  for (int32_t& k : second) k += gates;
  return {l.blocks(both, order), l.blocks(both, second)};
}

std::vector<ValueId> lstm(NodeImport& c, Layer& l, int32_t direction, bool coupled) {
  // ONNX's rows are input, output, forget, cell.
  const std::vector<int32_t> order =
      coupled ? std::vector<int32_t>{0, 3, 1} : std::vector<int32_t>{0, 2, 3, 1};
  const std::vector<int32_t> places =
      coupled ? std::vector<int32_t>{0, 1} : std::vector<int32_t>{0, 2, 1};
  RecurrentAttrs a = l.attributes(direction);
  a.coupling = coupled ? kMoteCoupledForget : kMoteCoupledNone;
  const ValueId w = l.blocks(l.weights(1, direction), order);
  const ValueId r = l.blocks(l.weights(2, direction), order);
  const Biases b = biases(c, l, direction, order, 4);
  const ValueId h = l.state(5, direction), cell = l.state(6, direction);
  ValueId peephole = l.weights(7, direction);
  if (peephole != ir::kNone && !c.failed() &&
      (c.rank(peephole) != 1 || c.shape(peephole).dims[0].max != 3 * int64_t{l.hidden()}))
    c.error("peepholes of shape " + ir::shape_text(c.shape(peephole)) + " do not fit the weights");
  peephole = l.blocks(peephole, places);
  if (c.failed()) return {};
  const ValueId bias = b.input == ir::kNone ? ir::kNone : l.sum(b.input, b.recurrent);
  return c.build().nodes(
      op_code::lstm, a,
      {l.x(), w, r, bias, h, cell, peephole, ir::kNone, ir::kNone, ir::kNone, l.lengths()},
      {Type::float32, Type::float32, Type::float32});
}

std::vector<ValueId> gru(NodeImport& c, Layer& l, int32_t direction, bool linear) {
  RecurrentAttrs a = l.attributes(direction);
  a.linear_before_reset = linear ? 1 : 0;
  const ValueId w = l.weights(1, direction), r = l.weights(2, direction);
  const Biases b = biases(c, l, direction, {0, 1, 2}, 3);
  const ValueId h = l.state(5, direction);
  if (c.failed()) return {};
  ValueId bias = b.input, candidate = ir::kNone;
  if (bias != ir::kNone && linear) {
    const ValueId outer = l.sum(l.blocks(b.input, {0, 1}), l.blocks(b.recurrent, {0, 1}));
    bias = c.build().node(op_code::concat, ConcatAttrs{}, {outer, l.blocks(b.input, {2})},
                          Type::float32);
    candidate = l.blocks(b.recurrent, {2});
  } else if (bias != ir::kNone) {
    bias = l.sum(b.input, b.recurrent);
  }
  return c.build().nodes(op_code::gru, a, {l.x(), w, r, bias, candidate, h, l.lengths()},
                         {Type::float32, Type::float32});
}

std::vector<ValueId> rnn(NodeImport& c, Layer& l, int32_t direction) {
  const ValueId w = l.weights(1, direction), r = l.weights(2, direction);
  const Biases b = biases(c, l, direction, {0}, 1);
  const ValueId h = l.state(5, direction);
  if (c.failed()) return {};
  const ValueId bias = b.input == ir::kNone ? ir::kNone : l.sum(b.input, b.recurrent);
  return c.build().nodes(op_code::rnn, l.attributes(direction), {l.x(), w, r, bias, h, l.lengths()},
                         {Type::float32, Type::float32});
}

template <class Direction>
void import_layer(NodeImport& c, Layer& l, Direction&& direction) {
  if (c.failed()) return;
  std::vector<std::vector<ValueId>> outputs;
  for (int32_t d = 0; d < l.directions(); ++d) {
    outputs.push_back(direction(d));
    if (c.failed()) return;
  }
  l.define(outputs);
}

}  // namespace

void import_lstm(NodeImport& c) {
  Layer l(c, 4, {"Sigmoid", "Tanh", "Tanh"});
  const bool coupled = c.attr_int("input_forget", 0) != 0;
  import_layer(c, l, [&](int32_t d) { return lstm(c, l, d, coupled); });
}

void import_gru(NodeImport& c) {
  Layer l(c, 3, {"Sigmoid", "Tanh"});
  const bool linear = c.attr_int("linear_before_reset", 0) != 0;
  import_layer(c, l, [&](int32_t d) { return gru(c, l, d, linear); });
}

void import_rnn(NodeImport& c) {
  Layer l(c, 1, {"Tanh"});
  import_layer(c, l, [&](int32_t d) { return rnn(c, l, d); });
}

}  // namespace mote::onnx_import
