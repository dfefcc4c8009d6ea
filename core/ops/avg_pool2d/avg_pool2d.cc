// The mean of the valid values of each window (NUMERICS.md, 3.4).
#include "ops/pool.h"

namespace mote {
namespace {

using namespace pool;

// (3.9)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<Pool2dAttrs>();
  RealRange range = real_activation_range(a.activation);
  for_each_window<T>(call, tile, [&](const T* x, const PoolWindow& w, T* y) {
    T d = static_cast<T>(divisor(a, w));
    for (int64_t c = 0; c < w.channels; ++c) {
      T sum = 0;
      for_each_tap(x + c, w, [&](T v) { sum += v; });
      y[c] = clamp_real(sum / d, range);
    }
  });
}

// (3.11)
int32_t rounded_quotient(int32_t sum, int32_t d, bool half_up) {
  if (half_up) return (sum + 128 * d + d / 2) / d - 128;  // the dividend is not negative
  return (sum > 0 ? sum + d / 2 : sum - d / 2) / d;
}

void avg_pool_s8_reference(const int8_t* x, const PoolWindow& w, int32_t d, int32_t border,
                           const PoolS8Params& p, int8_t* y) {
  for (int64_t c = 0; c < w.channels; ++c) {
    int32_t sum = border;
    for_each_tap(x + c, w, [&](int32_t v) { sum += v; });
    int32_t v = rounded_quotient(sum, d, p.round_half_up != 0);
    v = v < p.lo ? p.lo : v;
    y[c] = static_cast<int8_t>(v > p.hi ? p.hi : v);
  }
}

// A row of kernels/window on every window.
template <auto Window>
[[maybe_unused]] void f32_windows(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<Pool2dAttrs>();
  RealRange range = real_activation_range(a.activation);
  PoolF32Params p = {range.lo, range.hi};
  for_each_window<float>(call, tile, [&](const float* x, const PoolWindow& w, float* y) {
    Window(x, w, divisor(a, w), p, y);
  });
}
template <auto Window>
void s8_windows(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<Pool2dAttrs>();
  const auto& p = *static_cast<const PoolS8Params*>(call.params);
  for_each_window<int8_t>(call, tile, [&](const int8_t* x, const PoolWindow& w, int8_t* y) {
    int32_t d = divisor(a, w);
    Window(x, w, d, (d - w.rows * w.columns) * p.zero_point, p, y);
  });
}

constexpr Kernel kKernels[] = {
#include "ops/avg_pool2d/kernels.inc"
};

}  // namespace

extern const Operator avg_pool2d_operator;
extern const Kernel avg_pool2d_f64;

const Operator avg_pool2d_operator = make_operator(op_code::avg_pool2d, "avg_pool2d", kKernels);

const Kernel avg_pool2d_f64 = {.name = "avg_pool2d_f64_reference",
                               .reference = true,
                               .accepts = is_f64,
                               .tiles = tiles,
                               .run = real_reference<double>};

}  // namespace mote
