// The largest valid value of each window (NUMERICS.md, 3.3).
#include "ops/pool.h"

namespace mote {
namespace {

using namespace pool;

// (3.7)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  RealRange range = real_activation_range(call.attributes<Pool2dAttrs>().activation);
  for_each_window<T>(call, tile, [=](const T* x, const PoolWindow& w, T* y) {
    for (int64_t c = 0; c < w.channels; ++c) {
      T m = x[c];
      for_each_tap(x + c, w, [&](T v) { m = v > m || v != v ? v : m; });
      y[c] = clamp_real(m, range);
    }
  });
}

// (3.8)
void max_pool_s8_reference(const int8_t* x, const PoolWindow& w, const PoolS8Params& p, int8_t* y) {
  for (int64_t c = 0; c < w.channels; ++c) {
    int32_t m = p.lo;
    for_each_tap(x + c, w, [&](int32_t v) { m = v > m ? v : m; });
    y[c] = static_cast<int8_t>(m > p.hi ? p.hi : m);
  }
}

// A row of kernels/window on every window.
template <auto Window>
[[maybe_unused]] void f32_windows(const KernelCall& call, uint32_t tile, uint32_t) {
  RealRange range = real_activation_range(call.attributes<Pool2dAttrs>().activation);
  PoolF32Params p = {range.lo, range.hi};
  for_each_window<float>(
      call, tile, [&](const float* x, const PoolWindow& w, float* y) { Window(x, w, p, y); });
}
template <auto Window>
void s8_windows(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& p = *static_cast<const PoolS8Params*>(call.params);
  for_each_window<int8_t>(
      call, tile, [&](const int8_t* x, const PoolWindow& w, int8_t* y) { Window(x, w, p, y); });
}

constexpr Kernel kKernels[] = {
#include "ops/max_pool2d/kernels.inc"
};

}  // namespace

extern const Operator max_pool2d_operator;
extern const Kernel max_pool2d_f64;

const Operator max_pool2d_operator = make_operator(op_code::max_pool2d, "max_pool2d", kKernels);

const Kernel max_pool2d_f64 = {.name = "max_pool2d_f64_reference",
                               .reference = true,
                               .accepts = is_f64,
                               .tiles = tiles,
                               .run = real_reference<double>};

}  // namespace mote
