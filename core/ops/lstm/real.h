// lstm on floats (NUMERICS.md, 20.1), for float and for double.
#pragma once

#include "ops/lstm/layout.h"

namespace mote::lstm {

// 1e-8 is TensorFlow Lite's.
inline constexpr double kNormEpsilon = 1e-8;

// (20.4): v becomes its distance from the mean in standard deviations, times scale, plus bias.
template <class T>
void normalize(const T* scale, const T* bias, int64_t n, T* v) {
  T sum = 0, squares = 0;
  for (int64_t i = 0; i < n; ++i) sum += v[i];
  const T mean = sum / static_cast<T>(n);
  for (int64_t i = 0; i < n; ++i) squares += (v[i] - mean) * (v[i] - mean);
  const T factor = T(1) / std::sqrt(squares / static_cast<T>(n) +
                                    static_cast<T>(static_cast<float>(kNormEpsilon)));
  for (int64_t i = 0; i < n; ++i) {
    v[i] = (v[i] - mean) * factor * scale[i];
    if (bias != nullptr) v[i] += bias[i];
  }
}

// One run over rows of the batch. `gates` are (G + 1) * hidden of scratch: the gates, then h
// before its projection.
template <class T>
class Cell {
 public:
  Cell(const KernelCall& call, T* scratch)
      : attrs_(call.attributes<RecurrentAttrs>()),
        gates_(gates_of(attrs_.coupling)),
        sizes_(sizes_of(*call.view)),
        x_(call.in(kX).as<T>()),
        w_(call.in(kInputWeights).as<T>()),
        r_(call.in(kRecurrentWeights).as<T>()),
        bias_(recurrent::optional<T>(call, kBias)),
        h0_(recurrent::optional<T>(call, kInitialH)),
        c0_(recurrent::optional<T>(call, kInitialC)),
        peephole_(recurrent::optional<T>(call, kPeephole)),
        projection_(recurrent::optional<T>(call, kProjection)),
        projection_bias_(recurrent::optional<T>(call, kProjectionBias)),
        norm_(recurrent::optional<T>(call, kNorm)),
        walk_(attrs_, call.in(kX).shape, recurrent::optional<int32_t>(call, kLengths)),
        y_(call.out(kY).as<T>()),
        h_(call.out(kLastH).as<T>()),
        c_(call.out(kLastC).as<T>()),
        scratch_(scratch) {}

  void run_row(int64_t row) {
    const int64_t out = sizes_.out, hidden = sizes_.hidden;
    T *h = h_ + row * out, *c = c_ + row * hidden;
    recurrent::copy_or_zero(h0_ == nullptr ? nullptr : h0_ + row * out, out, h);
    recurrent::copy_or_zero(c0_ == nullptr ? nullptr : c0_ + row * hidden, hidden, c);
    const int64_t length = walk_.length(row);
    for (int64_t i = 0; i < length; ++i) {
      const int64_t at = walk_.vector(row, walk_.step(i, length));
      step(x_ + at * sizes_.in, h, c);
      recurrent::copy_or_zero(h, out, y_ + at * out);
    }
    recurrent::fill_beyond(walk_, row, length, out, T(0), y_);
  }

 private:
  using ActivationOf = recurrent::ActivationOf;

  // (20.5) to (20.7): h and c of the last step become those of this one.
  void step(const T* x, T* h, T* c) {
    const int64_t hidden = sizes_.hidden, rows = gates_.count * hidden;
    recurrent::copy_or_zero(norm_ == nullptr ? bias_ : nullptr, rows, scratch_);
    recurrent::add_products(w_, rows, sizes_.in, x, scratch_);
    recurrent::add_products(r_, rows, sizes_.out, h, scratch_);
    const ActivationOf gate = recurrent::gate_activation(attrs_);
    finish_gate(kInputGate, gate, c);
    finish_gate(kForgetGate, gate, c);
    finish_gate(kCellGate, recurrent::cell_activation(attrs_), c);
    update_cell(c);
    finish_gate(kOutputGate, gate, c);
    emit(c, h);
  }

  T* gate(Gate g) { return gates_.of[g] < 0 ? nullptr : scratch_ + gates_.of[g] * sizes_.hidden; }

  void finish_gate(Gate g, const ActivationOf& f, const T* c) {
    T* v = gate(g);
    if (v == nullptr) return;
    const int64_t n = sizes_.hidden, first = gates_.of[g] * n;
    if (peephole_ != nullptr && gates_.peephole[g] >= 0) {
      const T* p = peephole_ + gates_.peephole[g] * n;
      for (int64_t i = 0; i < n; ++i) v[i] += p[i] * c[i];
    }
    if (norm_ != nullptr)
      normalize(norm_ + first, bias_ == nullptr ? nullptr : bias_ + first, n, v);
    recurrent::activate(f, limit(), n, v);
  }

  void update_cell(T* c) {
    const T *i = gate(kInputGate), *f = gate(kForgetGate), *g = gate(kCellGate);
    for (int64_t k = 0; k < sizes_.hidden; ++k) {
      const T in = i != nullptr ? i[k] : T(1) - f[k], keep = f != nullptr ? f[k] : T(1) - i[k];
      c[k] = keep * c[k] + in * g[k];
    }
    recurrent::clip(static_cast<T>(attrs_.cell_clip), sizes_.hidden, c);
  }

  void emit(const T* c, T* h) {
    const int64_t hidden = sizes_.hidden;
    T* to = projection_ == nullptr ? h : scratch_ + gates_.count * hidden;
    const T* o = gate(kOutputGate);
    recurrent::copy_or_zero(c, hidden, to);
    recurrent::activate(recurrent::output_activation(attrs_), T(0), hidden, to);
    for (int64_t k = 0; k < hidden; ++k) to[k] = o[k] * to[k];
    if (projection_ == nullptr) return;
    recurrent::copy_or_zero(projection_bias_, sizes_.out, h);
    recurrent::add_products(projection_, sizes_.out, hidden, to, h);
    recurrent::clip(static_cast<T>(attrs_.projection_clip), sizes_.out, h);
  }

  T limit() const { return static_cast<T>(attrs_.clip); }

  const RecurrentAttrs& attrs_;
  const Gates gates_;
  const Sizes sizes_;
  const T *x_, *w_, *r_, *bias_, *h0_, *c0_, *peephole_, *projection_, *projection_bias_, *norm_;
  const recurrent::Walk walk_;
  T *y_, *h_, *c_;
  T* scratch_;
};

}  // namespace mote::lstm
