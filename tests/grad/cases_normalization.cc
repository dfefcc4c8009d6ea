// Normalization and attention.
#include "grad/cases.h"

namespace mote::test {
namespace {

using ir::ValueId;
using Dims = std::vector<int32_t>;

// An optional operand.
ValueId maybe(GradientCase& c, const Dims& shape) { return c.coin() ? c.input(shape) : ir::kNone; }

NormalizeAttrs random_axes(GradientCase& c, const Dims& x) {
  NormalizeAttrs a{};
  a.axis_count = c.integer(1, static_cast<int32_t>(x.size()));
  a.epsilon = 0.05f;  // statistics of one element have no variance
  return a;
}

}  // namespace

void make_log_softmax_case(GradientCase& c) {
  SoftmaxAttrs a{static_cast<float>(c.real(0.25, 2))};
  c.add(op_code::log_softmax, a, {c.input(c.shape(c.integer(1, 4), 6), -3, 3)});
}

void make_layer_norm_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  NormalizeAttrs a = random_axes(c, s);
  Dims last(s.end() - a.axis_count, s.end());
  ValueId scale = maybe(c, last), bias = maybe(c, last);
  c.add(op_code::layer_norm, a, {c.input(s), scale, bias});
}

void make_rms_norm_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  NormalizeAttrs a = random_axes(c, s);
  Dims last(s.end() - a.axis_count, s.end());
  ValueId scale = maybe(c, last);
  c.add(op_code::rms_norm, a, {c.input(s), scale});
}

void make_group_norm_case(GradientCase& c) {
  NormalizeAttrs a{0, c.integer(1, 3), 0.05f};
  Dims s = c.shape(c.integer(1, 3), 3);
  s.push_back(a.groups * c.integer(1, 3));
  ValueId scale = maybe(c, {s.back()}), bias = maybe(c, {s.back()});
  c.add(op_code::group_norm, a, {c.input(s), scale, bias});
}

// Norms above epsilon, or far below it.
void make_l2_normalize_case(GradientCase& c) {
  NormalizeAttrs a{0, 0, c.coin() ? 0.01f : 100.0f};
  c.add(op_code::l2_normalize, a, {c.input(c.shape(c.integer(1, 4)), 0.1, 2)});
}

void make_local_response_norm_case(GradientCase& c) {
  LocalResponseNormAttrs a{c.integer(0, 3), c.integer(0, 3), static_cast<float>(c.real(0.1, 0.5)),
                           static_cast<float>(c.real(0.25, 1.5)),
                           static_cast<float>(c.real(0.5, 2))};
  Dims s = c.shape(c.integer(1, 3));
  s.push_back(c.integer(1, 6));
  c.add(op_code::local_response_norm, a, {c.input(s)});
}

void make_rotary_embedding_case(GradientCase& c) {
  Dims s = c.shape(4);
  s[3] *= 2;
  Dims angles = {c.coin() ? 1 : s[0], s[1], s[3] / 2};
  ValueId cosines = c.fixed(angles), sines = c.fixed(angles);
  c.add(op_code::rotary_embedding, RotaryEmbeddingAttrs{c.integer(0, 1)},
        {c.input(s), cosines, sines});
}

void make_attention_case(GradientCase& c) {
  int32_t batch = c.integer(1, 2), kv_heads = c.integer(1, 2), heads = kv_heads * c.integer(1, 2);
  int32_t queries = c.integer(1, 4), keys = c.integer(1, 4), depth = c.integer(1, 3);
  AttentionAttrs a{c.coin() ? 0.0f : static_cast<float>(c.real(0.25, 1)),
                   c.coin() ? 0.0f : static_cast<float>(c.real(0.5, 2)), c.integer(0, 2)};
  ValueId q = c.input({batch, heads, queries, depth}), k = c.input({batch, kv_heads, keys, depth});
  ValueId v = c.input({batch, kv_heads, keys, c.integer(1, 3)});
  Dims mask = {batch, heads, queries, keys};
  for (int32_t& d : mask)
    if (c.integer(0, 2) == 0) d = 1;
  mask.erase(mask.begin(), mask.begin() + c.integer(0, 4));
  c.add(op_code::attention, a, {q, k, v, maybe(c, mask)});
}

}  // namespace mote::test
