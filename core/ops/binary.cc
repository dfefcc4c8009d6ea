#include "ops/binary.h"

#include "base/interval.h"
#include "base/requantize.h"

namespace mote::binary {
namespace {

// Operands: 0, 1, and the output as 2 in messages.
const TensorInfo& operand(const OpView& v, int i) { return i < 2 ? v.in(i) : v.out(); }

Status check_no_scale(const OpView& v) {
  if (v.attributes<BinaryAttrs>().requantize_scale == 0) return {};
  return error(Code::attribute_range, 0, 1, "requantize_scale");
}

Status check_integers(const OpView& v) {
  for (int i = 0; i < 3; ++i)
    if (operand(v, i).quantization.quantized()) return error(Code::quantization_unexpected, 0, i);
  int32_t activation = v.attributes<BinaryAttrs>().activation;
  return check_attribute("activation", activation, kMoteActivationNone, kMoteActivationNone);
}

Status check_operands(const OpView& v) {
  MOTE_TRY(check_activation(v.attributes<BinaryAttrs>().activation));
  MOTE_TRY(check_same_type(v, 0, 1));
  Type type = v.in(0).type;
  MOTE_TRY(check_output_type(v, type));
  if (type == Type::float32) return {};
  if (type == Type::int32 || type == Type::int64) return check_integers(v);
  if (type != Type::int8) return error(Code::operand_type, 0, 0);
  for (int i = 0; i < 3; ++i) MOTE_TRY(check_per_tensor(operand(v, i), i));
  return {};
}

// (5.3)
struct Ratios {
  float a, b;
  float larger() const { return a > b ? a : b; }
};
Ratios ratios(const OpView& v) {
  float out = v.out().quantization.scale();
  return {v.in(0).quantization.scale() / out, v.in(1).quantization.scale() / out};
}

// (5.4), (5.5): for r in [2^-10, 2^8) the products are exact in float32 too and at most 2^21.
AddS8Params* add_params(PrepareContext& ctx, int32_t sign) {
  auto* p = ctx.allocate<AddS8Params>();
  if (p == nullptr) return nullptr;
  const OpView& v = ctx.view;
  Ratios r = ratios(v);
  p->shift = 20 - std::ilogb(r.larger());
  auto power = static_cast<float>(1u << p->shift);
  p->a_multiplier = round_half_even(r.a * power);
  p->b_multiplier = sign * round_half_even(r.b * power);
  p->a_zero = v.in(0).quantization.zero_point();
  p->b_zero = v.in(1).quantization.zero_point();
  p->y_zero = v.out().quantization.zero_point();
  StoredRange range = stored_activation_range(v.attributes<BinaryAttrs>().activation, v.out());
  p->lo = range.lo;
  p->hi = range.hi;
  return p;
}

Status prepare_add(PrepareContext& ctx, int32_t sign) {
  ctx.params = add_params(ctx, sign);
  return ctx.params != nullptr ? Status{} : error(Code::out_of_memory, 0, sizeof(AddS8Params));
}

}  // namespace

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Binary*>(table);
  auto& out = *static_cast<BinaryAttrs*>(attrs);
  out.activation = static_cast<int32_t>(in.activation());
  out.requantize_scale = in.requantize_scale();
  return {};
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  return broadcast_shapes(in[0], in[1], &out[0]);
}

Status check_add(const OpView& v) {
  MOTE_TRY(check_operands(v));
  MOTE_TRY(check_no_scale(v));
  if (v.in(0).type != Type::int8) return {};
  float r = ratios(v).larger();
  return r >= 0x1p-10f && r < 0x1p8f ? Status{} : error(Code::quantization_ratio);
}

Status check_mul(const OpView& v) {
  MOTE_TRY(check_operands(v));
  float scale = v.attributes<BinaryAttrs>().requantize_scale;
  if (scale == 0 || (scale > 0 && scale < __builtin_huge_valf())) return {};
  return error(Code::attribute_range, 0, scale < 0 ? -1 : 1, "requantize_scale");
}

Status check_div(const OpView& v) {
  if (v.in(0).type == Type::int8) return error(Code::operand_type, 0, 0);
  MOTE_TRY(check_operands(v));
  return check_no_scale(v);
}

Status check_plain(const OpView& v, uint32_t types) {
  int32_t activation = v.attributes<BinaryAttrs>().activation;
  MOTE_TRY(check_attribute("activation", activation, kMoteActivationNone, kMoteActivationNone));
  MOTE_TRY(check_no_scale(v));
  MOTE_TRY(check_same_type(v, 0, 1));
  Type type = v.in(0).type;
  MOTE_TRY(check_output_type(v, type));
  bool integers = type == Type::int32 || type == Type::int64;
  if (type == Type::float32 && (types & kPlainFloat) != 0) return {};
  if (integers && (types & kPlainIntegers) != 0) return check_integers(v);
  if (type != Type::int8) return error(Code::operand_type, 0, 0);
  if ((types & kPlainMovedBytes) != 0) {
    MOTE_TRY(check_same_quantization(v.in(0), 0, v.in(1), 1));
    MOTE_TRY(check_same_quantization(v.in(0), 0, v.out(), 2));
    return v.in(0).quantization.scale_count <= 1 ? Status{}
                                                 : error(Code::per_channel_not_allowed, 0, 0);
  }
  if ((types & kPlainQuantized) == 0) return error(Code::operand_type, 0, 0);
  for (int i = 0; i < 3; ++i) MOTE_TRY(check_per_tensor(operand(v, i), i));
  return {};
}

Status prepare_add_s8(PrepareContext& ctx) { return prepare_add(ctx, 1); }
Status prepare_sub_s8(PrepareContext& ctx) { return prepare_add(ctx, -1); }

Status prepare_mul_s8(PrepareContext& ctx) {
  auto* p = ctx.allocate<MulS8Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(MulS8Params));
  const OpView& v = ctx.view;
  const Quantization &a = v.in(0).quantization, &b = v.in(1).quantization;
  const Quantization& y = v.out().quantization;
  const auto& attrs = v.attributes<BinaryAttrs>();
  StoredRange range = stored_activation_range(attrs.activation, v.out());
  RequantizeRange bounds = requantize_range(range.lo, range.hi, y.zero_point());
  float implied = a.scale() * b.scale() / y.scale();
  float scale = attrs.requantize_scale != 0 ? attrs.requantize_scale : implied;
  *p = {a.zero_point(), b.zero_point(), y.zero_point(), scale, bounds.lo, bounds.hi};
  ctx.params = p;
  return {};
}

void add_s8_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const AddS8Params p = *static_cast<const AddS8Params*>(call.params);
  const int32_t half = 1 << (p.shift - 1);
  for_rows<int8_t>(call, tile, [=](auto... row) {
    apply_row<int8_t>(row..., [=](int8_t a, int8_t b) {
      int32_t acc = (a - p.a_zero) * p.a_multiplier + (b - p.b_zero) * p.b_multiplier + half;
      int32_t v = (acc >> p.shift) + p.y_zero;
      v = v < p.lo ? p.lo : v;
      return static_cast<int8_t>(v > p.hi ? p.hi : v);
    });
  });
}

void mul_s8_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const MulS8Params p = *static_cast<const MulS8Params*>(call.params);
  const RequantizeRange range = {p.lo, p.hi, p.y_zero};
  for_rows<int8_t>(call, tile, [=](auto... row) {
    apply_row<int8_t>(row..., [=](int8_t a, int8_t b) {
      int32_t acc = (a - p.a_zero) * (b - p.b_zero);
      return static_cast<int8_t>(requantize(acc, p.scale, range));
    });
  });
}

}  // namespace mote::binary
