// The root of the mean square of each window (NUMERICS.md, 22.3).
#include <cmath>

#include "ops/pool.h"

namespace mote {
namespace {

Status check(const OpView& v) {
  const auto& a = v.attributes<Pool2dAttrs>();
  MOTE_TRY(pool::check_attributes(a));
  MOTE_TRY(check_attribute("round_half_up", a.round_half_up, 0, 0));
  MOTE_TRY(check_all_f32(v));
  return check_rank(v.in(0), 4);
}

// (22.4)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<Pool2dAttrs>();
  RealRange range = real_activation_range(a.activation);
  pool::for_each_window<T>(call, tile, [&](const T* x, const PoolWindow& w, T* y) {
    T d = static_cast<T>(pool::divisor(a, w));
    for (int64_t c = 0; c < w.channels; ++c) {
      T sum = 0;
      pool::for_each_tap(x + c, w, [&](T v) { sum += v * v; });
      y[c] = clamp_real(std::sqrt(sum / d), range);
    }
  });
}

constexpr Kernel kKernels[] = {
#include "ops/l2_pool2d/kernels.inc"
};

}  // namespace

extern const Operator l2_pool2d_operator;
extern const Kernel l2_pool2d_f64;

const Operator l2_pool2d_operator = {
    .code = op_code::l2_pool2d,
    .name = "l2_pool2d",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Pool2d),
    .attributes_bytes = sizeof(Pool2dAttrs),
    .read = pool::read,
    .check = check,
    .shape = pool::shape,
    .work = pool::work,
    .kernels = kKernels,
};

const Kernel l2_pool2d_f64 = {.name = "l2_pool2d_f64_reference",
                              .reference = true,
                              .accepts = is_f64,
                              .tiles = pool::tiles,
                              .run = real_reference<double>};

}  // namespace mote
