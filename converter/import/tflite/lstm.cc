// LSTM, UNIDIRECTIONAL_SEQUENCE_LSTM, BIDIRECTIONAL_SEQUENCE_LSTM.
#include <cmath>

#include "import/tflite/recurrent.h"

namespace mote::tflite_import {
namespace {

// Where the operands of one direction begin; those of gates are input, forget, cell, output.
struct Places {
  size_t weights, recurrent, peephole, bias, projection, projection_bias, h, c, norm;
};
constexpr Places kOneDirection = {1, 5, 9, 12, 16, 17, 18, 19, 20};
constexpr size_t kNoNorm = SIZE_MAX - 8;
constexpr Places kForwards = {1, 5, 9, 12, 16, 17, 35, 36, kNoNorm};
constexpr Places kBackwards = {18, 22, 26, 29, 33, 34, 37, 38, kNoNorm};

float scale_of(OpImport& c, ir::ValueId v) {
  const ir::Quantization& q = c.value(v).quantization;
  return q.scales.empty() ? 0 : q.scales[0];
}

// Of a gate among stacked rows.
float gate_scale(OpImport& c, ir::ValueId stack, size_t gate, size_t gates) {
  const ir::Quantization& q = c.value(stack).quantization;
  return q.scales.empty() ? 0 : q.scales[q.scales.size() / gates * gate];
}

// A scale beyond what the operator takes is for its check to refuse.
float narrowed(double v) { return v < 1e30 ? static_cast<float>(v) : 1e30f; }

class LstmImport {
 public:
  LstmImport(OpImport& c, const Places& places, RecurrentAttrs attrs)
      : c_(c), p_(places), a_(attrs) {}

  bool run(ir::ValueId x, ir::ValueId y) {
    a_.coupling = c_.has(p_.weights) ? kMoteCoupledNone : kMoteCoupledInput;
    const size_t skip = a_.coupling == kMoteCoupledNone ? 0 : 1, gates = 4 - skip;
    const ir::ValueId w = stacked(c_, p_.weights + skip, gates, x);
    const ir::ValueId r = stacked(c_, p_.recurrent + skip, gates, x);
    const ir::ValueId bias = stacked(c_, p_.bias + skip, gates, x);
    const ir::ValueId peephole = stacked(c_, p_.peephole + skip, gates - 1, x);
    const ir::ValueId norm = p_.norm == kNoNorm ? ir::kNone : stacked(c_, p_.norm + skip, gates, x);
    const ir::ValueId projection = like(p_.projection, x), shift = like(p_.projection_bias, x);
    Kept h(c_, p_.h), cell(c_, p_.c);
    if (!c_.failed() && (h.value() == ir::kNone || cell.value() == ir::kNone))
      c_.error("its states are missing", "export the model again");
    if (!c_.failed() && (w == ir::kNone || r == ir::kNone)) c_.error("its weights are missing");
    if (c_.failed()) return false;
    if (c_.value(x).type == Type::int8) set_scales(x, y, w, r, peephole, projection, cell);
    if (c_.failed()) return false;
    const ir::ValueId next_h = h.next(), next_c = cell.next();
    if (!c_.emit_all(op_code::lstm, a_,
                     {x, w, r, bias, h.value(), cell.value(), peephole, projection, shift, norm},
                     {y, next_h, next_c}))
      return false;
    h.keep(next_h);
    cell.keep(next_c);
    return true;
  }

 private:
  ir::ValueId like(size_t input, ir::ValueId x) {
    return c_.has(input) ? c_.input_like(input, x) : ir::kNone;
  }

  // (20.18) of core/NUMERICS.md.
  void set_scales(ir::ValueId x, ir::ValueId y, ir::ValueId w, ir::ValueId r, ir::ValueId peephole,
                  ir::ValueId projection, const Kept& cell) {
    const size_t first = a_.coupling == kMoteCoupledNone ? 0 : 1;
    const float s_x = scale_of(c_, x), s_y = scale_of(c_, y), s_gate = 0x1p-12f;
    a_.scale_count = kMoteRecurrentScales;
    for (size_t g = first; g < 4; ++g) {
      a_.scales[kMoteScaleInput + g] = gate_scale(c_, w, g - first, 4 - first) * s_x / s_gate;
      a_.scales[kMoteScaleRecurrent + g] = gate_scale(c_, r, g - first, 4 - first) * s_y / s_gate;
    }
    for (size_t g = first; g < 3 && peephole != ir::kNone; ++g)
      a_.scales[kMoteScalePeephole + g] =
          narrowed(static_cast<double>(scale_of(c_, cell.value())) *
                   static_cast<double>(gate_scale(c_, peephole, g - first, 3 - first)) /
                   static_cast<double>(s_gate));
    float s_hidden = s_y;
    int32_t zero =
        c_.value(y).quantization.zero_points.empty() ? 0 : c_.value(y).quantization.zero_points[0];
    if (!hidden(&s_hidden, &zero)) return;
    // TensorFlow Lite subtracts it where it stands before a projection.
    a_.hidden_zero_point = projection != ir::kNone ? -zero : zero;
    a_.scales[kMoteScaleHidden] = narrowed(0x1p-15 / static_cast<double>(s_hidden) * 0x1p-15);
    if (projection != ir::kNone)
      a_.scales[kMoteScaleProjection] = scale_of(c_, projection) * s_hidden / s_y;
  }

  // The quantization of h before its projection, which only the fifth intermediate tensor knows.
  bool hidden(float* scale, int32_t* zero) {
    const int32_t t = c_.intermediate_tensor(4);
    if (t < 0) return true;
    if (static_cast<uint32_t>(t) >= c_.importer().tensor_count()) {
      c_.error("an intermediate tensor's index is out of range", "the file is damaged");
      return false;
    }
    std::optional<ir::Value> v = c_.importer().describe(static_cast<uint32_t>(t), c_.where());
    if (!v || v->quantization.scales.size() != 1) {
      c_.error("its hidden state has no quantization", "export the model again", t);
      return false;
    }
    *scale = v->quantization.scales[0];
    *zero = v->quantization.zero_points[0];
    return true;
  }

  OpImport& c_;
  const Places& p_;
  RecurrentAttrs a_;
};

// What the options of all three say.
template <class Options>
RecurrentAttrs attributes_of(OpImport& c, const Options& options) {
  RecurrentAttrs a{};
  const RecurrentActivation f = recurrent_activation(c, options.activation());
  a.gate_activation = kMoteSigmoid;
  a.cell_activation = a.output_activation = f.kind;
  a.cell_alpha = a.output_alpha = f.alpha;
  a.cell_clip = options.cell_clip();
  a.projection_clip = options.proj_clip();
  return a;
}

}  // namespace

void import_sequence_lstm(OpImport& c) {
  const auto* options = c.required_options<tfl::UnidirectionalSequenceLSTMOptions>();
  const ir::ValueId x = c.input(0), y = c.failed() ? ir::kNone : c.output();
  if (options == nullptr || c.failed()) return;
  if (options->diagonal_recurrent_tensors())
    return c.error("diagonal recurrent weights are not supported");
  RecurrentAttrs a = attributes_of(c, *options);
  a.time_major = options->time_major() ? 1 : 0;
  LstmImport(c, kOneDirection, a).run(x, y);
}

// One step: x [batch, in].
void import_lstm(OpImport& c) {
  const auto* options = c.required_options<tfl::LSTMOptions>();
  const ir::ValueId x = c.input(0);
  if (options == nullptr || c.failed()) return;
  if (options->kernel_type() != tfl::LSTMKernelType::FULL)
    return c.error("the basic kernel of LSTM is not supported",
                   "export the model with a current converter");
  const ShapeBounds s = c.value(x).shape;
  if (s.rank != 2 || !s.dims[1].is_static())
    return c.error("input of rank " + std::to_string(s.rank) +
                   "; expected 2, the last size static");
  const ir::ValueId steps = c.reshaped(x, {0, 1, s.dims[1].max}, "/steps");
  const ir::ValueId y = c.failed() ? ir::kNone : c.output();
  if (steps == ir::kNone || c.failed()) return;
  const ir::Value like = c.value(y);
  const ir::ValueId sequence =
      c.importer().new_value(like.name + "/steps", like.type, like.quantization);
  if (LstmImport(c, kOneDirection, attributes_of(c, *options)).run(steps, sequence))
    c.emit_reshape(sequence, {0, c.value(sequence).shape.dims[2].max}, y);
}

void import_bidirectional_lstm(OpImport& c) {
  const auto* options = c.required_options<tfl::BidirectionalSequenceLSTMOptions>();
  const ir::ValueId x = c.input(0), y = c.failed() ? ir::kNone : c.output();
  if (options == nullptr || c.failed()) return;
  for (size_t i = 39; i < c.input_count(); ++i)
    if (c.has(i)) return c.error("auxiliary inputs are not supported", "", c.input_tensor(i));
  RecurrentAttrs a = attributes_of(c, *options);
  a.time_major = options->time_major() ? 1 : 0;
  const ir::Value like = c.value(y);
  const bool merged = options->merge_outputs();
  auto part = [&](const char* suffix) {
    return c.importer().new_value(like.name + suffix, like.type, like.quantization);
  };
  const ir::ValueId forwards = merged ? part("/forwards") : y;
  const ir::ValueId backwards = merged ? part("/backwards") : c.output(1);
  if (c.failed() || !LstmImport(c, kForwards, a).run(x, forwards)) return;
  a.reverse = 1;
  if (!LstmImport(c, kBackwards, a).run(x, backwards) || !merged) return;
  ConcatAttrs join{};
  join.axis = 2;
  c.emit(op_code::concat, join, {forwards, backwards}, y);
}

}  // namespace mote::tflite_import
