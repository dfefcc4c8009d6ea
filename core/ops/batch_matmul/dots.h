// batch_matmul of int8 with an exact int32 result where rows of both operands lie in line, as for
// weights [n, k] (NUMERICS.md, 4.4).
#pragma once

#include "kernels/dot/dots.h"
#include "ops/batch_matmul/integers.h"

namespace mote::batch_matmul {

// A piece of columns goes through the first-level cache with one row of a.
inline constexpr int64_t kDotColumns = 64;

inline bool accepts_dots(const OpView& v) {
  const auto& a = v.attributes<BatchMatmulAttrs>();
  return accepts_s8_s32(v) && a.transpose_a == 0 && a.transpose_b == 1;
}

inline Status prepare_dots(PrepareContext& ctx) {
  const int64_t terms = matrix_dim(ctx.view.in(0).bounds, 1, 0).max;
  constexpr int64_t kLine = 64;
  const int64_t bytes = ceil_div(terms * static_cast<int64_t>(sizeof(int16_t)), kLine) * kLine;
  // Twice an operand may be more than a 32-bit size holds.
  if (static_cast<uint64_t>(bytes) > SIZE_MAX / 2) return error(Code::out_of_memory, 0, bytes);
  ctx.scratch_bytes = static_cast<size_t>(bytes);
  return {};
}

// Places: pieces of columns of each row.
struct DotPlaces {
  Batch batch;
  int64_t pieces;  // of a row
  int64_t count() const { return batch.size.batch * batch.size.m * pieces; }
  int64_t products() const { return kDotColumns * batch.size.k; }
};
inline DotPlaces dot_places(const KernelCall& call) {
  Batch batch = current(call, false);
  return {batch, ceil_div(batch.size.n, kDotColumns)};
}
inline uint32_t dot_tiles(const KernelCall& call) {
  const DotPlaces p = dot_places(call);
  return place_tiles(p.count(), p.products());
}

template <const DotKernels* kDots>
void run_dots(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const DotPlaces p = dot_places(call);
  const ProductSize& s = p.batch.size;
  const int32_t zero_a = zero_of(call, 0), zero_b = zero_of(call, 1);
  auto* line = reinterpret_cast<int16_t*>(call.scratch + worker * call.scratch_stride);
  int64_t in_line = -1;
  uint32_t sum = 0;  // of the line
  const PlaceRange range = place_range(p.count(), p.products(), tile);
  for (int64_t place = range.begin; place < range.end; ++place) {
    const int64_t row = place / p.pieces, begin = place % p.pieces * kDotColumns;
    if (row != in_line) {
      const int8_t* a =
          call.in(0).as<int8_t>() + (Batch::a_matrix(&p.batch, row / s.m) * s.m + row % s.m) * s.k;
      sum = 0;
      for (int64_t t = 0; t < s.k; ++t) {
        line[t] = static_cast<int16_t>(a[t] - zero_a);
        sum += static_cast<uint32_t>(line[t]);
      }
      in_line = row;
    }
    const int64_t count = s.n - begin < kDotColumns ? s.n - begin : kDotColumns;
    const int8_t* b =
        call.in(1).as<int8_t>() + (Batch::b_matrix(&p.batch, row / s.m) * s.n + begin) * s.k;
    uint32_t* out = call.out().as<uint32_t>() + row * s.n + begin;
    kDots->s16_s8(line, b, s.k, count, out);
    if (zero_b == 0) continue;
    for (int64_t j = 0; j < count; ++j) out[j] -= static_cast<uint32_t>(zero_b) * sum;
  }
}

}  // namespace mote::batch_matmul
