// Layer norm over the places and one group of channels of a sample (NUMERICS.md, 21.4). y may be x:
// a unit is read for its statistics before it is written, in order.
#include "base/interval.h"
#include "ops/normalize.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status check(const OpView& v) {
  MOTE_TRY(normalize::check(v));
  const ShapeBounds& x = v.in(normalize::kX).bounds;
  if (x.rank < 2) return error(Code::operand_rank, 2, x.rank);
  Dim channels = x.dims[x.rank - 1];
  int32_t groups = v.attributes<NormalizeAttrs>().groups;
  MOTE_TRY(check_attribute("groups", groups, 1, channels.max));
  if (!channels.is_static() || channels.max % groups != 0)
    return error(Code::operand_shape, groups, channels.max);
  for (size_t i = normalize::kScale; i < v.inputs.size; ++i)
    if (v.has(i)) MOTE_TRY(check_rank(v.in(i), 1));
  return {};
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[normalize::kX];
  if (out[0].rank < 2) return error(Code::operand_rank, 2, out[0].rank);
  for (size_t i = normalize::kScale; i < in.size; ++i) {
    if (!v.has(i)) continue;
    if (in[i].rank != 1) return error(Code::operand_rank, 1, in[i].rank);
    Dim both;
    MOTE_TRY(equal_dims(out[0].dims[out[0].rank - 1], in[i].dims[0], &both));
  }
  return {};
}

// Groups of one tile lie side by side and fill a cache line, where there are as many.
constexpr int64_t kLine = 16;

struct Sizes {
  int64_t places, channels, group_channels, groups;
  int64_t unit_groups;  // of one unit, the last may have fewer
  int64_t units;        // per sample
};

Sizes sizes_of(const KernelCall& call) {
  const Shape& x = call.out().shape;
  Sizes s{};
  s.channels = x.dims[x.rank - 1];
  s.groups = call.attributes<NormalizeAttrs>().groups;
  s.group_channels = s.channels / s.groups;
  s.places = x.elements() / x.dims[0] / s.channels;
  s.unit_groups = s.group_channels < kLine ? kLine / s.group_channels : 1;
  s.units = ceil_div(s.groups, s.unit_groups);
  return s;
}

Tiling tiling(const KernelCall& call) {
  Sizes s = sizes_of(call);
  return {call.out().shape.dims[0] * s.units,
          s.places * s.unit_groups * s.group_channels * element_bytes(call.out())};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// The sum of term(element, group) over the places and channels of each of `n` groups at `x`.
template <class T, class Term>
void group_sums(const Sizes& s, const T* x, int64_t n, double* sums, Term&& term) {
  const int64_t block = s.group_channels < normalize::kSumBlock
                            ? normalize::kSumBlock / s.group_channels
                            : 1;  // places
  for (int64_t g = 0; g < n; ++g) sums[g] = 0;
  for (int64_t begin = 0; begin < s.places; begin += block) {
    const int64_t end = s.places - begin < block ? s.places : begin + block;
    T partial[kLine] = {};
    for (int64_t p = begin; p < end; ++p)
      for (int64_t g = 0; g < n; ++g) {
        const T* row = x + p * s.channels + g * s.group_channels;
        if (s.group_channels >= normalize::kSumBlock) {
          sums[g] +=
              normalize::sum_of<T>(s.group_channels, [=](int64_t i) { return term(row[i], g); });
        } else {
          for (int64_t i = 0; i < s.group_channels; ++i) partial[g] += term(row[i], g);
        }
      }
    for (int64_t g = 0; g < n; ++g) sums[g] += static_cast<double>(partial[g]);
  }
}

// (21.5), (21.6) for `n` groups from channel `first` on.
template <class T>
void normalize_groups(const KernelCall& call, const Sizes& s, int64_t sample, int64_t first_group,
                      int64_t n) {
  const int64_t first = first_group * s.group_channels;
  const int64_t base = sample * s.places * s.channels + first;
  const T* x = call.in(normalize::kX).as<T>() + base;
  T* y = call.out().as<T>() + base;
  const double count = static_cast<double>(s.places) * static_cast<double>(s.group_channels);
  const double epsilon = static_cast<double>(call.attributes<NormalizeAttrs>().epsilon);
  double sums[kLine], squares[kLine];
  T mean[kLine];
  normalize::Spread<T> spread[kLine];
  group_sums(s, x, n, sums, [](T v, int64_t) { return v; });
  for (int64_t g = 0; g < n; ++g) mean[g] = static_cast<T>(sums[g] / count);
  group_sums(s, x, n, sums, [&](T v, int64_t g) { return v - mean[g]; });
  group_sums(s, x, n, squares, [&](T v, int64_t g) { return (v - mean[g]) * (v - mean[g]); });
  for (int64_t g = 0; g < n; ++g)
    spread[g] = normalize::spread_of<T>(sums[g], squares[g], count, epsilon);
  const T* scale = normalize::optional<T>(call, normalize::kScale);
  const T* bias = normalize::optional<T>(call, normalize::kBias);
  for (int64_t p = 0; p < s.places; ++p)
    for (int64_t g = 0; g < n; ++g)
      for (int64_t c = g * s.group_channels; c < (g + 1) * s.group_channels; ++c) {
        T v = (x[p * s.channels + c] - mean[g] - spread[g].offset) * spread[g].inverse;
        if (scale != nullptr) v *= scale[first + c];
        if (bias != nullptr) v += bias[first + c];
        y[p * s.channels + c] = v;
      }
}

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t) {
  Sizes s = sizes_of(call);
  Range units = tiling(call).range(tile);
  for (int64_t u = units.begin; u < units.end; ++u) {
    int64_t first = u % s.units * s.unit_groups, left = s.groups - first;
    normalize_groups<T>(call, s, u / s.units, first, left < s.unit_groups ? left : s.unit_groups);
  }
}

constexpr Kernel kKernels[] = {
#include "ops/group_norm/kernels.inc"
};

}  // namespace

extern const Operator group_norm_operator;
extern const Kernel group_norm_f64;

const Operator group_norm_operator = {
    .code = op_code::group_norm,
    .name = "group_norm",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Normalize),
    .attributes_bytes = sizeof(NormalizeAttrs),
    .min_inputs = 1,
    .max_inputs = 3,
    .in_place = 1,
    .read = normalize::read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel group_norm_f64 = {.name = "group_norm_f64_reference",
                               .reference = true,
                               .accepts = is_f64,
                               .tiles = tiles,
                               .run = reference<double>};

}  // namespace mote
