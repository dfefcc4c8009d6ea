// The gradient of an activation from its output (NUMERICS.md, 17.1).
#include "mote_generated.h"
#include "ops/activation/attributes.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/movement.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

enum Input { kDy, kY };

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Activation*>(table);
  static_cast<ActivationAttrs*>(attrs)->kind = static_cast<int32_t>(in.kind());
  return {};
}

Status check(const OpView& v) {
  MOTE_TRY(check_attribute("kind", v.attributes<ActivationAttrs>().kind, kMoteRelu, kMoteTanh));
  return check_all_f32(v);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  if (in[kY].rank != in[kDy].rank) return error(Code::operand_rank, in[kDy].rank, in[kY].rank);
  out[0].rank = in[kDy].rank;
  for (int i = 0; i < in[kDy].rank; ++i)
    MOTE_TRY(equal_dims(in[kDy].dims[i], in[kY].dims[i], &out[0].dims[i]));
  return {};
}

template <class T, class F>
void apply(const KernelCall& call, uint32_t tile, F f) {
  const T *dy = call.in(kDy).as<T>(), *y = call.in(kY).as<T>();
  T* dx = call.out().as<T>();
  Range r = elementwise_range(call, tile);
  MOTE_INDEPENDENT
  for (int64_t i = r.begin; i < r.end; ++i) dx[i] = f(dy[i], y[i]);
}

// (17.1)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  switch (call.attributes<ActivationAttrs>().kind) {
    case kMoteRelu:
      return apply<T>(call, tile, [](T dy, T y) { return y > 0 ? dy : T(0); });
    case kMoteRelu6:
      return apply<T>(call, tile, [](T dy, T y) { return y > 0 && y < 6 ? dy : T(0); });
    case kMoteReluN1To1:
      return apply<T>(call, tile, [](T dy, T y) { return y > -1 && y < 1 ? dy : T(0); });
    case kMoteSigmoid:
      return apply<T>(call, tile, [](T dy, T y) { return dy * (y * (1 - y)); });
    default:
      return apply<T>(call, tile, [](T dy, T y) { return dy * (1 - y * y); });
  }
}

constexpr Kernel kKernels[] = {
#include "train/ops/activation_grad/kernels.inc"
};

}  // namespace

extern const Operator activation_grad_operator;
extern const Kernel activation_grad_f64;

const Operator activation_grad_operator = {
    .code = op_code::activation_grad,
    .name = "activation_grad",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Activation),
    .attributes_bytes = sizeof(ActivationAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .in_place = 3,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel activation_grad_f64 = {.name = "activation_grad_f64_reference",
                                    .reference = true,
                                    .accepts = is_f64,
                                    .tiles = elementwise_tiles,
                                    .run = real_reference<double>};

}  // namespace mote
