// What the gradients of lstm, gru and rnn share. They go back through time: what does not depend on
// a later step's gradient is computed for all steps at once, the rest is written out per step.
#pragma once

#include "grad/rule.h"

namespace mote {

class Unrolled {
 public:
  using ValueId = ir::ValueId;

  // `lengths`, `initial`: places among the inputs. Sets `c.failure` where there is no gradient.
  Unrolled(GradientCall& c, size_t initial, size_t lengths);

  int32_t time = 0, batch = 0, in = 0, out = 0;
  ValueId x = ir::kNone;         // [time * batch, in], in the order in which steps are taken
  ValueId previous = ir::kNone;  // [time * batch, out], h before each step
  bool failed() const { return !c_.failure.empty(); }

  // y's gradient of step t [batch, out], plus what the next step gives (kNone: nothing).
  ValueId dy(int32_t t, ValueId next);
  // Rows of step t of [time * batch, n].
  ValueId step(ValueId all, int32_t t);
  // Of what steps made last to first.
  ValueId join(std::vector<ValueId> last_to_first);
  ValueId y();  // [time * batch, out]

  // Columns of gate k of [rows, gates * out].
  ValueId gate(ValueId all, int32_t k);
  ValueId beside(const std::vector<ValueId>& gates);
  ValueId linear(ValueId rows, ValueId weights, ValueId bias);  // bias may be kNone
  ValueId activated(ValueId v, int32_t kind);
  ValueId sigmoid_slope(ValueId y);    // y - y * y
  ValueId tanh_slope(ValueId y);       // 1 - y * y
  ValueId plus(ValueId a, ValueId b);  // either may be kNone
  ValueId zeros(const std::vector<int32_t>& shape) { return g_.constant(ir::shape_of(shape), 0); }

  // Gradients of x, the input weights and the bias from those of the gates [time * batch, rows].
  void set_input_gradients(ValueId gates, size_t bias);

 private:
  ValueId in_order(ValueId sequence);  // [time, batch, n]

  GradientCall& c_;
  Builder& g_;
  const RecurrentAttrs a_;
  ValueId dy_ = ir::kNone, y_ = ir::kNone;
};

}  // namespace mote
