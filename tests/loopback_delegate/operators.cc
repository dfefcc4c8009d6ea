#include "operators.h"

#include <cmath>

#include "ops/fused_activation.h"

namespace loopback {

Tensor::Tensor(const mote_delegate_tensor& t)
    : type(t.type),
      constant(t.kind == kConstant),
      bytes(t.max_bytes),
      scales(t.scales, t.scales + t.scale_count) {
  largest.rank = t.rank;
  for (int i = 0; i < t.rank; ++i) largest.dims[i] = t.max_shape[i];
  if (t.zero_points != nullptr) {
    zero_points.assign(t.zero_points, t.zero_points + t.scale_count);
  }
  if (constant) {
    const auto* from = static_cast<const uint8_t*>(t.data);
    data.assign(from, from + t.max_bytes);
  }
}

const Operator* find_operator(const char* name) {
  for (const Operator* op : {&kConv2d, &kFullyConnected, &kAdd, &kActivation, &kReshape})
    if (strcmp(op->name, name) == 0) return op;
  return nullptr;
}

const char* refuse_types(const mote_delegate_graph& graph, const mote_delegate_operator& op) {
  int32_t type = graph.tensors[op.outputs[0]].type;
  if (type != kFloat32 && type != kInt8) return "loopback: only float32 and int8";
  for (uint32_t i = 0; i < op.input_count; ++i) {
    if (op.inputs[i] < 0) continue;
    const mote_delegate_tensor& t = graph.tensors[op.inputs[i]];
    if (t.kind != kConstant && t.type != type) return "loopback: operands of different types";
  }
  return nullptr;
}

int32_t round_even(float x) { return static_cast<int32_t>(std::nearbyint(x)); }

int32_t requantize(int32_t accumulator, float scale, int32_t zero_point, Range range) {
  float v = static_cast<float>(accumulator) * scale;
  auto lo = static_cast<float>(range.lo - zero_point),
       hi = static_cast<float>(range.hi - zero_point);
  if (!(v > lo)) v = lo;
  if (v > hi) v = hi;
  return round_even(v) + zero_point;
}

Range stored_range(int32_t activation, const Tensor& output) {
  int32_t z = output.zero_point();
  auto bound = [&](float real) {
    float v = real / output.scale();
    v = std::fmin(std::fmax(v, static_cast<float>(-128 - z)), static_cast<float>(127 - z));
    return round_even(v) + z;
  };
  switch (activation) {
    case kMoteActivationRelu:
      return {bound(0), 127};
    case kMoteActivationRelu6:
      return {bound(0), bound(6)};
    case kMoteActivationReluN1To1:
      return {bound(-1), bound(1)};
    default:
      return {-128, 127};
  }
}

float activate(int32_t activation, float x) {
  switch (activation) {
    case kMoteActivationRelu:
      return x < 0 ? 0 : x;
    case kMoteActivationRelu6:
      return x < 0 ? 0 : x > 6 ? 6 : x;
    case kMoteActivationReluN1To1:
      return x < -1 ? -1 : x > 1 ? 1 : x;
    default:
      return x;
  }
}

}  // namespace loopback
