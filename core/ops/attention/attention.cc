// y = softmax(scale * q k' + mask) v per head (NUMERICS.md, 21.7).
#include <cmath>

#include "base/interval.h"
#include "mote_generated.h"
#include "ops/attention/attributes.h"
#include "ops/check.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"

namespace mote {
namespace {

using Attrs = AttentionAttrs;
enum Input { kQ, kK, kV, kMask };
enum Axis { kBatch, kHeads, kLength, kDepth };

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Attention*>(table);
  auto& out = *static_cast<Attrs*>(attrs);
  out.scale = in.scale();
  out.softcap = in.softcap();
  out.causal = in.causal();
  return {};
}

Status check_factor(const char* name, float value) {
  if (value >= 0 && value < __builtin_huge_valf()) return {};
  return error(Code::attribute_range, 0, value > 0 ? 1 : -1, name);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<Attrs>();
  MOTE_TRY(check_factor("scale", a.scale));
  MOTE_TRY(check_factor("softcap", a.softcap));
  MOTE_TRY(check_attribute("causal", a.causal, kMoteCausalNone, kMoteCausalBegin));
  MOTE_TRY(check_all_f32(v));
  for (size_t i = kQ; i <= kV; ++i) MOTE_TRY(check_rank(v.in(i), 4));
  if (v.has(kMask) && v.in(kMask).bounds.rank > 4)
    return error(Code::operand_rank, 4, v.in(kMask).bounds.rank);
  Dim heads = v.in(kQ).bounds.dims[kHeads], kv_heads = v.in(kK).bounds.dims[kHeads];
  if (!heads.is_static() || !kv_heads.is_static() || heads.max % kv_heads.max != 0)
    return error(Code::operand_shape, kv_heads.max, heads.max);
  return {};
}

// Sizes of the mask are those of the scores, or 1.
Status check_mask(const ShapeBounds& mask, const ShapeBounds& scores) {
  if (mask.rank > scores.rank) return error(Code::operand_rank, scores.rank, mask.rank);
  for (int i = 1; i <= mask.rank; ++i) {
    Dim m = mask.dims[mask.rank - i], s = scores.dims[scores.rank - i];
    if (m.min != 1 && (m.min > s.max || m.max < s.min))
      return error(Code::shape_incompatible, s.max, m.max);
  }
  return {};
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  for (size_t i = kQ; i <= kV; ++i)
    if (in[i].rank != 4) return error(Code::operand_rank, 4, in[i].rank);
  const ShapeBounds &q = in[kQ], &k = in[kK], &value = in[kV];
  ShapeBounds scores = q;
  Dim both;
  MOTE_TRY(equal_dims(q.dims[kDepth], k.dims[kDepth], &both));
  MOTE_TRY(equal_dims(k.dims[kHeads], value.dims[kHeads], &both));
  MOTE_TRY(equal_dims(k.dims[kLength], value.dims[kLength], &scores.dims[kDepth]));
  MOTE_TRY(equal_dims(q.dims[kBatch], k.dims[kBatch], &scores.dims[kBatch]));
  MOTE_TRY(equal_dims(scores.dims[kBatch], value.dims[kBatch], &scores.dims[kBatch]));
  if (v.has(kMask)) MOTE_TRY(check_mask(in[kMask], scores));
  out[0] = scores;
  out[0].dims[kDepth] = value.dims[kDepth];
  return {};
}

int64_t work(const OpView& v) {
  int64_t n = element_count(v.in(kQ).bounds).max;
  const int64_t per_element = int64_t{v.in(kK).bounds.dims[kLength].max} * 2;
  return checked_mul(n, per_element, &n) ? n : INT64_MAX;
}

// Queries of one head that a tile takes: keys and values are read again for each.
constexpr int64_t kQueries = 16;

int64_t blocks(const Shape& q) { return ceil_div(q.dims[kLength], kQueries); }

uint32_t tiles(const KernelCall& call) {
  const Shape& q = call.in(kQ).shape;
  // The number of tiles is 32-bit.
  return Tiling(int64_t{q.dims[kBatch]} * q.dims[kHeads] * blocks(q), kTileBytes).count();
}

// One row of scores per worker.
template <class T>
Status prepare(PrepareContext& ctx) {
  ctx.scratch_bytes = static_cast<size_t>(ctx.view.in(kK).bounds.dims[kLength].max) * sizeof(T);
  return {};
}

// A sum of products in 8 parts, a vector register of floats.
template <class T>
T dot(const T* a, const T* b, int64_t n) {
  constexpr int64_t kLanes = 8;
  T lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int64_t l = 0; l < kLanes; ++l) lanes[l] += a[i + l] * b[i + l];
  for (int64_t l = 0; i + l < n; ++l) lanes[l] += a[i + l] * b[i + l];
  T sum = 0;
  for (T lane : lanes) sum += lane;
  return sum;
}

// The mask's element of score (b, h, i, j): strides of 0 where it is broadcast.
struct Mask {
  const void* data = nullptr;
  int64_t strides[4] = {};

  explicit Mask(const KernelCall& call) {
    if (!call.has(kMask)) return;
    const Tensor& t = call.in(kMask);
    data = t.as<uint8_t>();
    int64_t stride = 1;
    for (int i = 1; i <= t.shape.rank; ++i) {
      int32_t size = t.shape.dims[t.shape.rank - i];
      strides[4 - i] = size == 1 ? 0 : stride;
      stride *= size;
    }
  }
  template <class T>
  const T* row(int64_t b, int64_t h, int64_t i) const {
    return static_cast<const T*>(data) + b * strides[0] + h * strides[1] + i * strides[2];
  }
};

// One head of one sample.
template <class T>
struct Head {
  const T *k, *v;
  int64_t keys, depth, value_depth;
  T scale, softcap;
};

// (21.10) into `scores`, the first `seen` keys of a query; returns the largest.
template <class T>
T find_scores(const Head<T>& head, const T* q, const T* mask, int64_t mask_stride, int64_t seen,
              T* scores) {
  T largest = -static_cast<T>(__builtin_huge_valf());
  for (int64_t j = 0; j < seen; ++j) {
    T s = head.scale * dot(q, head.k + j * head.depth, head.depth);
    if (head.softcap != 0) s = head.softcap * std::tanh(s / head.softcap);
    if (mask != nullptr) s += mask[j * mask_stride];
    scores[j] = s;
    largest = s > largest || s != s ? s : largest;
  }
  return largest;
}

// (21.11)
template <class T>
void weigh_values(const Head<T>& head, T* scores, int64_t seen, T largest, T* y) {
  for (int64_t c = 0; c < head.value_depth; ++c) y[c] = 0;
  if (largest == -static_cast<T>(__builtin_huge_valf())) return;
  T sum = 0;
  for (int64_t j = 0; j < seen; ++j) {
    scores[j] = std::exp(scores[j] - largest);
    sum += scores[j];
  }
  for (int64_t j = 0; j < seen; ++j) {
    const T weight = scores[j] / sum;
    if (weight == 0) continue;
    const T* v = head.v + j * head.value_depth;
    for (int64_t c = 0; c < head.value_depth; ++c) y[c] += weight * v[c];
  }
}

int64_t seen_keys(int32_t causal, int64_t i, int64_t queries, int64_t keys) {
  if (causal == kMoteCausalNone) return keys;
  int64_t seen = i + 1 + (causal == kMoteCausalEnd ? keys - queries : 0);
  return seen < 0 ? 0 : seen < keys ? seen : keys;
}

template <class T>
void run_block(const KernelCall& call, int64_t block, T* scores) {
  const auto& attrs = call.attributes<Attrs>();
  const Shape &qs = call.in(kQ).shape, &ks = call.in(kK).shape;
  const int64_t heads = qs.dims[kHeads], queries = qs.dims[kLength], keys = ks.dims[kLength];
  const int64_t depth = qs.dims[kDepth], value_depth = call.in(kV).shape.dims[kDepth];
  const int64_t first = block % blocks(qs) * kQueries, head = block / blocks(qs);
  const int64_t b = head / heads, h = head % heads, kv_heads = ks.dims[kHeads];
  const int64_t kv_head = b * kv_heads + h / (heads / kv_heads);
  const T scale =
      attrs.scale != 0 ? static_cast<T>(attrs.scale) : 1 / std::sqrt(static_cast<T>(depth));
  const Head<T> at = {call.in(kK).as<T>() + kv_head * keys * depth,
                      call.in(kV).as<T>() + kv_head * keys * value_depth,
                      keys,
                      depth,
                      value_depth,
                      scale,
                      static_cast<T>(attrs.softcap)};
  const Mask mask(call);
  for (int64_t i = first; i < queries && i < first + kQueries; ++i) {
    const int64_t seen = seen_keys(attrs.causal, i, queries, keys), row = head * queries + i;
    const T* m = mask.data == nullptr ? nullptr : mask.row<T>(b, h, i);
    T largest =
        find_scores(at, call.in(kQ).as<T>() + row * depth, m, mask.strides[3], seen, scores);
    weigh_values(at, scores, seen, largest, call.out().as<T>() + row * value_depth);
  }
}

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const Shape& q = call.in(kQ).shape;
  Range r = Tiling(int64_t{q.dims[kBatch]} * q.dims[kHeads] * blocks(q), kTileBytes).range(tile);
  T* scores = reinterpret_cast<T*>(call.scratch + worker * call.scratch_stride);
  for (int64_t block = r.begin; block < r.end; ++block) run_block(call, block, scores);
}

constexpr Kernel kKernels[] = {
#include "ops/attention/kernels.inc"
};

}  // namespace

extern const Operator attention_operator;
extern const Kernel attention_f64;

const Operator attention_operator = {
    .code = op_code::attention,
    .name = "attention",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Attention),
    .attributes_bytes = sizeof(AttentionAttrs),
    .min_inputs = 3,
    .max_inputs = 4,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel attention_f64 = {.name = "attention_f64_reference",
                              .reference = true,
                              .accepts = is_f64,
                              .prepare = prepare<double>,
                              .tiles = tiles,
                              .run = reference<double>};

}  // namespace mote
