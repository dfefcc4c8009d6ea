#include "grad/recurrent.h"

namespace mote {
namespace {

constexpr size_t kBias = 3, kCandidateBias = 4, kInitialH = 5, kLengths = 6;

using ir::ValueId;

// Values of all steps.
struct Values {
  ValueId update, reset, candidate;
  ValueId inner;  // what the reset gate multiplies: a product, or h
};

Values values_of(GradientCall& c, Unrolled& u, bool linear) {
  Builder& g = c.g;
  auto bias = [&](size_t i) { return i < c.node.inputs.size() ? c.in(i) : ir::kNone; };
  const ValueId a = u.linear(u.x, c.in(1), bias(kBias));
  const ValueId r = u.linear(u.previous, c.in(2), ir::kNone);
  Values v{};
  v.update = u.activated(g.add(u.gate(a, 0), u.gate(r, 0)), kMoteSigmoid);
  v.reset = u.activated(g.add(u.gate(a, 1), u.gate(r, 1)), kMoteSigmoid);
  v.inner = linear ? u.plus(u.gate(r, 2), bias(kCandidateBias)) : u.previous;
  ValueId scaled = g.mul(v.reset, v.inner);
  if (!linear)
    scaled = u.linear(scaled, g.slice(c.in(2), {2 * u.out, 0}, {u.out, u.out}), ir::kNone);
  v.candidate = u.activated(g.add(u.gate(a, 2), scaled), kMoteTanh);
  return v;
}

// The gradient of the gates of a step, for the input's and for h's product, and of h before it.
struct Step {
  ValueId input, recurrent, h;
};

class Backwards {
 public:
  Backwards(GradientCall& c, Unrolled& u, bool linear)
      : c_(c), u_(u), linear_(linear), v_(values_of(c, u, linear)) {
    Builder& g = c.g;
    by_update_ = g.mul(g.sub(u.previous, v_.candidate), u.sigmoid_slope(v_.update));
    by_candidate_ = g.mul(g.sub(g.scalar(1), v_.update), u.tanh_slope(v_.candidate));
    by_reset_ = g.mul(v_.inner, u.sigmoid_slope(v_.reset));
    const int32_t out = u.out;
    outer_ = g.slice(c.in(2), {0, 0}, {2 * out, out});
    inner_ = g.slice(c.in(2), {2 * out, 0}, {out, out});
  }

  Step step(int32_t t, ValueId dh) {
    Builder& g = c_.g;
    auto at = [&](ValueId all) { return u_.step(all, t); };
    const ValueId update = g.mul(dh, at(by_update_)), candidate = g.mul(dh, at(by_candidate_));
    ValueId kept = g.mul(dh, at(v_.update));
    if (linear_) {
      const ValueId reset = g.mul(candidate, at(by_reset_));
      const ValueId product = g.mul(candidate, at(v_.reset));
      const ValueId recurrent = u_.beside({update, reset, product});
      return {u_.beside({update, reset, candidate}), recurrent,
              g.add(kept, g.matmul(recurrent, c_.in(2), false, false))};
    }
    const ValueId scaled = g.matmul(candidate, inner_, false, false);
    const ValueId reset = g.mul(scaled, at(by_reset_));
    kept = g.add(kept, g.mul(scaled, at(v_.reset)));
    const ValueId all = u_.beside({update, reset, candidate});
    return {all, all, g.add(kept, g.matmul(u_.beside({update, reset}), outer_, false, false))};
  }

  // Of the recurrent weights, from the gradients of all steps.
  ValueId recurrent_weights(ValueId gates) {
    Builder& g = c_.g;
    if (linear_) return g.matmul(gates, u_.previous, true, false);
    const int32_t rows = u_.time * u_.batch;
    const ValueId outer = g.slice(gates, {0, 0}, {rows, 2 * u_.out});
    return g.node(op_code::concat, ConcatAttrs{},
                  {g.matmul(outer, u_.previous, true, false),
                   g.matmul(u_.gate(gates, 2), g.mul(v_.reset, u_.previous), true, false)});
  }

 private:
  GradientCall& c_;
  Unrolled& u_;
  const bool linear_;
  const Values v_;
  ValueId by_update_, by_candidate_, by_reset_, outer_, inner_;
};

}  // namespace

void gradient_gru(GradientCall& c) {
  const auto a = c.node.attrs<RecurrentAttrs>();
  if (a.gate_activation != kMoteSigmoid || a.cell_activation != kMoteTanh) {
    c.failure = "only sigmoid gates and a tanh candidate have a gradient rule";
    return;
  }
  Unrolled u(c, kInitialH, kLengths);
  if (u.failed()) return;
  Backwards back(c, u, a.linear_before_reset != 0);
  ValueId dh = c.dy[1];
  std::vector<ValueId> input, recurrent;
  for (int32_t t = u.time - 1; t >= 0; --t) {
    const Step s = back.step(t, u.dy(t, dh));
    input.push_back(s.input);
    recurrent.push_back(s.recurrent);
    dh = s.h;
  }
  const ValueId gates = u.join(recurrent);
  u.set_input_gradients(u.join(input), kBias);
  if (c.wants(2)) c.set(2, back.recurrent_weights(gates));
  if (c.wants(kCandidateBias)) c.set(kCandidateBias, c.g.sum(u.gate(gates, 2), {0}, false));
  if (c.wants(kInitialH)) c.set(kInitialH, dh);
}

}  // namespace mote
