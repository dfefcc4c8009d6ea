#include "ops/recurrent.h"

#include "mote_generated.h"
#include "ops/movement.h"

namespace mote::recurrent {
namespace {

Status check_kind(const char* name, int32_t kind) {
  switch (kind) {
    case kMoteRelu:
    case kMoteRelu6:
    case kMoteReluN1To1:
    case kMoteSigmoid:
    case kMoteTanh:
    case kMoteLeakyRelu:
    case kMoteElu:
    case kMoteThresholdedRelu:
    case kMoteHardSigmoid:
    case kMoteSoftplus:
    case kMoteSoftsign:
    case kMoteRecurrentAffine:
    case kMoteRecurrentScaledTanh:
      return {};
    default:
      return error(Code::attribute_range, kMoteTanh, kind, name);
  }
}

// A message carries integers: what was found is -1 for a negative number, 1 for an infinite one.
Status check_finite(const char* name, float value) {
  return std::fabs(value) < __builtin_huge_valf() ? Status{}
                                                  : error(Code::attribute_range, 0, 1, name);
}
Status check_limit(const char* name, float value) {
  MOTE_TRY(check_finite(name, value));
  return value >= 0 ? Status{} : error(Code::attribute_range, 0, -1, name);
}

Status check_unused(const char* name, float value) {
  return value == 0 ? Status{} : error(Code::attribute_range, 0, 1, name);
}

// An activation, or zeros where the operator has none at this place.
Status check_activation_of(const char* name, const ActivationOf& f, bool used) {
  if (used) {
    MOTE_TRY(check_kind(name, f.kind));
    MOTE_TRY(check_finite(name, f.alpha));
    return check_finite(name, f.beta);
  }
  MOTE_TRY(check_attribute(name, f.kind, 0, 0));
  MOTE_TRY(check_unused(name, f.alpha));
  return check_unused(name, f.beta);
}

// Far above what a sensible quantization gives; shifts stay within 32 bits.
constexpr float kMaxScale = 65536;

}  // namespace

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Recurrent*>(table);
  auto& out = *static_cast<RecurrentAttrs*>(attrs);
  out.reverse = in.reverse() ? 1 : 0;
  out.time_major = in.time_major() ? 1 : 0;
  out.gate_activation = in.gate_activation();
  out.cell_activation = in.cell_activation();
  out.output_activation = in.output_activation();
  out.gate_alpha = in.gate_alpha();
  out.gate_beta = in.gate_beta();
  out.cell_alpha = in.cell_alpha();
  out.cell_beta = in.cell_beta();
  out.output_alpha = in.output_alpha();
  out.output_beta = in.output_beta();
  out.clip = in.clip();
  out.cell_clip = in.cell_clip();
  out.projection_clip = in.projection_clip();
  out.coupling = in.coupling();
  out.linear_before_reset = in.linear_before_reset() ? 1 : 0;
  out.hidden_zero_point = in.hidden_zero_point();
  uint32_t n = in.scales() == nullptr ? 0 : in.scales()->size();
  if (n != 0 && n != kMoteRecurrentScales)
    return error(Code::attribute_count, kMoteRecurrentScales, n, "scales");
  for (uint32_t i = 0; i < n; ++i) out.scales[i] = in.scales()->Get(i);
  out.scale_count = static_cast<int32_t>(n);
  return {};
}

Status check_attributes(const RecurrentAttrs& a, uint32_t features) {
  auto has = [features](Feature f) { return (features & f) != 0; };
  MOTE_TRY(check_attribute("reverse", a.reverse, 0, 1));
  MOTE_TRY(check_attribute("time_major", a.time_major, 0, 1));
  MOTE_TRY(check_activation_of("gate_activation", gate_activation(a), true));
  MOTE_TRY(check_activation_of("cell_activation", cell_activation(a), has(kCellActivation)));
  MOTE_TRY(check_activation_of("output_activation", output_activation(a), has(kOutputActivation)));
  MOTE_TRY(check_limit("clip", a.clip));
  MOTE_TRY(check_limit("cell_clip", a.cell_clip));
  MOTE_TRY(check_limit("projection_clip", a.projection_clip));
  if (!has(kCellClip)) {
    MOTE_TRY(check_unused("cell_clip", a.cell_clip));
    MOTE_TRY(check_unused("projection_clip", a.projection_clip));
  }
  MOTE_TRY(check_attribute("coupling", a.coupling, 0, has(kCellClip) ? kMoteCoupledInput : 0));
  MOTE_TRY(check_attribute("linear_before_reset", a.linear_before_reset, 0,
                           has(kLinearBeforeReset) ? 1 : 0));
  MOTE_TRY(check_attribute("hidden_zero_point", a.hidden_zero_point, -128, 128));
  if (a.scale_count != 0 && a.scale_count != kMoteRecurrentScales)
    return error(Code::attribute_count, kMoteRecurrentScales, a.scale_count, "scales");
  for (float s : a.scales)
    if (!(s >= 0 && s <= kMaxScale))
      return error(Code::attribute_range, 0, s > 0 ? 1 : -1, "scales");
  return {};
}

Status check_no_scales(const RecurrentAttrs& a) {
  if (a.scale_count != 0) return error(Code::attribute_count, 0, a.scale_count, "scales");
  return check_attribute("hidden_zero_point", a.hidden_zero_point, 0, 0);
}

Status check_rank_of(const OpView& v, size_t i, int32_t rank) {
  return v.has(i) ? check_rank(v.in(i), rank) : Status{};
}

Status check_lengths(const OpView& v, size_t i) {
  if (!v.has(i)) return {};
  if (v.in(i).type != Type::int32)
    return error(Code::operand_type, static_cast<int64_t>(Type::int32), static_cast<int64_t>(i));
  return check_rank(v.in(i), 1);
}

Status sequence_of(const RecurrentAttrs& a, const ShapeBounds& x, Sequence* out) {
  if (x.rank != 3) return error(Code::operand_rank, 3, x.rank);
  *out = {x.dims[a.time_major != 0 ? 1 : 0], x.dims[a.time_major != 0 ? 0 : 1], x.dims[2]};
  return {};
}

Status join_batch(const ShapeBounds& operand, Sequence* s) {
  if (operand.rank < 1) return error(Code::operand_rank, 1, operand.rank);
  return equal_dims(s->batch, operand.dims[0], &s->batch);
}

Status require_dim(const Dim& d, int64_t size) {
  if (d.max != size) return error(Code::operand_shape, size, d.max);
  return d.min == size ? Status{} : error(Code::operand_shape, size, d.min);
}

Status static_dim(const Dim& d, int64_t* size) {
  *size = d.max;
  return require_dim(d, d.max);
}

ShapeBounds output_shape(const RecurrentAttrs& a, const Sequence& s, int64_t out) {
  ShapeBounds y;
  y.rank = 3;
  y.dims[a.time_major != 0 ? 1 : 0] = s.batch;
  y.dims[a.time_major != 0 ? 0 : 1] = s.time;
  y.dims[2] = {static_cast<int32_t>(out), static_cast<int32_t>(out)};
  return y;
}

ShapeBounds last_shape(const Sequence& s, int64_t size) {
  ShapeBounds h;
  h.rank = 2;
  h.dims[0] = s.batch;
  h.dims[1] = {static_cast<int32_t>(size), static_cast<int32_t>(size)};
  return h;
}

int64_t sequence_work(const OpView& v, int64_t step) {
  const ShapeBounds& x = v.in(0).bounds;
  int64_t n = step;
  for (int i = 0; i < 2; ++i)
    if (!checked_mul(n, x.dims[i].max, &n)) return INT64_MAX;
  return n;
}

}  // namespace mote::recurrent
