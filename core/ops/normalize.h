// What layer_norm, rms_norm, group_norm and l2_normalize share (NUMERICS.md, 21): attributes, sums
// that do not lose digits over long rows, and tiles of whole rows.
#pragma once

#include <cmath>

#include "mote_generated.h"
#include "ops/check.h"
#include "ops/movement.h"
#include "ops/normalize_attributes.h"
#include "ops/tiles.h"

namespace mote::normalize {

enum Input { kX, kScale, kBias };

inline Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Normalize*>(table);
  auto& out = *static_cast<NormalizeAttrs*>(attrs);
  out.axis_count = in.axis_count();
  out.groups = in.groups();
  out.epsilon = in.epsilon();
  return {};
}

// All float32; epsilon in [0, infinity), which a message can only give as an integer.
inline Status check(const OpView& v) {
  float epsilon = v.attributes<NormalizeAttrs>().epsilon;
  if (!(epsilon >= 0 && epsilon < __builtin_huge_valf()))
    return error(Code::attribute_range, 0, epsilon > 0 ? 1 : -1, "epsilon");
  return check_all_f32(v);
}

// Over the last `axis_count` dimensions; the further operands have exactly these.
inline Status check_last_axes(const OpView& v) {
  MOTE_TRY(check(v));
  int32_t count = v.attributes<NormalizeAttrs>().axis_count;
  if (v.in(kX).bounds.rank < 1) return error(Code::operand_rank, 1, 0);
  MOTE_TRY(check_attribute("axis_count", count, 1, v.in(kX).bounds.rank));
  for (size_t i = kScale; i < v.inputs.size; ++i)
    if (v.has(i)) MOTE_TRY(check_rank(v.in(i), count));
  return {};
}

// The output is as x; what x and the further operands must have in common at run.
inline Status last_axes_shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  int32_t count = v.attributes<NormalizeAttrs>().axis_count, rank = in[kX].rank;
  if (rank < count) return error(Code::operand_rank, count, rank);
  out[0] = in[kX];
  for (size_t i = kScale; i < in.size; ++i) {
    if (!v.has(i)) continue;
    if (in[i].rank != count) return error(Code::operand_rank, count, in[i].rank);
    for (int d = 0; d < count; ++d) {
      Dim both;
      MOTE_TRY(equal_dims(in[kX].dims[rank - count + d], in[i].dims[d], &both));
    }
  }
  return {};
}

// x as rows of the elements that are normalized together.
struct Rows {
  int64_t count, size;
};
inline Rows rows_of(const Shape& x, int32_t axis_count) {
  Rows rows{1, 1};
  for (int i = 0; i < x.rank; ++i) (i < x.rank - axis_count ? rows.count : rows.size) *= x.dims[i];
  return rows;
}

// Elements whose sum stays in the element's type; sums of these are in double.
inline constexpr int64_t kSumBlock = 64;

// The sum of term(i) for i in [0, n). Partial sums fill a vector register of 8 floats.
template <class T, class Term>
double sum_of(int64_t n, Term&& term) {
  constexpr int64_t kLanes = 8;
  double total = 0;
  for (int64_t begin = 0; begin < n; begin += kSumBlock) {
    const int64_t end = n - begin < kSumBlock ? n : begin + kSumBlock;
    T lanes[kLanes] = {};
    int64_t i = begin;
    for (; i + kLanes <= end; i += kLanes)
      for (int64_t l = 0; l < kLanes; ++l) lanes[l] += term(i + l);
    for (int64_t l = 0; i + l < end; ++l) lanes[l] += term(i + l);
    T sum = 0;
    for (T lane : lanes) sum += lane;
    total += static_cast<double>(sum);
  }
  return total;
}

// From the sums of differences to a value near the mean, and of their squares.
template <class T>
struct Spread {
  T offset;   // the mean of the differences: what the rounding of the mean left
  T inverse;  // 1 / sqrt(variance + epsilon)
};
template <class T>
Spread<T> spread_of(double differences, double squares, double count, double epsilon) {
  const double offset = differences / count, variance = squares / count - offset * offset;
  return {static_cast<T>(offset),
          static_cast<T>(1 / std::sqrt((variance < 0 ? 0 : variance) + epsilon))};
}

template <class T>
const T* optional(const KernelCall& call, size_t i) {
  return call.has(i) ? call.in(i).as<T>() : nullptr;
}

inline Tiling row_tiling(const KernelCall& call, int32_t axis_count) {
  Rows rows = rows_of(call.out().shape, axis_count);
  return {rows.count, rows.size * element_bytes(call.out())};
}
// Kernel::tiles of the operators over the last axes.
inline uint32_t tiles(const KernelCall& call) {
  return row_tiling(call, call.attributes<NormalizeAttrs>().axis_count).count();
}

// Calls row(x, y, n) for each row of the tile.
template <class T, class Row>
void for_rows(const KernelCall& call, uint32_t tile, Row&& row) {
  int32_t axis_count = call.attributes<NormalizeAttrs>().axis_count;
  const int64_t n = rows_of(call.out().shape, axis_count).size;
  Range r = row_tiling(call, axis_count).range(tile);
  for (int64_t i = r.begin; i < r.end; ++i)
    row(call.in(kX).as<T>() + i * n, call.out().as<T>() + i * n, n);
}

}  // namespace mote::normalize
