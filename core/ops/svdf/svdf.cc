// A fully connected layer over time, factorized: features of x, then weights over the last
// `memory` of them (NUMERICS.md, 20.6).
#include <initializer_list>

#include "base/interval.h"
#include "mote_generated.h"
#include "ops/activation_range.h"
#include "ops/attributes.h"
#include "ops/fixed_point.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/recurrent.h"

namespace mote {
namespace {

enum Input : size_t { kX, kFeature, kTime, kState, kBias };
enum Output : size_t { kY, kNewState };

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Svdf*>(table);
  auto& out = *static_cast<SvdfAttrs*>(attrs);
  out.rank = in.rank();
  out.activation = static_cast<int32_t>(in.activation());
  out.feature_scale = in.feature_scale();
  out.time_scale = in.time_scale();
  return {};
}

// As of the recurrent operators.
Status check_scale(const char* name, float s, bool used) {
  if (!used) return s == 0 ? Status{} : error(Code::attribute_range, 0, 1, name);
  return s > 0 && s <= 65536 ? Status{} : error(Code::attribute_range, 1, s > 0 ? 2 : 0, name);
}

Status check_type(const OpView& v, size_t operand, Type type) {
  const TensorInfo& t = operand < v.inputs.size ? v.in(operand) : v.out(operand - v.inputs.size);
  return t.type == type
             ? Status{}
             : error(Code::operand_type, static_cast<int64_t>(type), static_cast<int64_t>(operand));
}

Status check_symmetric(const TensorInfo& t, size_t operand) {
  MOTE_TRY(check_per_tensor(t, static_cast<int64_t>(operand)));
  int32_t z = t.quantization.zero_point(0);
  return z == 0 ? Status{} : error(Code::zero_point_range, 0, z);
}

Status check_quantized(const OpView& v) {
  MOTE_TRY(check_type(v, kFeature, Type::int8));
  MOTE_TRY(check_type(v, kTime, Type::int16));
  MOTE_TRY(check_type(v, kState, Type::int16));
  if (v.has(kBias)) MOTE_TRY(check_type(v, kBias, Type::int32));
  MOTE_TRY(check_type(v, v.inputs.size, Type::int8));
  MOTE_TRY(check_type(v, v.inputs.size + 1, Type::int16));
  MOTE_TRY(check_per_tensor(v.in(kX), kX));
  for (Input i : {kFeature, kTime, kState}) MOTE_TRY(check_symmetric(v.in(i), i));
  auto outputs = static_cast<int64_t>(v.inputs.size);
  MOTE_TRY(check_per_tensor(v.out(kY), outputs));
  return check_same_quantization(v.in(kState), kState, v.out(kNewState), outputs + 1);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<SvdfAttrs>();
  MOTE_TRY(check_attribute("rank", a.rank, 1, INT32_MAX));
  MOTE_TRY(check_activation(a.activation));
  MOTE_TRY(check_scale("feature_scale", a.feature_scale, is_s8(v)));
  MOTE_TRY(check_scale("time_scale", a.time_scale, is_s8(v)));
  for (size_t i = 0; i < v.inputs.size; ++i)
    MOTE_TRY(recurrent::check_rank_of(v, i, i == kBias ? 1 : 2));
  return is_s8(v) ? check_quantized(v) : check_all_f32(v);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  using namespace recurrent;
  const int64_t rank = v.attributes<SvdfAttrs>().rank;
  int64_t filters = 0, size = 0, memory = 0, state = 0;
  MOTE_TRY(static_dim(in[kFeature].dims[0], &filters));
  MOTE_TRY(static_dim(in[kFeature].dims[1], &size));
  MOTE_TRY(static_dim(in[kTime].dims[1], &memory));
  MOTE_TRY(require_dim(in[kX].dims[1], size));
  MOTE_TRY(require_dim(in[kTime].dims[0], filters));
  if (filters % rank != 0) return error(Code::operand_shape, rank, filters);
  if (v.has(kBias)) MOTE_TRY(require_dim(in[kBias].dims[0], filters / rank));
  if (!checked_mul(filters, memory, &state) || state > kMaxDim)
    return error(Code::shape_too_large, kMaxDim);
  MOTE_TRY(require_dim(in[kState].dims[1], state));
  Sequence s;
  s.batch = in[kX].dims[0];
  MOTE_TRY(join_batch(in[kState], &s));
  out[kY] = last_shape(s, filters / rank);
  out[kNewState] = last_shape(s, state);
  return {};
}

struct Sizes {
  int64_t in, filters, memory, rank;
};
Sizes sizes_of(const OpView& v) {
  const ShapeBounds &f = v.in(kFeature).bounds, &t = v.in(kTime).bounds;
  return {f.dims[1].max, f.dims[0].max, t.dims[1].max, v.attributes<SvdfAttrs>().rank};
}

int64_t work(const OpView& v) {
  Sizes s = sizes_of(v);
  int64_t n = s.filters * (s.in + s.memory);
  return checked_mul(n, v.in(kX).bounds.dims[0].max, &n) ? n : INT64_MAX;
}

Tiling tiling(const KernelCall& call) {
  return {call.in(kX).dim(0), (call.in(kState).bytes() + call.in(kX).bytes()) / call.in(kX).dim(0)};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// The features of each filter move one back, the new one stands last.
template <class T>
void push(const Sizes& s, const T* state, int64_t filter, T feature, T* to) {
  const T* from = state + filter * s.memory;
  to += filter * s.memory;
  for (int64_t m = 0; m + 1 < s.memory; ++m) to[m] = from[m + 1];
  to[s.memory - 1] = feature;
}

// (20.25), (20.26)
template <class T>
void run_row(const KernelCall& call, int64_t row) {
  const Sizes s = sizes_of(*call.view);
  const RealRange range = real_activation_range(call.attributes<SvdfAttrs>().activation);
  const T* x = call.in(kX).as<T>() + row * s.in;
  const T *feature = call.in(kFeature).as<T>(), *time = call.in(kTime).as<T>();
  const T* bias = recurrent::optional<T>(call, kBias);
  const T* old_state = call.in(kState).as<T>() + row * s.filters * s.memory;
  T* state = call.out(kNewState).as<T>() + row * s.filters * s.memory;
  T* y = call.out(kY).as<T>() + row * (s.filters / s.rank);
  for (int64_t u = 0; u < s.filters / s.rank; ++u) {
    T sum = bias != nullptr ? bias[u] : T(0);
    for (int64_t f = u * s.rank; f < (u + 1) * s.rank; ++f) {
      T product = 0;
      for (int64_t k = 0; k < s.in; ++k) product += feature[f * s.in + k] * x[k];
      push(s, old_state, f, product, state);
      T over_time = 0;
      for (int64_t m = 0; m < s.memory; ++m)
        over_time += time[f * s.memory + m] * state[f * s.memory + m];
      sum += over_time;
    }
    y[u] = clamp_real(sum, range);
  }
}

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t) {
  Range rows = tiling(call).range(tile);
  for (int64_t row = rows.begin; row < rows.end; ++row) run_row<T>(call, row);
}

struct Params {
  fixed_point::Multiplier feature, time;
  StoredRange range;
};

Status prepare_quantized(PrepareContext& ctx) {
  const auto& a = ctx.view.attributes<SvdfAttrs>();
  auto* p = ctx.allocate<Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(Params));
  p->feature = fixed_point::multiplier_of(a.feature_scale);
  p->time = fixed_point::multiplier_of(a.time_scale);
  p->range = stored_activation_range(a.activation, ctx.view.out(kY));
  ctx.params = p;
  return {};
}

// (20.27): all sums modulo 2^32.
void run_quantized_row(const KernelCall& call, int64_t row) {
  const Sizes s = sizes_of(*call.view);
  const auto& p = *static_cast<const Params*>(call.params);
  const int32_t x_zero = call.in(kX).info->quantization.zero_point(0);
  const int32_t y_zero = call.out(kY).info->quantization.zero_point(0);
  const int8_t *x = call.in(kX).as<int8_t>() + row * s.in,
               *feature = call.in(kFeature).as<int8_t>();
  const int16_t* time = call.in(kTime).as<int16_t>();
  const auto* bias = recurrent::optional<int32_t>(call, kBias);
  const int16_t* old_state = call.in(kState).as<int16_t>() + row * s.filters * s.memory;
  int16_t* state = call.out(kNewState).as<int16_t>() + row * s.filters * s.memory;
  int8_t* y = call.out(kY).as<int8_t>() + row * (s.filters / s.rank);
  for (int64_t u = 0; u < s.filters / s.rank; ++u) {
    uint32_t sum = bias != nullptr ? static_cast<uint32_t>(bias[u]) : 0;
    for (int64_t f = u * s.rank; f < (u + 1) * s.rank; ++f) {
      uint32_t acc = 0;
      for (int64_t k = 0; k < s.in; ++k)
        acc += static_cast<uint32_t>(feature[f * s.in + k] * (x[k] - x_zero));
      const int32_t q = fixed_point::multiply(static_cast<int32_t>(acc), p.feature);
      push(s, old_state, f, fixed_point::clamp16(q), state);
      for (int64_t m = 0; m < s.memory; ++m)
        sum += static_cast<uint32_t>(time[f * s.memory + m] * state[f * s.memory + m]);
    }
    const int64_t v = int64_t{fixed_point::multiply(static_cast<int32_t>(sum), p.time)} + y_zero;
    y[u] = static_cast<int8_t>(fixed_point::clamp32(v, p.range.lo, p.range.hi));
  }
}

void quantized_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  Range rows = tiling(call).range(tile);
  for (int64_t row = rows.begin; row < rows.end; ++row) run_quantized_row(call, row);
}

constexpr Kernel kKernels[] = {
#include "ops/svdf/kernels.inc"
};

}  // namespace

extern const Operator svdf_operator;
extern const Kernel svdf_f64;

const Operator svdf_operator = {
    .code = op_code::svdf,
    .name = "svdf",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Svdf),
    .attributes_bytes = sizeof(SvdfAttrs),
    .min_inputs = 4,
    .max_inputs = 5,
    .outputs = 2,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel svdf_f64 = {.name = "svdf_f64_reference",
                         .reference = true,
                         .accepts = is_f64,
                         .tiles = tiles,
                         .run = reference<double>};

}  // namespace mote
