// y = x < 0 ? slope * x : x with broadcasting (NUMERICS.md, 18.6).
#include "base/requantize.h"
#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

Status read_nothing(const void*, void*) { return {}; }

Status check(const OpView& v) {
  MOTE_TRY(check_same_type(v, 0, 1));
  MOTE_TRY(check_float_or_quantized(v));
  return v.in(0).type == Type::int8 ? check_per_tensor(v.in(1), 1) : Status{};
}

template <class T>
void real_rows(const KernelCall& call, uint32_t tile, uint32_t) {
  for_rows<T>(call, tile, [](auto... row) {
    apply_row<T>(row..., [](T x, T slope) { return x < 0 ? slope * x : x; });
  });
}

// (18.9)
struct PreluS8Params {
  float positive, negative;  // scales
  int32_t x_zero, slope_zero;
  RequantizeRange range;
};

Status prepare_s8(PrepareContext& ctx) {
  auto* p = ctx.allocate<PreluS8Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(PreluS8Params));
  const Quantization &x = ctx.view.in(0).quantization, &slope = ctx.view.in(1).quantization;
  const Quantization& y = ctx.view.out().quantization;
  *p = {x.scale() / y.scale(), x.scale() * slope.scale() / y.scale(), x.zero_point(),
        slope.zero_point(), requantize_range(-128, 127, y.zero_point())};
  ctx.params = p;
  return {};
}

void quantized_rows_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const PreluS8Params p = *static_cast<const PreluS8Params*>(call.params);
  for_rows<int8_t>(call, tile, [=](auto... row) {
    apply_row<int8_t>(row..., [=](int8_t x, int8_t slope) {
      int32_t v = x - p.x_zero;
      int32_t acc = v < 0 ? v * (slope - p.slope_zero) : v;
      return static_cast<int8_t>(requantize(acc, v < 0 ? p.negative : p.positive, p.range));
    });
  });
}

constexpr Kernel kKernels[] = {
#include "ops/prelu/kernels.inc"
};

}  // namespace

extern const Operator prelu_operator;
extern const Kernel prelu_f64;

const Operator prelu_operator = {
    .code = op_code::prelu,
    .name = "prelu",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NoAttributes),
    .min_inputs = 2,
    .max_inputs = 2,
    .in_place = 3,
    .read = read_nothing,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel prelu_f64 = {.name = "prelu_f64_reference",
                          .reference = true,
                          .accepts = is_f64,
                          .tiles = elementwise_tiles,
                          .run = real_rows<double>};

}  // namespace mote
