// Losses: the tiles leave partial sums in the shared scratch, which are added afterwards, so that a
// loss does not depend on the number of threads.
#pragma once

#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/tiles.h"

namespace mote {

// Two inputs, outputs loss [1] and the gradient by input 0: neither is quantized.
inline Status check_loss(const OpView& v, Type second) {
  Type expected[4] = {Type::float32, second, Type::float32, Type::float32};
  const TensorInfo* operands[4] = {&v.in(0), &v.in(1), &v.out(0), &v.out(1)};
  for (int i = 0; i < 4; ++i) {
    if (operands[i]->type != expected[i]) return error(Code::operand_type, 0, i);
    if (operands[i]->quantization.quantized()) return error(Code::quantization_unexpected, 0, i);
  }
  return {};
}

inline ShapeBounds one_element() {
  ShapeBounds s;
  s.rank = 1;
  s.dims[0] = {1, 1};
  return s;
}

// The head of the shared scratch; partial sums follow.
struct LossHead {
  int64_t counted;  // rows that take part
  int64_t unused;
};
inline LossHead& loss_head(const KernelCall& call) {
  return *reinterpret_cast<LossHead*>(call.shared_scratch);
}
template <class T>
T* loss_partials(const KernelCall& call) {
  return reinterpret_cast<T*>(call.shared_scratch + sizeof(LossHead));
}
// For `tiles` partial sums at the largest shapes.
inline Status reserve_partials(PrepareContext& ctx, uint32_t tiles) {
  ctx.shared_scratch_bytes = sizeof(LossHead) + size_t{tiles} * type_bytes(ctx.view.in(0).type);
  return {};
}

// (15.1): neighbours are added until one sum is left.
template <class T>
T add_partials(T* sums, int64_t n) {
  for (; n > 1; n = (n + 1) / 2) {
    for (int64_t i = 0; i < n / 2; ++i) sums[i] = sums[2 * i] + sums[2 * i + 1];
    if (n % 2 == 1) sums[n / 2] = sums[n - 1];
  }
  return sums[0];
}

}  // namespace mote
