// Floats on the grid that a quantization has (NUMERICS.md, 22.4).
#include "base/requantize.h"
#include "mote_generated.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/fake_quant/attributes.h"
#include "ops/fake_quant/grid.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::FakeQuant*>(table);
  auto& out = *static_cast<FakeQuantAttrs*>(attrs);
  out.min = in.min();
  out.max = in.max();
  out.bits = in.bits();
  out.narrow_range = in.narrow_range() ? 1 : 0;
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<FakeQuantAttrs>();
  MOTE_TRY(check_attribute("bits", a.bits, 2, 16));
  MOTE_TRY(check_attribute("narrow_range", a.narrow_range, 0, 1));
  // The step stays a normal number.
  if (!(a.min <= 0 && a.min >= -0x1p100F)) return error(Code::attribute_range, 0, 1, "min");
  if (!(a.max >= 0 && a.max <= 0x1p100F)) return error(Code::attribute_range, 0, -1, "max");
  if (!(a.max - a.min >= 0x1p-90F)) return error(Code::attribute_range, 1, 0, "max");
  return check_all_f32(v);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

// (22.6), in float32 for every T.
template <class T>
void fake_quant(const KernelCall& call, uint32_t tile, uint32_t) {
  const FakeQuantGrid g = fake_quant_grid(call.attributes<FakeQuantAttrs>());
  const T* x = call.in(0).as<T>();
  T* y = call.out().as<T>();
  Range r = elementwise_range(call, tile);
  for (int64_t i = r.begin; i < r.end; ++i) {
    auto v = static_cast<float>(x[i]);
    v = v > g.lo ? v : g.lo;
    v = v < g.hi ? v : g.hi;
    auto level = static_cast<int32_t>((v - g.lo) * g.inverse + 0.5F);  // at most 2^16
    y[i] = static_cast<T>(static_cast<float>(level) * g.step + g.lo);
  }
}

constexpr Kernel kKernels[] = {
#include "ops/fake_quant/kernels.inc"
};

}  // namespace

extern const Operator fake_quant_operator;
extern const Kernel fake_quant_f64;

const Operator fake_quant_operator = {
    .code = op_code::fake_quant,
    .name = "fake_quant",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::FakeQuant),
    .attributes_bytes = sizeof(FakeQuantAttrs),
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel fake_quant_f64 = {.name = "fake_quant_f64_reference",
                               .reference = true,
                               .accepts = is_f64,
                               .tiles = elementwise_tiles,
                               .run = fake_quant<double>};

}  // namespace mote
