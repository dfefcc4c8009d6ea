#include "grad/rule.h"

namespace mote {

#define MOTE_GRADIENT(name) void gradient_##name(GradientCall&);
#define MOTE_STRAIGHT_THROUGH(name) void gradient_##name(GradientCall&);
#define MOTE_NO_GRADIENT(name, reason)
#include "grad/gradients.inc"
#undef MOTE_GRADIENT
#undef MOTE_STRAIGHT_THROUGH
#undef MOTE_NO_GRADIENT

namespace {

constexpr Gradient kGradients[] = {
#define MOTE_GRADIENT(name) {op_code::name, #name, gradient_##name, nullptr, false},
#define MOTE_STRAIGHT_THROUGH(name) {op_code::name, #name, gradient_##name, nullptr, true},
#define MOTE_NO_GRADIENT(name, reason) {op_code::name, #name, nullptr, reason, false},
#include "grad/gradients.inc"
#undef MOTE_GRADIENT
#undef MOTE_STRAIGHT_THROUGH
#undef MOTE_NO_GRADIENT
};

}  // namespace

Span<const Gradient> gradients() { return kGradients; }

const Gradient* find_gradient(uint16_t op) {
  for (const Gradient& gradient : kGradients)
    if (gradient.op == op) return &gradient;
  return nullptr;
}

}  // namespace mote
