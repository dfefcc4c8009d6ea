// SVDF, RNN, UNIDIRECTIONAL_SEQUENCE_RNN, BIDIRECTIONAL_SEQUENCE_RNN and what LSTMs share with
// them.
#include "import/tflite/recurrent.h"

namespace mote::tflite_import {
namespace {

// Rows of a constant as bytes of the result's type; false and an error when it is not usable.
bool append_rows(OpImport& c, size_t input, bool widen, ir::Value* to, ir::Bytes* bytes) {
  const ir::ValueId v = c.input(input);
  if (v == ir::kNone) return false;
  const ir::Value& part = c.value(v);
  if (part.kind != TensorKind::constant || part.shape.rank < 1) {
    c.error("weights that are computed are not supported", "", c.input_tensor(input));
    return false;
  }
  if (!c.importer().source().visit(part.data->size())) return false;
  widen = widen && part.type != Type::float32;
  std::optional<std::vector<float>> wide = widen ? dequantized(part) : std::nullopt;
  const Type type = wide ? Type::float32 : part.type;
  ShapeBounds row = part.shape;
  row.dims[0] = to->shape.dims[0];
  const bool fits = bytes->empty() || (type == to->type && row.max() == to->shape.max() &&
                                       part.quantization.scales.size() <= 1);
  if (!fits) {
    c.error("the gates' weights differ in shape, type or quantization", "", c.input_tensor(input));
    return false;
  }
  const int32_t rows = part.shape.dims[0].max;
  if (bytes->empty()) {
    to->type = type;
    to->shape = part.shape;
  } else {
    to->shape.dims[0].max += rows;
    to->shape.dims[0].min += rows;
  }
  if (!wide && part.quantization.scales.size() == 1) {
    ir::Quantization& q = to->quantization;
    q.scales.insert(q.scales.end(), static_cast<size_t>(rows), part.quantization.scales[0]);
    q.zero_points.insert(q.zero_points.end(), static_cast<size_t>(rows),
                         part.quantization.zero_points[0]);
    q.axis = 0;
  }
  const auto* from = wide ? reinterpret_cast<const uint8_t*>(wide->data()) : part.data->data();
  const size_t size = wide ? wide->size() * sizeof(float) : part.data->size();
  bytes->insert(bytes->end(), from, from + size);
  return true;
}

// x [batch, in] as a sequence of one step.
ir::ValueId as_sequence(OpImport& c, ir::ValueId x) {
  const ShapeBounds& s = c.value(x).shape;
  if (s.rank == 2 && s.dims[1].is_static()) return c.reshaped(x, {0, 1, s.dims[1].max}, "/steps");
  c.error("input of shape " + std::to_string(s.rank) + " dimensions; expected 2, the last static");
  return ir::kNone;
}

// The places of one direction's operands.
struct RnnPlaces {
  size_t weights, recurrent, bias, state;
};

// y [batch, time, out] or time-major; kNone on failure.
ir::ValueId rnn(OpImport& c, ir::ValueId x, const RnnPlaces& p, RecurrentAttrs a,
                tfl::Activation activation, ir::ValueId y) {
  const RecurrentActivation f = recurrent_activation(c, activation);
  a.gate_activation = f.kind;
  a.gate_alpha = f.alpha;
  const ir::ValueId w = c.input_like(p.weights, x), r = c.input_like(p.recurrent, x);
  const ir::ValueId bias = c.has(p.bias) ? c.input_like(p.bias, x) : ir::kNone;
  Kept h(c, p.state);
  if (c.failed()) return ir::kNone;
  const ir::ValueId last = h.next();
  if (!c.emit_all(op_code::rnn, a, {x, w, r, bias, h.value()}, {y, last})) return ir::kNone;
  h.keep(last);
  return y;
}

}  // namespace

ir::ValueId stacked(OpImport& c, size_t first, size_t count, ir::ValueId like) {
  size_t given = 0;
  for (size_t i = first; i < first + count; ++i) given += c.has(i) ? 1 : 0;
  if (given == 0) return ir::kNone;
  ir::Value all;
  ir::Bytes bytes;
  const bool widen = c.value(like).type == Type::float32;
  for (size_t i = first; i < first + count; ++i)
    if (!append_rows(c, i, widen, &all, &bytes)) return ir::kNone;
  all.name = c.value(c.input(first)).name + "/gates";
  all.kind = TensorKind::constant;
  all.data = std::make_shared<const ir::Bytes>(std::move(bytes));
  return c.graph().add_value(std::move(all));
}

RecurrentActivation recurrent_activation(OpImport& c, tfl::Activation activation) {
  switch (activation) {
    case tfl::Activation::NONE:
      return {kMoteRecurrentAffine, 1};
    case tfl::Activation::RELU:
      return {kMoteRelu, 0};
    case tfl::Activation::RELU6:
      return {kMoteRelu6, 0};
    case tfl::Activation::RELU_N1_TO_1:
      return {kMoteReluN1To1, 0};
    case tfl::Activation::TANH:
      return {kMoteTanh, 0};
    default:
      c.error("activation " + std::to_string(static_cast<int>(activation)) + " is not supported");
      return {};
  }
}

Kept::Kept(OpImport& c, size_t input) : c_(c) {
  if (c.has(input)) read(input);
}

void Kept::read(size_t input) {
  OpImport& c = c_;
  const int32_t t = c.input_tensor(input);
  GraphImporter& importer = c.importer();
  const bool in_range = static_cast<uint32_t>(t) < importer.tensor_count();
  if (!in_range || !importer.tensor(static_cast<uint32_t>(t)).is_variable()) {
    value_ = c.input(input);
    return;
  }
  const auto index = static_cast<uint32_t>(t);
  if (!importer.has_static_shape(index))
    return c.error("a state of dynamic shape", "give it a static shape", t);
  std::optional<ir::Value> like = importer.describe(index, c.where());
  if (!like) return c.error("a state of unsupported type", "", t);
  // Names need not be unique in the file.
  state_ = like->name + "#" + std::to_string(t);
  const int32_t zero = like->quantization.quantized() ? like->quantization.zero_points[0] : 0;
  Source& source = importer.source();
  if (like->type == Type::int8 && zero != 0 && source.initial_values.count(state_) == 0) {
    const auto n = static_cast<uint64_t>(like->shape.max().elements());
    if (!source.visit(n)) return c.error("a state larger than the file", "", t);
    ir::Value initial = *like;
    initial.data = std::make_shared<const ir::Bytes>(n, static_cast<uint8_t>(zero));
    source.initial_values[state_] = std::move(initial);
  }
  value_ = importer.read_variable(state_, *like, c.where());
  if (value_ == ir::kNone) c.error("the state cannot be read", "", t);
}

ir::ValueId Kept::next() {
  const ir::Value& v = c_.value(value_);
  return c_.importer().new_value(v.name + "/next", v.type, v.quantization);
}

void Kept::keep(ir::ValueId next) {
  if (!state_.empty()) c_.importer().assign_variable(state_, next, c_.where());
}

void import_svdf(OpImport& c) {
  const auto* options = c.required_options<tfl::SVDFOptions>();
  const ir::ValueId x = c.input(0);
  if (options == nullptr || c.failed()) return;
  const ir::ValueId feature = c.input_like(1, x), time = c.input_like(2, x);
  const ir::ValueId bias = c.has(3) ? c.input_like(3, x) : ir::kNone;
  Kept state(c, 4);
  if (state.value() == ir::kNone && !c.failed()) c.error("input 4, its state, is missing");
  const ir::ValueId y = c.failed() ? ir::kNone : c.output();
  if (c.failed()) return;
  SvdfAttrs a{};
  a.rank = options->rank();
  a.activation = c.fused_activation(options->activation());
  auto scale = [&](ir::ValueId v) {
    const ir::Quantization& q = c.value(v).quantization;
    return q.scales.size() == 1 ? q.scales[0] : 0.0f;
  };
  if (c.value(x).type == Type::int8) {
    // TensorFlow Lite leaves the activation to the limits of the output's type.
    a.activation = kMoteActivationNone;
    a.feature_scale = scale(x) * scale(feature) / scale(state.value());
    a.time_scale = scale(state.value()) * scale(time) / scale(y);
  }
  const ir::ValueId next = state.next();
  if (c.emit_all(op_code::svdf, a, {x, feature, time, state.value(), bias}, {y, next}))
    state.keep(next);
}

void import_rnn(OpImport& c) {
  const auto* options = c.required_options<tfl::RNNOptions>();
  const ir::ValueId x = c.input(0);
  if (options == nullptr || c.failed()) return;
  const ir::ValueId steps = as_sequence(c, x);
  const ir::ValueId y = c.failed() ? ir::kNone : c.output();
  if (c.failed()) return;
  const ir::ValueId sequence =
      c.importer().new_value(c.value(y).name + "/steps", Type::float32, {});
  if (rnn(c, steps, {1, 2, 3, 4}, {}, options->activation(), sequence) == ir::kNone) return;
  c.emit_reshape(sequence, {0, c.value(sequence).shape.dims[2].max}, y);
}

void import_sequence_rnn(OpImport& c) {
  const auto* options = c.required_options<tfl::SequenceRNNOptions>();
  const ir::ValueId x = c.input(0), y = c.failed() ? ir::kNone : c.output();
  if (options == nullptr || c.failed()) return;
  RecurrentAttrs a{};
  a.time_major = options->time_major() ? 1 : 0;
  rnn(c, x, {1, 2, 3, 4}, a, options->activation(), y);
}

}  // namespace mote::tflite_import
