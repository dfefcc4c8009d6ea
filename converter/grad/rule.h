// What a gradient rule sees and gives: converter/grad/<operator>.cc defines
// `void gradient_<operator>(GradientCall&)`.
#pragma once

#include "ir/builder.h"

namespace mote {

class GradientCall {
 public:
  using ValueId = ir::ValueId;

  Builder& g;
  const ir::Node node;       // a copy: the graph grows
  std::vector<ValueId> dy;   // of the outputs; kNone: zero
  std::vector<bool> wanted;  // of the inputs
  std::vector<ValueId> dx;   // result, of the inputs that are wanted; kNone: zero
  std::string failure;       // why there is none after all

  GradientCall(Builder& builder, ir::Node of)
      : g(builder),
        node(std::move(of)),
        dy(node.outputs.size(), ir::kNone),
        wanted(node.inputs.size(), false),
        dx(node.inputs.size(), ir::kNone) {}

  bool wants(size_t i) const { return i < wanted.size() && wanted[i]; }
  void set(size_t i, ValueId gradient) { dx[i] = gradient; }
  ValueId in(size_t i) const { return node.inputs[i]; }
  ValueId out(size_t i = 0) const { return node.outputs[i]; }

  // dy through the activation that the operator applies to its result (MoteFusedActivation).
  ValueId dy_before(int32_t activation) {
    if (activation == kMoteActivationNone) return dy[0];
    // The fused ones are the first kinds of the operator, from 1 on.
    static_assert(kMoteActivationRelu == kMoteRelu + 1 && kMoteActivationRelu6 == kMoteRelu6 + 1 &&
                  kMoteActivationReluN1To1 == kMoteReluN1To1 + 1);
    return g.activation_grad(dy[0], out(), activation - 1);
  }
};

using GradientRule = void (*)(GradientCall&);

// A row of gradients.inc.
struct Gradient {
  uint16_t op;
  const char* name;
  GradientRule rule;   // null: none
  const char* reason;  // why there is none
  // The rule is not the derivative (a staircase's is 0): see the rule.
  bool straight_through;
};

Span<const Gradient> gradients();
// Null: the operator is not in the table.
const Gradient* find_gradient(uint16_t op);

}  // namespace mote
