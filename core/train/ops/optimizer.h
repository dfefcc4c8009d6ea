// What the optimizers share: states that are written in place, a gradient of their shape, and small
// tensors of numbers. Any other operand may be a view of a state, element by element: what belongs
// to one element is read before any of it is written.
#pragma once

#include "base/interval.h"
#include "mote_generated.h"
#include "ops/check.h"
#include "ops/tiles.h"
#include "train/ops/optimizer_attributes.h"

namespace mote {

inline Status read_optimizer(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Optimizer*>(table);
  auto& out = *static_cast<OptimizerAttrs*>(attrs);
  out.nesterov = in.nesterov() ? 1 : 0;
  out.decoupled = in.decoupled() ? 1 : 0;
  return {};
}

// Inputs are float32, but `step`, which is int32 (none: the number of inputs).
inline Status check_optimizer(const OpView& v, size_t step) {
  for (size_t i = 0; i < v.inputs.size; ++i) {
    auto operand = static_cast<int64_t>(i);
    if (i < v.op->states && v.in(i).kind != TensorKind::state)
      return error(Code::operand_not_state, 0, operand);
    if (v.in(i).type != (i == step ? Type::int32 : Type::float32))
      return error(Code::operand_type, 0, operand);
    if (v.in(i).quantization.quantized()) return error(Code::quantization_unexpected, 0, operand);
  }
  return {};
}

inline Status same_dim(Dim a, Dim b) {
  if (a.max != b.max) return error(Code::operand_shape, a.max, b.max);
  return a.min == b.min ? Status{} : error(Code::operand_shape, a.min, b.min);
}

// States are static, so the gradient is.
inline Status check_as_parameter(Span<const ShapeBounds> in, size_t gradient) {
  for (size_t k = 1; k <= gradient; ++k) {
    if (in[k].rank != in[0].rank) return error(Code::operand_rank, in[0].rank, in[k].rank);
    for (int i = 0; i < in[0].rank; ++i) MOTE_TRY(same_dim(in[0].dims[i], in[k].dims[i]));
  }
  return {};
}

// A vector of `count` numbers.
inline Status check_numbers(const ShapeBounds& shape, int32_t count) {
  if (shape.rank != 1) return error(Code::operand_rank, 1, shape.rank);
  return same_dim({count, count}, shape.dims[0]);
}

inline int64_t optimizer_work(const OpView& v, int64_t operations) {
  int64_t work = element_count(v.in(0).bounds).max;
  return checked_mul(work, operations, &work) ? work : INT64_MAX;
}

inline Tiling optimizer_tiling(const KernelCall& call) {
  return {call.in(0).elements(), 1, kElementwiseTile};
}
inline uint32_t optimizer_tiles(const KernelCall& call) { return optimizer_tiling(call).count(); }

}  // namespace mote
