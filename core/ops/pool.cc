#include "ops/pool.h"

#include "base/interval.h"

namespace mote::pool {
namespace {

// NUMERICS.md, 1.4 and 3.3: an int32 holds the sum of a window of int8.
constexpr int32_t kMaxStride = 65535;
constexpr int32_t kMaxTaps = 1 << 22;

// With pads below the window, every window holds a tap of the input.
Status check_pad(const char* name, int32_t pad, int32_t window) {
  return check_attribute(name, pad, 0, window - 1 < kMaxStride ? window - 1 : kMaxStride);
}

}  // namespace

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Pool2d*>(table);
  auto& out = *static_cast<Pool2dAttrs*>(attrs);
  out.window_h = in.window_h();
  out.window_w = in.window_w();
  out.stride_h = in.stride_h();
  out.stride_w = in.stride_w();
  out.pad_top = in.pad_top();
  out.pad_left = in.pad_left();
  out.pad_bottom = in.pad_bottom();
  out.pad_right = in.pad_right();
  out.count_include_pad = in.count_include_pad() ? 1 : 0;
  out.activation = static_cast<int32_t>(in.activation());
  out.round_half_up = in.round_half_up() ? 1 : 0;
  return {};
}

Status check_attributes(const Pool2dAttrs& a) {
  MOTE_TRY(check_attribute("window_h", a.window_h, 1, kMaxTaps));
  MOTE_TRY(check_attribute("window_w", a.window_w, 1, kMaxTaps / a.window_h));
  MOTE_TRY(check_attribute("stride_h", a.stride_h, 1, kMaxStride));
  MOTE_TRY(check_attribute("stride_w", a.stride_w, 1, kMaxStride));
  MOTE_TRY(check_pad("pad_top", a.pad_top, a.window_h));
  MOTE_TRY(check_pad("pad_bottom", a.pad_bottom, a.window_h));
  MOTE_TRY(check_pad("pad_left", a.pad_left, a.window_w));
  MOTE_TRY(check_pad("pad_right", a.pad_right, a.window_w));
  MOTE_TRY(check_attribute("count_include_pad", a.count_include_pad, 0, 1));
  MOTE_TRY(check_attribute("round_half_up", a.round_half_up, 0, 1));
  return check_activation(a.activation);
}

Status check(const OpView& v) {
  MOTE_TRY(check_attributes(v.attributes<Pool2dAttrs>()));
  MOTE_TRY(check_rank(v.in(0), 4));
  MOTE_TRY(check_float_or_quantized(v));
  return check_same_quantization(v.in(0), 0, v.out(), 1);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<Pool2dAttrs>();
  if (in[0].rank != 4) return error(Code::operand_rank, 4, in[0].rank);
  out[0] = in[0];
  MOTE_TRY(window_dim(in[0].dims[1], a.pad_top + a.pad_bottom, a.window_h, a.stride_h, 1,
                      &out[0].dims[1]));
  return window_dim(in[0].dims[2], a.pad_left + a.pad_right, a.window_w, a.stride_w, 1,
                    &out[0].dims[2]);
}

int64_t work(const OpView& v) {
  const auto& a = v.attributes<Pool2dAttrs>();
  int64_t n = v.out().max_bytes;
  return checked_mul(n, int64_t{a.window_h} * a.window_w, &n) ? n : INT64_MAX;
}

Status prepare_s8(PrepareContext& ctx) {
  auto* p = ctx.allocate<PoolS8Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(PoolS8Params));
  const auto& a = ctx.view.attributes<Pool2dAttrs>();
  StoredRange range = stored_activation_range(a.activation, ctx.view.out());
  *p = {range.lo, range.hi, ctx.view.out().quantization.zero_point(), a.round_half_up};
  ctx.params = p;
  return {};
}

namespace {
Tiling tiling(const KernelCall& call) {
  const auto& a = call.attributes<Pool2dAttrs>();
  const Tensor& y = call.out();
  int64_t rows = int64_t{y.dim(0)} * y.dim(1), row_bytes = y.bytes() / rows, taps = 0;
  if (!checked_mul(row_bytes, int64_t{a.window_h} * a.window_w, &taps)) taps = INT64_MAX;
  return {rows, taps};
}
}  // namespace

uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }
Range tile_rows(const KernelCall& call, uint32_t tile) { return tiling(call).range(tile); }

}  // namespace mote::pool
