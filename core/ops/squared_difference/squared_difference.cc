// y = (a - b)^2 with broadcasting (NUMERICS.md, 18.1, 18.2).
#include "base/requantize.h"
#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

struct SquaredDifference {
  template <class T>
  static T of(T a, T b) {
    T d = a - b;
    return d * d;
  }
};

Status check(const OpView& v) {
  return check_plain(v, kPlainFloat | kPlainIntegers | kPlainQuantized);
}

// (18.2)
struct S8Params {
  float a_scale, b_scale, y_scale;
  int32_t a_zero, b_zero;
  RequantizeRange range;
};

Status prepare_s8(PrepareContext& ctx) {
  auto* p = ctx.allocate<S8Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(S8Params));
  const Quantization &a = ctx.view.in(0).quantization, &b = ctx.view.in(1).quantization;
  const Quantization& y = ctx.view.out().quantization;
  *p = {a.scale(),      b.scale(),      y.scale(),
        a.zero_point(), b.zero_point(), requantize_range(-128, 127, y.zero_point())};
  ctx.params = p;
  return {};
}

void run_s8(const KernelCall& call, uint32_t tile, uint32_t) {
  const S8Params p = *static_cast<const S8Params*>(call.params);
  for_rows<int8_t>(call, tile, [=](auto... row) {
    apply_row<int8_t>(row..., [=](int8_t a, int8_t b) {
      float d = static_cast<float>(a - p.a_zero) * p.a_scale -
                static_cast<float>(b - p.b_zero) * p.b_scale;
      float v = clamp_or_low(d * d / p.y_scale, p.range.lo, p.range.hi);
      return static_cast<int8_t>(round_half_even(v) + p.range.zero_point);
    });
  });
}

constexpr Kernel kKernels[] = {
#include "ops/squared_difference/kernels.inc"
};

}  // namespace

extern const Operator squared_difference_operator;
extern const Kernel squared_difference_f64;

const Operator squared_difference_operator =
    make_operator(op_code::squared_difference, "squared_difference", check, kKernels);
const Kernel squared_difference_f64 =
    make_plain_f64<SquaredDifference>("squared_difference_f64_reference");

}  // namespace mote
