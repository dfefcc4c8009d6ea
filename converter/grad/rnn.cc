#include "grad/recurrent.h"

namespace mote {

void gradient_rnn(GradientCall& c) {
  constexpr size_t kBias = 3, kInitialH = 4, kLengths = 5;
  const int32_t kind = c.node.attrs<RecurrentAttrs>().gate_activation;
  if (kind != kMoteTanh && kind != kMoteSigmoid && kind != kMoteRelu) {
    c.failure = "only tanh, sigmoid and relu have a gradient rule here";
    return;
  }
  Unrolled u(c, kInitialH, kLengths);
  if (u.failed()) return;
  const ir::ValueId y = u.y();
  ir::ValueId dh = c.dy[1];
  std::vector<ir::ValueId> gates;
  for (int32_t t = u.time - 1; t >= 0; --t) {
    gates.push_back(c.g.activation_grad(u.dy(t, dh), u.step(y, t), kind));
    dh = c.g.matmul(gates.back(), c.in(2), false, false);
  }
  const ir::ValueId all = u.join(gates);
  u.set_input_gradients(all, kBias);
  if (c.wants(2)) c.set(2, c.g.matmul(all, u.previous, true, false));
  if (c.wants(kInitialH)) c.set(kInitialH, dh);
}

}  // namespace mote
