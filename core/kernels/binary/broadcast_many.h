// Broadcasting of N operands (NUMERICS.md, 2.4) as loops over rows; of two: broadcast.h.
#pragma once

#include "mote/types.h"

namespace mote {

// Neighbouring dimensions that all operands walk alike are merged.
template <int N>
struct BroadcastMany {
  int32_t rank = 0;  // after merging; the last dimension is the row
  int64_t dims[kMaxRank] = {};
  int64_t step[kMaxRank][N] = {};  // elements by which the operands advance; 0: broadcast
};

template <int N>
BroadcastMany<N> make_broadcast_many(const Shape* const (&operands)[N], const Shape& y) {
  BroadcastMany<N> out;
  int64_t stride[kMaxRank][N];
  int64_t size[N];
  for (int k = 0; k < N; ++k) size[k] = 1;
  for (int i = y.rank - 1; i >= 0; --i)
    for (int k = 0; k < N; ++k) {
      int at = i - (y.rank - operands[k]->rank);
      int64_t n = at < 0 ? 1 : operands[k]->dims[at];
      stride[i][k] = n == 1 ? 0 : size[k];
      size[k] *= n;
    }
  for (int i = 0; i < y.rank; ++i) {
    if (y.dims[i] == 1) continue;
    bool merges = out.rank > 0;
    for (int k = 0; merges && k < N; ++k)
      merges = out.step[out.rank - 1][k] == stride[i][k] * y.dims[i];
    if (!merges) out.dims[out.rank++] = 1;
    out.dims[out.rank - 1] *= y.dims[i];
    for (int k = 0; k < N; ++k) out.step[out.rank - 1][k] = stride[i][k];
  }
  if (out.rank == 0) out.dims[out.rank++] = 1;
  return out;
}

// Calls row(offsets, steps, y, n) for the output elements [begin, end), in their order: operand k
// is read at offsets[k] + i * steps[k] for i < n, steps being 0 or 1; y is the output's offset.
template <int N, class F>
void for_each_row(const BroadcastMany<N>& s, int64_t begin, int64_t end, F&& row) {
  const int last = s.rank - 1;
  for (int64_t y = begin; y < end;) {
    int64_t offset[N] = {}, left = y;
    int64_t column = left % s.dims[last];
    for (int i = last; i >= 0; --i) {
      for (int k = 0; k < N; ++k) offset[k] += left % s.dims[i] * s.step[i][k];
      left /= s.dims[i];
    }
    int64_t n = s.dims[last] - column < end - y ? s.dims[last] - column : end - y;
    row(offset, s.step[last], y, n);
    y += n;
  }
}

}  // namespace mote
