// y = f(x). Quantized: a table stored in the file (NUMERICS.md, activation).
#include <cmath>

#include "mote_generated.h"
#include "ops/activation/attributes.h"
#include "ops/activation_range.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Activation*>(table);
  auto& out = *static_cast<ActivationAttrs*>(attrs);
  out.kind = static_cast<int32_t>(in.kind());
  return {};
}

Status check(const OpView& v) {
  MOTE_TRY(check_attribute("kind", v.attributes<ActivationAttrs>().kind, kMoteRelu, kMoteTanh));
  MOTE_TRY(check_float_or_quantized(v));
  if (v.in(0).type == Type::int8) return check_table(v, 1, Type::int8);
  return v.has(1) ? error(Code::input_count, 1, 2) : Status{};
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

// The kinds that are a clamp, as the fused activation.
int32_t fused_kind(int32_t kind) {
  switch (kind) {
    case kMoteRelu:
      return kMoteActivationRelu;
    case kMoteRelu6:
      return kMoteActivationRelu6;
    default:
      return kMoteActivationReluN1To1;
  }
}

template <class T, class F>
void apply(const KernelCall& call, uint32_t tile, F f) {
  const T* x = call.in(0).as<T>();
  T* y = call.out().as<T>();
  Range r = elementwise_range(call, tile);
  MOTE_INDEPENDENT
  for (int64_t i = r.begin; i < r.end; ++i) y[i] = f(x[i]);
}

// (7.6)
template <class T>
void activation_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  int32_t kind = call.attributes<ActivationAttrs>().kind;
  if (kind == kMoteSigmoid)
    return apply<T>(call, tile, [](T x) { return T(1) / (T(1) + std::exp(-x)); });
  if (kind == kMoteTanh) return apply<T>(call, tile, [](T x) { return std::tanh(x); });
  RealRange range = real_activation_range(fused_kind(kind));
  apply<T>(call, tile, [=](T x) { return clamp_real(x, range); });
}

// (7.7)
void activation_table(const KernelCall& call, uint32_t tile, uint32_t) {
  const int8_t* table = call.in(1).as<int8_t>();
  apply<int8_t>(call, tile, [=](int8_t x) { return table[x + 128]; });
}

constexpr Kernel kKernels[] = {
#include "ops/activation/kernels.inc"
};

}  // namespace

extern const Operator activation_operator;
extern const Kernel activation_f64;

const Operator activation_operator = {
    .code = op_code::activation,
    .name = "activation",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Activation),
    .attributes_bytes = sizeof(ActivationAttrs),
    .min_inputs = 1,
    .max_inputs = 2,
    .in_place = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel activation_f64 = {.name = "activation_f64_reference",
                               .reference = true,
                               .accepts = is_f64,
                               .tiles = elementwise_tiles,
                               .run = activation_reference<double>};

}  // namespace mote
