// dy goes to the first largest value of each window (NUMERICS.md, 14.4).
#include "train/ops/pool_grad.h"

namespace mote {
namespace {

using namespace pool;

enum Input { kX, kDy };

Status check_operands(const OpView& v) { return check_grad(v, kX, kDy); }
Status shape_of_x(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  return grad_shape(v, in[kX], in[kDy], out);
}

// (14.4)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const T* x = call.in(kX).as<T>();
  T* dx = call.out().as<T>();
  for_grad_windows<T>(call, call.in(kDy), tile, [=](const GradWindow& w, const T* dy) {
    for (int64_t c = 0; c < w.taps.channels; ++c) {
      T m = x[w.at + c];
      int32_t row = 0, column = 0;
      for (int32_t i = 0; i < w.taps.rows; ++i) {
        for (int32_t j = 0; j < w.taps.columns; ++j) {
          T v = x[w.at + i * w.taps.row_stride + j * w.taps.channels + c];
          if (!(v > m || v != v)) continue;
          m = v;
          row = i;
          column = j;
        }
      }
      if (row < w.first || row >= w.end) continue;
      dx[w.at + row * w.taps.row_stride + column * w.taps.channels + c] += dy[c];
    }
  });
}

// A row of train/ops/grad_window.h on every window.
template <auto Window>
[[maybe_unused]] void f32_windows(const KernelCall& call, uint32_t tile, uint32_t) {
  const float* x = call.in(kX).as<float>();
  float* dx = call.out().as<float>();
  for_grad_windows<float>(call, call.in(kDy), tile, [=](const GradWindow& w, const float* dy) {
    Window(x + w.at, w, dy, dx + w.at);
  });
}

constexpr Kernel kKernels[] = {
#include "train/ops/max_pool2d_grad/kernels.inc"
};

}  // namespace

extern const Operator max_pool2d_grad_operator;
extern const Kernel max_pool2d_grad_f64;

const Operator max_pool2d_grad_operator = make_grad_operator(
    op_code::max_pool2d_grad, "max_pool2d_grad", 0, check_operands, shape_of_x, kKernels);

const Kernel max_pool2d_grad_f64 = {.name = "max_pool2d_grad_f64_reference",
                                    .reference = true,
                                    .accepts = is_f64,
                                    .tiles = grad_tiles,
                                    .run = real_reference<double>};

}  // namespace mote
