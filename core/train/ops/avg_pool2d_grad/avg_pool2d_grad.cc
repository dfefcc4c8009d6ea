// dy spread over the valid places of each window (NUMERICS.md, 14.5).
#include "train/ops/pool_grad.h"

namespace mote {
namespace {

using namespace pool;

enum Input { kDy, kX };

Status check_operands(const OpView& v) { return check_grad(v, kX, kDy); }
Status shape_of_x(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  return grad_shape(v, in[kX], in[kDy], out);
}

// (14.5)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<Pool2dAttrs>();
  T* dx = call.out().as<T>();
  for_grad_windows<T>(call, call.in(kDy), tile, [&](const GradWindow& w, const T* dy) {
    const T d = static_cast<T>(divisor(a, w.taps));
    for (int32_t i = w.first; i < w.end; ++i) {
      T* at = dx + w.at + i * w.taps.row_stride;
      for (int32_t j = 0; j < w.taps.columns; ++j, at += w.taps.channels)
        for (int64_t c = 0; c < w.taps.channels; ++c) at[c] += dy[c] / d;
    }
  });
}

// A row of train/ops/grad_window.h on every window.
template <auto Window>
[[maybe_unused]] void f32_windows(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<Pool2dAttrs>();
  float* dx = call.out().as<float>();
  for_grad_windows<float>(call, call.in(kDy), tile, [&](const GradWindow& w, const float* dy) {
    Window(w, static_cast<float>(divisor(a, w.taps)), dy, dx + w.at);
  });
}

constexpr Kernel kKernels[] = {
#include "train/ops/avg_pool2d_grad/kernels.inc"
};

}  // namespace

extern const Operator avg_pool2d_grad_operator;
extern const Kernel avg_pool2d_grad_f64;

const Operator avg_pool2d_grad_operator = make_grad_operator(
    op_code::avg_pool2d_grad, "avg_pool2d_grad", 2, check_operands, shape_of_x, kKernels);

const Kernel avg_pool2d_grad_f64 = {.name = "avg_pool2d_grad_f64_reference",
                                    .reference = true,
                                    .accepts = is_f64,
                                    .tiles = grad_tiles,
                                    .run = real_reference<double>};

}  // namespace mote
