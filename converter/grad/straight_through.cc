#include "grad/straight_through.h"

namespace mote {

// Scaled so that the range is (-1, 1), where relu_n1_to_1 has slope 1. Half a step beyond the
// outermost numbers still rounds to them.
ir::ValueId pass_unsaturated(Builder& g, ir::ValueId dy, ir::ValueId x, ir::ValueId quantized) {
  const ir::Value v = g.graph().value(quantized);  // a copy: the graph grows
  // The int32 of a bias holds every sum that counts.
  if (v.type == Type::int32) return dy;
  const ir::Quantization& q = v.quantization;
  float lowest = v.type == Type::uint8 ? 0 : -128;
  float zero_point = q.zero_points.empty() ? 0 : static_cast<float>(q.zero_points[0]);
  ir::ValueId center = g.scalar(q.scales[0] * (lowest + 127.5f - zero_point));
  ir::ValueId scaled = g.scale(g.sub(x, center), 1 / (128 * q.scales[0]));
  return g.activation_grad(dy, scaled, kMoteReluN1To1);
}

}  // namespace mote
