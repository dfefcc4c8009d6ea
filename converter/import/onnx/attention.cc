// Attention, RotaryEmbedding, and the forms of com.microsoft.
#include <cmath>
#include <limits>

#include "base/interval.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

constexpr float kHidden = -std::numeric_limits<float>::infinity();

enum AttentionInput { kQ, kK, kV, kMask, kPastKey, kPastValue, kKeyCounts };
enum AttentionOutput { kY, kPresentKey, kPresentValue, kScores };
// What output 3 holds.
enum ScoresMode { kProducts, kCapped, kWithMask, kWeights };

struct AttentionParts {
  ir::ValueId q = ir::kNone, k = ir::kNone, v = ir::kNone, mask = ir::kNone;
  AttentionAttrs attrs{};
  bool flat = false;  // the operands are [b, length, heads * depth]
};

// [b, length, heads * depth] as [b, heads, length, depth].
ir::ValueId split_heads(NodeImport& c, ir::ValueId x, int64_t heads) {
  Dim hidden = c.shape(x).dims[2];
  if (heads < 1 || heads > INT32_MAX || !hidden.is_static() || hidden.max % heads != 0) {
    c.error("a last dimension of " + std::to_string(hidden.max) + " in " + std::to_string(heads) +
            " heads");
    return x;
  }
  const auto h = static_cast<int32_t>(heads);
  return reordered(c, reshaped(c, x, {0, 0, h, hidden.max / h}), {0, 2, 1, 3});
}

// The inverse.
ir::ValueId join_heads(NodeImport& c, ir::ValueId x) {
  const ShapeBounds s = c.shape(x);
  Dim heads = s.dims[1], depth = s.dims[3];
  if (!heads.is_static() || !depth.is_static() || int64_t{heads.max} * depth.max > INT32_MAX) {
    c.error("heads and their depth must be of static sizes");
    return x;
  }
  return reshaped(c, reordered(c, x, {0, 2, 1, 3}), {0, 0, heads.max * depth.max});
}

// `present` = past and `x`, along the positions.
ir::ValueId appended(NodeImport& c, ir::ValueId past, ir::ValueId x) {
  if (past == ir::kNone) return x;
  return c.build().node(op_code::concat, ConcatAttrs{2, kMoteActivationNone}, {past, x});
}

// Which keys a query of place p sees: p - left <= j <= p + right; a negative one is no bound.
struct Window {
  int64_t left = -1, right = -1;
  bool bounded() const { return left >= 0 || right >= 0; }
};

// 0 where a query sees a key, else -infinity, [queries, keys]. Query 0 has the place `offset`.
ir::ValueId window_mask(NodeImport& c, const Window& w, int64_t offset, int32_t queries,
                        int32_t keys) {
  std::vector<float> mask;
  for (int64_t p = offset; p < offset + queries; ++p)
    for (int64_t j = 0; j < keys; ++j) {
      bool seen = (w.left < 0 || p - j <= w.left) && (w.right < 0 || j - p <= w.right);
      mask.push_back(seen ? 0 : kHidden);
    }
  return c.build().constant(c.where() + "/window", Type::float32, {queries, keys}, mask);
}

ir::ValueId added(NodeImport& c, ir::ValueId a, ir::ValueId b) {
  if (a == ir::kNone || b == ir::kNone) return a == ir::kNone ? b : a;
  return binary(c, op_code::add, a, b);
}

ir::ValueId hidden_unless(NodeImport& c, ir::ValueId seen) {
  return selected(c, seen, scalar(c, 0), scalar(c, kHidden));
}

// `v` <kind> `limit` of int64.
ir::ValueId compared(NodeImport& c, int32_t kind, ir::ValueId v, ir::ValueId limit) {
  return c.build().node(op_code::compare, CompareAttrs{kind}, {v, limit}, Type::boolean);
}

// The mask as float32 with as many columns as there are keys; further keys are hidden.
ir::ValueId read_mask(NodeImport& c, size_t input, Dim keys) {
  ir::ValueId mask = c.optional_input(input);
  if (mask == ir::kNone) return mask;
  mask = c.type(mask) == Type::boolean ? hidden_unless(c, mask) : as_type(c, mask, Type::float32);
  const int32_t rank = c.rank(mask);
  Dim columns = rank == 0 ? keys : c.shape(mask).dims[rank - 1];
  if (!columns.is_static() || !keys.is_static() || columns.max >= keys.max || columns.max == 1)
    return mask;
  PadAttrs a{};
  a.count = rank;
  a.after[rank - 1] = keys.max - columns.max;
  a.value = kHidden;
  return c.build().node(op_code::pad, a, {mask});
}

bool static_sizes(NodeImport& c, Dim queries, Dim keys) {
  if (queries.is_static() && keys.is_static()) return true;
  c.error("this mask needs static lengths of queries and keys",
          "give the inputs a static shape, or the mask as an operand");
  return false;
}

// Keys of sample b beyond counts[b] are hidden, and the last query stands at the last of the
// others.
void apply_key_counts(NodeImport& c, ir::ValueId counts, const Window& w, AttentionParts* p) {
  Dim queries = c.shape(p->q).dims[2], keys = c.shape(p->k).dims[2];
  if (!static_sizes(c, queries, keys)) return;
  counts = reshaped(c, as_type(c, counts, Type::int64), {-1, 1, 1, 1});
  // j - i + queries: its place behind query i, were there no keys.
  std::vector<int64_t> places, columns;
  for (int64_t i = 0; i < queries.max; ++i)
    for (int64_t j = 0; j < keys.max; ++j) places.push_back(j - i + queries.max);
  for (int64_t j = 0; j < keys.max; ++j) columns.push_back(j);
  ir::ValueId place = c.int_constant(places, {queries.max, keys.max});
  auto shifted = [&](int64_t by) {
    return binary(c, op_code::add, counts, c.int_constant({by}, {}));
  };
  auto hide = [&](ir::ValueId seen) { p->mask = added(c, p->mask, hidden_unless(c, seen)); };
  if (w.right >= 0) hide(compared(c, kMoteLessEqual, place, shifted(w.right)));
  if (w.left >= 0) hide(compared(c, kMoteGreaterEqual, place, shifted(-w.left)));
  hide(compared(c, kMoteLess, c.int_constant(columns, {keys.max}), counts));
}

// Masks by place, where the operator itself has none such. `fresh`: keys that are not of the past.
void apply_window(NodeImport& c, Window w, bool causal, Dim fresh, bool has_past,
                  AttentionParts* p) {
  Dim queries = c.shape(p->q).dims[2], keys = c.shape(p->k).dims[2];
  if (causal && w.right != 0) w.right = 0;
  const bool only_causal = causal && w.left < 0;
  // Queries and keys of one step are of the same positions.
  bool same_step = !fresh.is_static() || !queries.is_static() || fresh.max == queries.max;
  if (only_causal && (!has_past || same_step)) {
    p->attrs.causal = has_past ? kMoteCausalEnd : kMoteCausalBegin;
    return;
  }
  if (!w.bounded() || !static_sizes(c, queries, keys)) return;
  p->mask =
      added(c, p->mask, window_mask(c, w, int64_t{keys.max} - fresh.max, queries.max, keys.max));
}

// q k' of every head, [b, heads, queries, keys].
ir::ValueId products(NodeImport& c, const AttentionParts& p) {
  const ShapeBounds q = c.shape(p.q), k = c.shape(p.k);
  const int32_t heads = q.dims[1].max, kv_heads = k.dims[1].max;
  ir::ValueId x = p.q, y = p.k;
  const bool grouped = heads != kv_heads;
  if (grouped) {
    x = reshaped(c, x, {0, kv_heads, heads / kv_heads, size_of(q.dims[2]), q.dims[3].max});
    y = reshaped(c, y, {0, kv_heads, 1, size_of(k.dims[2]), k.dims[3].max});
  }
  ir::ValueId s = c.build().matmul(x, y, false, true);
  const float depth = static_cast<float>(q.dims[3].max);
  s = binary(c, op_code::mul, s, p.attrs.scale != 0 ? p.attrs.scale : 1 / std::sqrt(depth));
  if (!grouped) return s;
  const Dim columns = c.shape(s).dims[4], rows = c.shape(s).dims[3];
  return reshaped(c, s, {0, heads, size_of(rows), size_of(columns)});
}

// Output 3.
void define_scores(NodeImport& c, const AttentionParts& p, int64_t mode) {
  ir::ValueId s = products(c, p);
  if (mode >= kCapped && p.attrs.softcap > 0) {
    ir::ValueId small = binary(c, op_code::div, s, p.attrs.softcap);
    small = c.build().node(op_code::activation, ActivationAttrs{kMoteTanh, 0, 0}, {small});
    s = binary(c, op_code::mul, small, p.attrs.softcap);
  }
  ir::ValueId mask = p.mask;
  if (mode >= kWithMask && p.attrs.causal != kMoteCausalNone) {
    Dim queries = c.shape(p.q).dims[2], keys = c.shape(p.k).dims[2];
    if (!static_sizes(c, queries, keys)) return;
    const int64_t offset = p.attrs.causal == kMoteCausalEnd ? keys.max - queries.max : 0;
    mask = added(c, mask, window_mask(c, {-1, 0}, offset, queries.max, keys.max));
  }
  if (mode >= kWithMask) s = added(c, s, mask);
  if (mode == kWeights) {
    ir::ValueId largest = reduced(c, kMoteReduceMax, s, {3});
    ir::ValueId seen = compared(c, kMoteNotEqual, largest, scalar(c, kHidden));
    s = selected(c, seen, c.build().node(op_code::softmax, SoftmaxAttrs{1}, {s}), scalar(c, 0));
  }
  define_like(c, kScores, s, c.input(kQ));
}

bool read_heads(NodeImport& c, AttentionParts* p) {
  p->flat = c.rank(p->q) == 3;
  for (ir::ValueId x : {p->q, p->k, p->v})
    if (c.rank(x) != (p->flat ? 3 : 4)) c.error("q, k and v must all be of rank 3 or 4");
  if (c.failed()) return false;
  if (p->flat) {
    const int64_t heads = c.attr_int("q_num_heads", 0), kv_heads = c.attr_int("kv_num_heads", 0);
    p->q = split_heads(c, p->q, heads);
    p->k = split_heads(c, p->k, kv_heads);
    p->v = split_heads(c, p->v, kv_heads);
  }
  return !c.failed();
}

bool read_factors(NodeImport& c, AttentionParts* p) {
  p->attrs.scale = c.attr_float("scale", 0);
  p->attrs.softcap = c.attr_float("softcap", 0);
  bool valid = p->attrs.scale >= 0 && std::isfinite(p->attrs.scale) && p->attrs.softcap >= 0 &&
               std::isfinite(p->attrs.softcap);
  if (!valid) c.error("scale and softcap must be finite and not negative");
  return valid;
}

void define_attention(NodeImport& c, const AttentionParts& p) {
  std::vector<ir::ValueId> inputs = {p.q, p.k, p.v};
  if (p.mask != ir::kNone) inputs.push_back(p.mask);
  ir::ValueId y = c.build().node(op_code::attention, p.attrs, inputs);
  if (p.flat && !c.failed()) y = join_heads(c, y);
  define_like(c, kY, y, c.input(kQ));
}

// x with its places before its heads, and its sizes.
struct Rotary {
  ir::ValueId x = ir::kNone;
  int32_t rank = 0;
};

bool read_rotary(NodeImport& c, Rotary* r) {
  r->x = float_input(c, 0);
  if (c.failed()) return false;
  r->rank = c.rank(r->x);
  if (r->rank == 4) {
    r->x = reordered(c, r->x, {0, 2, 1, 3});
    return true;
  }
  const int64_t heads = c.attr_int("num_heads", 0);
  Dim hidden = r->rank == 3 ? c.shape(r->x).dims[2] : Dim{};
  if (heads < 1 || !hidden.is_static() || hidden.max % heads != 0) {
    c.error("num_heads must divide the last dimension of an input of rank 3");
    return false;
  }
  const auto h = static_cast<int32_t>(heads);
  r->x = reshaped(c, r->x, {0, 0, h, hidden.max / h});
  return true;
}

void define_rotary(NodeImport& c, const Rotary& r, ir::ValueId cosines, ir::ValueId sines) {
  Dim depth = c.shape(r.x).dims[3];
  int64_t turned = c.attr_int("rotary_embedding_dim", 0);
  if (turned == 0) turned = depth.max;
  if (!depth.is_static() || turned < 2 || turned > depth.max || turned % 2 != 0)
    return c.error("rotary_embedding_dim " + std::to_string(turned) + " of " +
                   std::to_string(depth.max));
  const RotaryEmbeddingAttrs a{c.attr_int("interleaved", 0) != 0 ? 1 : 0};
  ir::ValueId x = turned == depth.max ? r.x : c.slice_axis(r.x, 3, 0, turned);
  ir::ValueId y = c.build().node(op_code::rotary_embedding, a, {x, cosines, sines});
  if (turned != depth.max)
    y = c.build().node(op_code::concat, ConcatAttrs{3, kMoteActivationNone},
                       {y, c.slice_axis(r.x, 3, turned, depth.max)});
  const Dim heads = c.shape(r.x).dims[2];
  y = r.rank == 4 ? reordered(c, y, {0, 2, 1, 3}) : reshaped(c, y, {0, 0, heads.max * depth.max});
  define_like(c, 0, y, c.input(0));
}

// Rows of a table [positions, pairs] at [b, s] positions; a table [b, s, pairs] as it is.
ir::ValueId angles(NodeImport& c, size_t table, ir::ValueId positions) {
  ir::ValueId t = float_input(c, table);
  if (c.failed() || positions == ir::kNone) return t;
  return c.build().node(op_code::gather, GatherAttrs{0, 0}, {t, positions});
}

}  // namespace

void import_attention(NodeImport& c) {
  AttentionParts p;
  p.q = float_input(c, kQ);
  p.k = float_input(c, kK);
  p.v = float_input(c, kV);
  if (c.failed() || !read_heads(c, &p) || !read_factors(c, &p)) return;
  const Dim fresh = c.shape(p.k).dims[2];
  const bool has_past = c.has(kPastKey);
  p.k = appended(c, optional_float_input(c, kPastKey), p.k);
  p.v = appended(c, optional_float_input(c, kPastValue), p.v);
  if (c.failed()) return;
  if (c.has_output(kPresentKey)) define_like(c, kPresentKey, p.k, c.input(kK));
  if (c.has_output(kPresentValue)) define_like(c, kPresentValue, p.v, c.input(kV));
  p.mask = read_mask(c, kMask, c.shape(p.k).dims[2]);
  Window window{c.attr_int("left_window_size", -1), c.attr_int("right_window_size", -1)};
  const bool causal = c.attr_int("is_causal", 0) != 0;
  if (c.has(kKeyCounts) && !has_past) {
    if (causal) window.right = 0;
    apply_key_counts(c, c.input(kKeyCounts), window, &p);
  } else {
    apply_window(c, window, causal, fresh, has_past, &p);
  }
  if (c.failed()) return;
  define_attention(c, p);
  if (c.has_output(kScores)) define_scores(c, p, c.attr_int("qk_matmul_output_mode", 0));
}

void import_rotary_embedding(NodeImport& c) {
  Rotary r;
  if (!read_rotary(c, &r)) return;
  ir::ValueId positions = c.optional_input(3);
  ir::ValueId cosines = angles(c, 1, positions), sines = angles(c, 2, positions);
  if (!c.failed()) define_rotary(c, r, cosines, sines);
}

// Operands in another order: x, positions [b, s], tables.
void import_microsoft_rotary_embedding(NodeImport& c) {
  Rotary r;
  if (c.attr_float("scale", 1) != 1) return c.error("a scale is not supported");
  ir::ValueId positions = c.input(1);
  if (c.failed()) return;
  if (c.rank(positions) != 2)
    return c.error("positions must be given for each place", "export with position_ids [b, s]");
  if (!read_rotary(c, &r)) return;
  ir::ValueId cosines = angles(c, 2, positions), sines = angles(c, 3, positions);
  if (!c.failed()) define_rotary(c, r, cosines, sines);
}

}  // namespace mote::onnx_import
