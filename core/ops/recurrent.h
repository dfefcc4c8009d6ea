// What lstm, gru and rnn share: attributes, walking a sequence, products and activations
// (NUMERICS.md, 20).
#pragma once

#include <cmath>

#include "ops/check.h"
#include "ops/recurrent_attributes.h"
#include "ops/tiles.h"

namespace mote::recurrent {

Status read(const void* table, void* attrs);

// Attributes that an operator has no use for must be 0.
enum Feature : uint32_t {
  kCellActivation = 1,
  kOutputActivation = 2,
  kCellClip = 4,  // and projection_clip, coupling
  kLinearBeforeReset = 8,
};
Status check_attributes(const RecurrentAttrs& a, uint32_t features);
Status check_no_scales(const RecurrentAttrs& a);

// Operand `i`, if given, has this rank.
Status check_rank_of(const OpView& v, size_t i, int32_t rank);
Status check_lengths(const OpView& v, size_t i);

// Intervals of the dimensions of x and of the operands per sequence.
struct Sequence {
  Dim batch, time, in;
};
Status sequence_of(const RecurrentAttrs& a, const ShapeBounds& x, Sequence* out);
// The batch that a further operand [batch, ...] agrees on.
Status join_batch(const ShapeBounds& operand, Sequence* s);
// A dimension that must be `size` exactly.
Status require_dim(const Dim& d, int64_t size);
// A static dimension.
Status static_dim(const Dim& d, int64_t* size);
ShapeBounds output_shape(const RecurrentAttrs& a, const Sequence& s, int64_t out);
ShapeBounds last_shape(const Sequence& s, int64_t size);

// The products of a run, saturating: per step `step` of each row.
int64_t sequence_work(const OpView& v, int64_t step);

// Where the steps of one row (an element of the batch) stand in x and y.
class Walk {
 public:
  // `lengths` may be null: all steps.
  Walk(const RecurrentAttrs& a, const Shape& x, const int32_t* lengths)
      : reverse_(a.reverse != 0), time_major_(a.time_major != 0), lengths_(lengths) {
    batch = x.dims[time_major_ ? 1 : 0];
    time = x.dims[time_major_ ? 0 : 1];
  }
  int64_t batch, time;

  // Whatever the data say, within the sequence.
  int64_t length(int64_t row) const {
    if (lengths_ == nullptr) return time;
    int64_t n = lengths_[row];
    return n < 0 ? 0 : n > time ? time : n;
  }
  // The place in time of the step that is taken as number `i` of `length`.
  int64_t step(int64_t i, int64_t length) const { return reverse_ ? length - 1 - i : i; }
  // Vectors before that of `row` at time `t`.
  int64_t vector(int64_t row, int64_t t) const {
    return time_major_ ? t * batch + row : row * time + t;
  }

 private:
  bool reverse_, time_major_;
  const int32_t* lengths_;
};

// A tile is a row of the batch.
inline Tiling row_tiling(const KernelCall& call) {
  return {Walk(call.attributes<RecurrentAttrs>(), call.in(0).shape, nullptr).batch, 1, 1};
}
inline uint32_t row_tiles(const KernelCall& call) { return row_tiling(call).count(); }

template <class T>
const T* optional(const KernelCall& call, size_t i) {
  return call.has(i) ? call.in(i).as<T>() : nullptr;
}

// out[r] = out[r] + sum over k of w[r, k] * v[k], each sum begun with 0 and in order. Four rows at
// a time hide the latency of an addition.
template <class T>
void add_products(const T* w, int64_t rows, int64_t n, const T* v, T* out) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const T *w0 = w + r * n, *w1 = w0 + n, *w2 = w1 + n, *w3 = w2 + n;
    T s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (int64_t k = 0; k < n; ++k) {
      s0 += w0[k] * v[k];
      s1 += w1[k] * v[k];
      s2 += w2[k] * v[k];
      s3 += w3[k] * v[k];
    }
    out[r] += s0;
    out[r + 1] += s1;
    out[r + 2] += s2;
    out[r + 3] += s3;
  }
  for (; r < rows; ++r) {
    T s = 0;
    for (int64_t k = 0; k < n; ++k) s += w[r * n + k] * v[k];
    out[r] += s;
  }
}

// `from`, or zeros where it is null.
template <class T>
void copy_or_zero(const T* from, int64_t n, T* to) {
  for (int64_t i = 0; i < n; ++i) to[i] = from != nullptr ? from[i] : T(0);
}

// Into [-limit, limit] unless the limit is 0; NaN stays.
template <class T>
void clip(T limit, int64_t n, T* v) {
  if (!(limit > 0)) return;
  for (int64_t i = 0; i < n; ++i) v[i] = v[i] < -limit ? -limit : v[i] > limit ? limit : v[i];
}

struct ActivationOf {
  int32_t kind;
  float alpha, beta;
};

template <class T>
T sigmoid(T x) {
  return T(1) / (T(1) + std::exp(-x));
}

// (20.2)
template <class T>
T activated(const ActivationOf& f, T x) {
  const T alpha = static_cast<T>(f.alpha), beta = static_cast<T>(f.beta);
  switch (f.kind) {
    case kMoteSigmoid:
      return sigmoid(x);
    case kMoteTanh:
      return std::tanh(x);
    case kMoteRelu:
      return x < 0 ? T(0) : x;
    case kMoteRelu6:
      return x < 0 ? T(0) : x > 6 ? T(6) : x;
    case kMoteReluN1To1:
      return x < -1 ? T(-1) : x > 1 ? T(1) : x;
    case kMoteLeakyRelu:
      return x < 0 ? alpha * x : x;
    case kMoteThresholdedRelu:
      return x > alpha ? x : T(0);
    case kMoteElu:
      return x < 0 ? alpha * std::expm1(x) : x;
    case kMoteHardSigmoid: {
      const T v = alpha * x + beta;
      return v < 0 ? T(0) : v > 1 ? T(1) : v;
    }
    case kMoteSoftplus:
      return (x > 0 ? x : T(0)) + std::log1p(std::exp(x > 0 ? -x : x));
    case kMoteSoftsign:
      return x / (T(1) + std::fabs(x));
    case kMoteRecurrentScaledTanh:
      return alpha * std::tanh(beta * x);
    default:  // kMoteRecurrentAffine
      return alpha * x + beta;
  }
}

template <class T>
void activate(const ActivationOf& f, T limit, int64_t n, T* v) {
  clip(limit, n, v);
  if (f.kind == kMoteSigmoid) {
    for (int64_t i = 0; i < n; ++i) v[i] = sigmoid(v[i]);
  } else {
    for (int64_t i = 0; i < n; ++i) v[i] = activated(f, v[i]);
  }
}

inline ActivationOf gate_activation(const RecurrentAttrs& a) {
  return {a.gate_activation, a.gate_alpha, a.gate_beta};
}
inline ActivationOf cell_activation(const RecurrentAttrs& a) {
  return {a.cell_activation, a.cell_alpha, a.cell_beta};
}
inline ActivationOf output_activation(const RecurrentAttrs& a) {
  return {a.output_activation, a.output_alpha, a.output_beta};
}

// Steps beyond the sequence: y is `value`.
template <class T>
void fill_beyond(const Walk& walk, int64_t row, int64_t length, int64_t out, T value, T* y) {
  for (int64_t t = length; t < walk.time; ++t) {
    T* at = y + walk.vector(row, t) * out;
    for (int64_t i = 0; i < out; ++i) at[i] = value;
  }
}

}  // namespace mote::recurrent
