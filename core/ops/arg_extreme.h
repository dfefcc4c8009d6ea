// What arg_max and arg_min share: attributes, shapes and the search (NUMERICS.md, 6.2).
#pragma once

#include "mote_generated.h"
#include "ops/arg_max/attributes.h"
#include "ops/movement.h"
#include "ops/tiles.h"

namespace mote::arg_extreme {

inline Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::ArgMax*>(table);
  auto& out = *static_cast<ArgMaxAttrs*>(attrs);
  out.axis = in.axis();
  out.keep_dims = in.keep_dims() ? 1 : 0;
  out.select_last = in.select_last() ? 1 : 0;
  return {};
}

inline Status check(const OpView& v) {
  const auto& a = v.attributes<ArgMaxAttrs>();
  MOTE_TRY(check_axis(a.axis, v.in(0).bounds.rank));
  MOTE_TRY(check_attribute("keep_dims", a.keep_dims, 0, 1));
  MOTE_TRY(check_attribute("select_last", a.select_last, 0, 1));
  switch (v.in(0).type) {
    case Type::float32:
    case Type::int8:
    case Type::uint8:
    case Type::int32:
    case Type::int64:
      break;
    default:
      return error(Code::operand_type, 0, 0);
  }
  // Stored values are compared: with a scale per channel they do not stand for the real ones.
  if (v.in(0).quantization.scale_count > 1) return error(Code::per_channel_not_allowed, 0, 0);
  if (v.out().type != Type::int32 && v.out().type != Type::int64)
    return error(Code::operand_type, 0, 1);
  return v.out().quantization.quantized() ? error(Code::quantization_unexpected, 0, 1) : Status{};
}

inline Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<ArgMaxAttrs>();
  if (in[0].rank <= a.axis) return error(Code::operand_rank, a.axis + 1, in[0].rank);
  out[0].rank = 0;
  for (int i = 0; i < in[0].rank; ++i) {
    if (i != a.axis) {
      out[0].dims[out[0].rank++] = in[0].dims[i];
    } else if (a.keep_dims != 0) {
      out[0].dims[out[0].rank++] = {};
    }
  }
  return {};
}

inline int64_t work(const OpView& v) { return v.in(0).max_bytes; }

inline Tiling tiling(const KernelCall& call) {
  return {call.out().elements(), call.in(0).bytes() / call.out().elements()};
}
inline uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// A NaN is beyond every number.
template <bool kMin, class T>
bool beyond(T v, T best) {
  return (kMin ? v < best : v > best) || (v != v && best == best);
}

template <bool kMin, class T>
int64_t find_extreme(const T* x, int64_t n, int64_t stride, bool last) {
  int64_t best = 0;
  T most = x[0];
  for (int64_t i = 1; i < n; ++i) {
    T v = x[i * stride];
    if (beyond<kMin>(v, most) || (last && !beyond<kMin>(most, v))) {
      best = i;
      most = v;
    }
  }
  return best;
}

template <bool kMin, class T>
void run(const KernelCall& call, uint32_t tile, uint32_t) {
  const Tensor &x = call.in(0), &y = call.out();
  const auto& a = call.attributes<ArgMaxAttrs>();
  int64_t n = x.dim(a.axis), inner = 1;
  for (int i = a.axis + 1; i < x.shape.rank; ++i) inner *= x.dim(i);
  Range r = tiling(call).range(tile);
  bool wide = y.type() == Type::int64, last = a.select_last != 0;
  for (int64_t i = r.begin; i < r.end; ++i) {
    const T* line = x.as<T>() + i / inner * n * inner + i % inner;
    int64_t best = find_extreme<kMin>(line, n, inner, last);
    if (wide) {
      y.as<int64_t>()[i] = best;
    } else {
      y.as<int32_t>()[i] = static_cast<int32_t>(best);
    }
  }
}

template <Type kType>
bool is_type(const OpView& v) {
  return input_is(v, kType);
}

}  // namespace mote::arg_extreme
