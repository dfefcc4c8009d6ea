// Control flow at run. What a called graph reads of its caller's is the caller's memory, and so is
// where branches write their results (plan/lifetimes.cc): only loops copy.
#include <cstring>

#include "ops/control_attributes.h"
#include "ops/op_codes.h"
#include "run/session_impl.h"

namespace mote {
namespace {

bool is_true(const Tensor& condition) { return *condition.as<uint8_t>() != 0; }

// Values of loops that were not computed where they are needed. No `to` is another's `from`.
void copy_values(const SessionImpl& s, Span<const int32_t> from, Span<const int32_t> to) {
  for (size_t i = 0; i < to.size; ++i) {
    const Tensor &x = s.tensor(from[i]), &y = s.tensor(to[i]);
    if (x.data != y.data) memcpy(y.data, x.data, static_cast<size_t>(y.bytes()));
  }
}

Status execute_loop(SessionImpl& s, const Step& step, uint32_t condition, uint32_t body) {
  int32_t limit = step.op->view.attributes<ControlAttrs>().max_steps;
  if (s.options.max_loop_steps < limit) limit = s.options.max_loop_steps;
  const Tensor& goes_on = s.tensor(s.m->graphs[condition].outputs[0]);
  copy_values(s, step.op->inputs, step.op->outputs);
  for (int32_t steps = 0;; ++steps) {
    // Graphs of views alone poll nowhere else.
    if (poll(s)) return error(Code::cancelled);
    MOTE_TRY(execute_called(s, condition));
    if (!is_true(goes_on)) return {};
    if (steps >= limit) return error(Code::step_limit, limit, steps);
    MOTE_TRY(execute_called(s, body));
    copy_values(s, s.m->graphs[body].outputs, step.op->outputs);
  }
}

}  // namespace

Status execute_control(SessionImpl& s, const Step& step) {
  Span<const uint32_t> called = graphs_of(*step.op);
  switch (step.op->view.op->code) {
    case op_code::while_loop:
      return execute_loop(s, step, called[0], called[1]);
    case op_code::if_else:
      return execute_called(s, called[is_true(s.tensor(step.op->inputs[0])) ? 0 : 1]);
    default:
      return execute_called(s, called[0]);
  }
}

}  // namespace mote
