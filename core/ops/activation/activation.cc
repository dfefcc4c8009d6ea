// y = f(x). Quantized: a table stored in the file (NUMERICS.md, activation).
#include <cmath>

#include "mote_generated.h"
#include "ops/activation/attributes.h"
#include "ops/activation/functions.h"
#include "ops/activation_range.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Activation*>(table);
  auto& out = *static_cast<ActivationAttrs*>(attrs);
  out = {static_cast<int32_t>(in.kind()), in.alpha(), in.beta()};
  return {};
}

bool is_finite(float v) { return v - v == 0; }

// Which parameters a kind has; the others are 0.
struct Parameters {
  bool alpha, beta;
};
Parameters parameters_of(int32_t kind) {
  switch (kind) {
    case kMoteLeakyRelu:
    case kMoteElu:
    case kMoteCelu:
    case kMoteThresholdedRelu:
      return {true, false};
    case kMoteClip:
    case kMoteSelu:
    case kMoteHardSigmoid:
    case kMoteShrink:
      return {true, true};
    default:
      return {false, false};
  }
}

Status check_parameters(const ActivationAttrs& a) {
  Parameters p = parameters_of(a.kind);
  if (a.kind == kMoteClip)  // infinities are no bound
    return a.alpha <= a.beta ? Status{} : error(Code::attribute_range, 0, 0, "alpha");
  if (!is_finite(a.alpha) || (!p.alpha && a.alpha != 0) || (a.kind == kMoteCelu && a.alpha == 0))
    return error(Code::attribute_range, 0, 0, "alpha");
  if (!is_finite(a.beta) || (!p.beta && a.beta != 0))
    return error(Code::attribute_range, 0, 0, "beta");
  return {};
}

Status check(const OpView& v) {
  const auto& attrs = v.attributes<ActivationAttrs>();
  MOTE_TRY(check_attribute("kind", attrs.kind, kMoteRelu, kMoteShrink));
  MOTE_TRY(check_parameters(attrs));
  MOTE_TRY(check_float_or_quantized(v));
  if (v.in(0).type == Type::int8) return check_table(v, 1, Type::int8);
  return v.has(1) ? error(Code::input_count, 1, 2) : Status{};
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

// The kinds that are a clamp.
bool clamp_range(const ActivationAttrs& a, RealRange* range) {
  switch (a.kind) {
    case kMoteRelu:
      *range = real_activation_range(kMoteActivationRelu);
      return true;
    case kMoteRelu6:
      *range = real_activation_range(kMoteActivationRelu6);
      return true;
    case kMoteReluN1To1:
      *range = real_activation_range(kMoteActivationReluN1To1);
      return true;
    case kMoteRelu0To1:
      *range = {0, 1};
      return true;
    case kMoteClip:
      *range = {a.alpha, a.beta};
      return true;
    default:
      return false;
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
  const auto& attrs = call.attributes<ActivationAttrs>();
  RealRange range;
  if (clamp_range(attrs, &range))
    return apply<T>(call, tile, [=](T x) { return clamp_real(x, range); });
  with_activation_function<T>(attrs, [&](auto f) { apply<T>(call, tile, f); });
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
