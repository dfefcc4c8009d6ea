// Operands of lstm and the gates that its rows belong to.
#pragma once

#include "ops/recurrent.h"

namespace mote::lstm {

enum Input : size_t {
  kX,
  kInputWeights,
  kRecurrentWeights,
  kBias,
  kInitialH,
  kInitialC,
  kPeephole,
  kProjection,
  kProjectionBias,
  kNorm,
  kLengths
};
enum Output : size_t { kY, kLastH, kLastC };

enum Gate { kInputGate, kForgetGate, kCellGate, kOutputGate };

// Rows of a gate: block `of[gate]` of `hidden` rows, -1 for one that is derived.
struct Gates {
  int of[4];
  int peephole[4];  // blocks of the peephole operand
  int count;
};
inline Gates gates_of(int32_t coupling) {
  if (coupling == kMoteCoupledForget) return {{0, -1, 1, 2}, {0, -1, -1, 1}, 3};
  if (coupling == kMoteCoupledInput) return {{-1, 0, 1, 2}, {-1, 0, -1, 1}, 3};
  return {{0, 1, 2, 3}, {0, 1, -1, 2}, 4};
}

struct Sizes {
  int64_t in, out, hidden;
};
// Of operands that the shape function has accepted: weights are static.
inline Sizes sizes_of(const OpView& v) {
  const ShapeBounds &w = v.in(kInputWeights).bounds, &r = v.in(kRecurrentWeights).bounds;
  return {w.dims[1].max, r.dims[1].max,
          r.dims[0].max / gates_of(v.attributes<RecurrentAttrs>().coupling).count};
}

// quantized.cc
Status check_quantized(const OpView& v);
Status prepare_quantized(PrepareContext& ctx);
void run_quantized(const KernelCall& call, uint32_t tile, uint32_t worker);

}  // namespace mote::lstm
