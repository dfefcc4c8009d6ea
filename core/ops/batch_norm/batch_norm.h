// What the operators of batch normalization share: attributes, and operands that are one value per
// channel (the last dimension of x).
#pragma once

#include "mote_generated.h"
#include "ops/batch_norm/attributes.h"
#include "ops/check.h"
#include "ops/movement.h"

namespace mote::batch_norm {

inline Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::BatchNorm*>(table);
  auto& out = *static_cast<BatchNormAttrs*>(attrs);
  out.epsilon = in.epsilon();
  out.momentum = in.momentum();
  out.frozen = in.frozen() ? 1 : 0;
  return {};
}

// Limits, since a message carries integers: (0, infinity) and [0, 1].
inline Status check_attributes(const BatchNormAttrs& a) {
  if (!(a.epsilon > 0 && a.epsilon < __builtin_huge_valf()))
    return error(Code::attribute_range, 0, a.epsilon > 0 ? 1 : -1, "epsilon");
  if (!(a.momentum >= 0 && a.momentum <= 1))
    return error(Code::attribute_range, 0, a.momentum > 1 ? 2 : -1, "momentum");
  return check_attribute("frozen", a.frozen, 0, 1);
}

// Every operand is float32, inputs from `first_channel` on are of rank 1.
inline Status check(const OpView& v, size_t first_channel) {
  MOTE_TRY(check_attributes(v.attributes<BatchNormAttrs>()));
  MOTE_TRY(check_all_f32(v));
  if (v.in(0).bounds.rank < 1) return error(Code::operand_rank, 1, 0);
  for (size_t i = first_channel; i < v.inputs.size; ++i) MOTE_TRY(check_rank(v.in(i), 1));
  return {};
}

// `channels` becomes the shape [c] that x and the inputs from `first` on agree on.
inline Status channel_shape(Span<const ShapeBounds> in, size_t first, ShapeBounds* channels) {
  if (in[0].rank < 1) return error(Code::operand_rank, 1, in[0].rank);
  Dim c = in[0].dims[in[0].rank - 1];
  for (size_t i = first; i < in.size; ++i) {
    if (in[i].rank != 1) return error(Code::operand_rank, 1, in[i].rank);
    MOTE_TRY(equal_dims(c, in[i].dims[0], &c));
  }
  *channels = {};
  channels->rank = 1;
  channels->dims[0] = c;
  return {};
}

// x as rows of channels.
struct Rows {
  int64_t rows, channels;
};
inline Rows rows_of(const Tensor& x) {
  int64_t channels = x.dim(x.shape.rank - 1);
  return {x.elements() / channels, channels};
}

}  // namespace mote::batch_norm
