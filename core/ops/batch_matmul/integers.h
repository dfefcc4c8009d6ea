// The integer kernels of batch_matmul (NUMERICS.md, 4.4 to 4.6).
#pragma once

#include "base/requantize.h"
#include "ops/batch_matmul/batch.h"
#include "ops/check.h"

namespace mote::batch_matmul {

// Results that are summed side by side: their accumulators fit in a few vector registers.
inline constexpr int64_t kColumns = 64;

// Row-major matrices of one product; `a` is one row of it, its elements `a_stride` apart.
template <class T>
struct RowProduct {
  const T *a, *b;
  int64_t a_stride, terms, columns;
  bool transpose_b;
  int32_t zero_a, zero_b;
};

// acc[j] = sum of (a - zero_a) * (b - zero_b) for columns begin + j, modulo the size of Acc.
template <class Acc, class T>
void sum_columns(const RowProduct<T>& p, int64_t begin, int64_t count, Acc* acc) {
  auto of_a = [&](int64_t t) { return static_cast<Acc>(p.a[t * p.a_stride] - p.zero_a); };
  auto of_b = [&](T b) { return static_cast<Acc>(b - p.zero_b); };
  for (int64_t j = 0; j < count; ++j) acc[j] = 0;
  if (p.transpose_b) {
    for (int64_t j = 0; j < count; ++j)
      for (int64_t t = 0; t < p.terms; ++t)
        acc[j] += of_a(t) * of_b(p.b[(begin + j) * p.terms + t]);
    return;
  }
  for (int64_t t = 0; t < p.terms; ++t) {
    const Acc a = of_a(t);
    const T* row = p.b + t * p.columns + begin;
    for (int64_t j = 0; j < count; ++j) acc[j] += a * of_b(row[j]);
  }
}

// Calls store(index, sum) for the results of a tile. Acc is unsigned: sums wrap.
template <class Acc, class T, class Store>
void for_integer_sums(const KernelCall& call, uint32_t tile, int32_t zero_a, int32_t zero_b,
                      Store&& store) {
  Batch batch = current(call, false);
  const ProductSize& s = batch.size;
  const auto& attrs = call.attributes<BatchMatmulAttrs>();
  const bool ta = attrs.transpose_a != 0;
  PlaceRange range = place_range(s.batch * s.m, s.n * s.k, tile);
  for (int64_t row = range.begin; row < range.end; ++row) {
    const int64_t i = row % s.m;
    const T* a = call.in(0).as<T>() + Batch::a_matrix(&batch, row / s.m) * s.m * s.k;
    const T* b = call.in(1).as<T>() + Batch::b_matrix(&batch, row / s.m) * s.k * s.n;
    const RowProduct<T> p = {a + (ta ? i : i * s.k), b,      ta ? s.m : 1, s.k, s.n,
                             attrs.transpose_b != 0, zero_a, zero_b};
    for (int64_t begin = 0; begin < s.n; begin += kColumns) {
      const int64_t count = s.n - begin < kColumns ? s.n - begin : kColumns;
      Acc acc[kColumns];
      sum_columns(p, begin, count, acc);
      for (int64_t j = 0; j < count; ++j) store(row * s.n + begin + j, acc[j]);
    }
  }
}

inline int32_t zero_of(const KernelCall& call, size_t i) {
  const Quantization& q = call.view->in(i).quantization;
  return q.quantized() ? q.zero_point() : 0;
}

// (4.4), (4.5)
inline void s8_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const Quantization &a = call.view->in(0).quantization, &b = call.view->in(1).quantization,
                     &y = call.view->out().quantization;
  const float scale = a.scale() * b.scale() / y.scale();
  const RequantizeRange range = requantize_range(-128, 127, y.zero_point());
  auto* out = call.out().as<int8_t>();
  for_integer_sums<uint32_t, int8_t>(
      call, tile, a.zero_point(), b.zero_point(), [=](int64_t i, uint32_t acc) {
        out[i] = static_cast<int8_t>(requantize(static_cast<int32_t>(acc), scale, range));
      });
}

// (4.4)
inline void s8_s32_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  auto* out = call.out().as<uint32_t>();
  for_integer_sums<uint32_t, int8_t>(call, tile, zero_of(call, 0), zero_of(call, 1),
                                     [=](int64_t i, uint32_t acc) { out[i] = acc; });
}

// (4.6), T unsigned.
template <class T>
void integer_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  auto* out = call.out().as<T>();
  for_integer_sums<T, T>(call, tile, 0, 0, [=](int64_t i, T acc) { out[i] = acc; });
}

inline bool accepts_s8(const OpView& v) { return is_s8(v) && v.out().type == Type::int8; }
inline bool accepts_s8_s32(const OpView& v) { return is_s8(v) && v.out().type == Type::int32; }
template <Type kType>
bool accepts_type(const OpView& v) {
  return input_is(v, kType);
}

}  // namespace mote::batch_matmul
