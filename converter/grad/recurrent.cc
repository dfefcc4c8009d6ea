#include "grad/recurrent.h"

#include <algorithm>

namespace mote {
namespace {

// Each step adds some ten operators.
constexpr int32_t kMostSteps = 256;

}  // namespace

Unrolled::Unrolled(GradientCall& c, size_t initial, size_t lengths)
    : c_(c), g_(c.g), a_(c.node.attrs<RecurrentAttrs>()) {
  const std::vector<int32_t> dims = g_.dims(c.in(0));
  const size_t first = a_.time_major != 0 ? 0 : 1;
  time = dims[first];
  batch = dims[1 - first];
  in = dims[2];
  out = g_.dims(c.out())[2];
  if (lengths < c.node.inputs.size() && c.in(lengths) != ir::kNone)
    c.failure = "sequence lengths have no gradient rule; train with sequences of one length";
  else if (a_.clip != 0)
    c.failure = "a clip in a recurrent operator has no gradient rule";
  else if (time > kMostSteps)
    c.failure = "it has " + std::to_string(time) + " steps; at most " + std::to_string(kMostSteps) +
                " are unrolled for training";
  if (failed()) return;
  x = g_.reshape(in_order(c.in(0)), {time * batch, in});
  y_ = in_order(c.out());
  if (c.dy[0] != ir::kNone) dy_ = in_order(c.dy[0]);
  const bool given = initial < c.node.inputs.size() && c.in(initial) != ir::kNone;
  std::vector<ValueId> parts = {given ? g_.reshape(c.in(initial), {1, batch, out})
                                      : zeros({1, batch, out})};
  if (time > 1) parts.push_back(g_.slice(y_, {0, 0, 0}, {time - 1, batch, out}));
  ValueId all = time > 1 ? g_.node(op_code::concat, ConcatAttrs{}, parts) : parts[0];
  previous = g_.reshape(all, {time * batch, out});
}

ir::ValueId Unrolled::in_order(ValueId sequence) {
  if (a_.time_major == 0) sequence = g_.transpose(sequence, {1, 0, 2});
  return a_.reverse != 0 ? g_.reverse(sequence, {true, false, false}) : sequence;
}

ir::ValueId Unrolled::dy(int32_t t, ValueId next) {
  if (dy_ == ir::kNone) return next == ir::kNone ? zeros({batch, out}) : next;
  return plus(g_.reshape(g_.slice(dy_, {t, 0, 0}, {1, batch, out}), {batch, out}), next);
}

ir::ValueId Unrolled::step(ValueId all, int32_t t) {
  return g_.slice(all, {t * batch, 0}, {batch, g_.dims(all)[1]});
}

ir::ValueId Unrolled::join(std::vector<ValueId> last_to_first) {
  if (last_to_first.size() == 1) return last_to_first[0];
  std::reverse(last_to_first.begin(), last_to_first.end());
  return g_.node(op_code::concat, ConcatAttrs{}, last_to_first);
}

ir::ValueId Unrolled::y() { return g_.reshape(y_, {time * batch, out}); }

ir::ValueId Unrolled::gate(ValueId all, int32_t k) {
  return g_.slice(all, {0, k * out}, {g_.dims(all)[0], out});
}

ir::ValueId Unrolled::beside(const std::vector<ValueId>& gates) {
  ConcatAttrs a{};
  a.axis = 1;
  return g_.node(op_code::concat, a, gates);
}

ir::ValueId Unrolled::linear(ValueId rows, ValueId weights, ValueId bias) {
  return plus(g_.matmul(rows, weights, false, true), bias);
}

ir::ValueId Unrolled::activated(ValueId v, int32_t kind) {
  ActivationAttrs a{};
  a.kind = kind;
  return g_.node(op_code::activation, a, {v});
}

ir::ValueId Unrolled::sigmoid_slope(ValueId y) { return g_.sub(y, g_.mul(y, y)); }
ir::ValueId Unrolled::tanh_slope(ValueId y) { return g_.sub(g_.scalar(1), g_.mul(y, y)); }

ir::ValueId Unrolled::plus(ValueId a, ValueId b) {
  if (a == ir::kNone || b == ir::kNone) return a == ir::kNone ? b : a;
  return g_.add(a, b);
}

void Unrolled::set_input_gradients(ValueId gates, size_t bias) {
  if (c_.wants(1)) c_.set(1, g_.matmul(gates, x, true, false));
  if (c_.wants(bias)) c_.set(bias, g_.sum(gates, {0}, false));
  if (!c_.wants(0)) return;
  ValueId dx = g_.reshape(g_.matmul(gates, c_.in(1), false, false), {time, batch, in});
  if (a_.reverse != 0) dx = g_.reverse(dx, {true, false, false});
  c_.set(0, a_.time_major == 0 ? g_.transpose(dx, {1, 0, 2}) : dx);
}

}  // namespace mote
