// Reductions other than sum and mean (NUMERICS.md, 19.1).
#pragma once

#include <cmath>
#include <limits>

#include "ops/reduce/attributes.h"
#include "ops/reduce/loops.h"
#include "ops/tiles.h"

namespace mote::folding {

// Accumulators of a block of neighbouring outputs: a few cache lines beside the rows.
inline constexpr int64_t kBlock = 256;

// acc[j] = step(acc[j], term, j) for the terms of output + j, j < n, in row-major order.
template <class T, class Step>
void fold_block(const ReduceLoops& loops, const T* x, int64_t output, int64_t n, T* acc,
                Step step) {
  loops.for_lines(loops.base(output), [&](int64_t offset) {
    const T* line = x + offset;
    if (loops.reduced_stride == 1) {
      T a = acc[0];
      for (int64_t i = 0; i < loops.reduced_size; ++i) a = step(a, line[i], 0);
      acc[0] = a;
      return;
    }
    for (int64_t i = 0; i < loops.reduced_size; ++i, line += loops.reduced_stride)
      for (int64_t j = 0; j < n; ++j) acc[j] = step(acc[j], line[j], j);
  });
}

// Calls block(output, n) for blocks of at most kBlock outputs that lie side by side in the input;
// of one where the terms do.
template <class Block>
void for_blocks(const ReduceLoops& loops, Range outputs, Block&& block) {
  for (int64_t o = outputs.begin; o < outputs.end;) {
    int64_t n = loops.reduced_stride == 1 ? 1 : loops.kept_size - o % loops.kept_size;
    n = n < outputs.end - o ? n : outputs.end - o;
    n = n < kBlock ? n : kBlock;
    block(o, n);
    o += n;
  }
}

// One fold from `start`; `end` makes the result of it.
template <class T, class Step, class End>
void fold(const ReduceLoops& loops, Range outputs, const T* x, T* y, T start, Step step, End end) {
  for_blocks(loops, outputs, [&](int64_t o, int64_t n) {
    T acc[kBlock];
    for (int64_t j = 0; j < n; ++j) acc[j] = start;
    fold_block(loops, x, o, n, acc, [&](T a, T v, int64_t) { return step(a, v); });
    for (int64_t j = 0; j < n; ++j) y[o + j] = end(acc[j]);
  });
}
template <class T, class Step>
void fold(const ReduceLoops& loops, Range outputs, const T* x, T* y, T start, Step step) {
  fold(loops, outputs, x, y, start, step, [](T a) { return a; });
}

template <class T>
constexpr T lowest() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_infinity ? static_cast<T>(-Limits::infinity()) : Limits::lowest();
}
template <class T>
constexpr T highest() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_infinity ? Limits::infinity() : Limits::max();
}

// (19.1)
template <class T>
void fold_max(const ReduceLoops& loops, Range outputs, const T* x, T* y) {
  fold(loops, outputs, x, y, lowest<T>(), [](T a, T v) { return v > a || v != v ? v : a; });
}
template <class T>
void fold_min(const ReduceLoops& loops, Range outputs, const T* x, T* y) {
  fold(loops, outputs, x, y, highest<T>(), [](T a, T v) { return v < a || v != v ? v : a; });
}

// (19.3)
template <class T>
void fold_log_sum_exp(const ReduceLoops& loops, Range outputs, const T* x, T* y) {
  for_blocks(loops, outputs, [&](int64_t o, int64_t n) {
    T most[kBlock], sum[kBlock];
    for (int64_t j = 0; j < n; ++j) {
      most[j] = lowest<T>();
      sum[j] = 0;
    }
    fold_block(loops, x, o, n, most, [](T a, T v, int64_t) { return v > a || v != v ? v : a; });
    fold_block(loops, x, o, n, sum, [&](T a, T v, int64_t j) { return a + std::exp(v - most[j]); });
    for (int64_t j = 0; j < n; ++j)
      y[o + j] = std::isfinite(most[j]) ? most[j] + std::log(sum[j]) : most[j];
  });
}

// (19.1) to (19.3), T float or double.
template <class T>
void fold_real(int32_t kind, const ReduceLoops& loops, Range outputs, const T* x, T* y) {
  auto square = [](T a, T v) { return a + v * v; };
  switch (kind) {
    case kMoteReduceMax:
      return fold_max(loops, outputs, x, y);
    case kMoteReduceMin:
      return fold_min(loops, outputs, x, y);
    case kMoteReduceProd:
      return fold(loops, outputs, x, y, T(1), [](T a, T v) { return a * v; });
    case kMoteReduceL1:
      return fold(loops, outputs, x, y, T(0), [](T a, T v) { return a + std::fabs(v); });
    case kMoteReduceL2:
      return fold(loops, outputs, x, y, T(0), square, [](T a) { return std::sqrt(a); });
    case kMoteReduceLogSum:
      return fold(
          loops, outputs, x, y, T(0), [](T a, T v) { return a + v; },
          [](T a) { return std::log(a); });
    case kMoteReduceLogSumExp:
      return fold_log_sum_exp(loops, outputs, x, y);
    default:
      return fold(loops, outputs, x, y, T(0), square);
  }
}

// (19.1), (19.2): T the integer type, U its unsigned one.
template <class T, class U>
void fold_integer(int32_t kind, const ReduceLoops& loops, Range outputs, const T* x, T* y) {
  const U* ux = reinterpret_cast<const U*>(x);
  U* uy = reinterpret_cast<U*>(y);
  switch (kind) {
    case kMoteReduceMax:
      return fold_max(loops, outputs, x, y);
    case kMoteReduceMin:
      return fold_min(loops, outputs, x, y);
    case kMoteReduceProd:
      return fold(loops, outputs, ux, uy, U(1), [](U a, U v) { return a * v; });
    case kMoteReduceL1:
      return fold(loops, outputs, ux, uy, U(0),
                  [](U a, U v) { return static_cast<T>(v) < 0 ? a - v : a + v; });
    case kMoteReduceSumSquare:
      return fold(loops, outputs, ux, uy, U(0), [](U a, U v) { return a + v * v; });
    default:
      return fold(loops, outputs, ux, uy, U(0), [](U a, U v) { return a + v; });
  }
}

// (19.4)
inline void fold_boolean(int32_t kind, const ReduceLoops& loops, Range outputs, const uint8_t* x,
                         uint8_t* y) {
  auto any = [](uint8_t a, uint8_t v) { return static_cast<uint8_t>(a | (v != 0)); };
  auto all = [](uint8_t a, uint8_t v) { return static_cast<uint8_t>(a & (v != 0)); };
  if (kind == kMoteReduceAny) return fold(loops, outputs, x, y, uint8_t{0}, any);
  fold(loops, outputs, x, y, uint8_t{1}, all);
}

}  // namespace mote::folding
