#include <cmath>

#include "grad/rule.h"

namespace mote {
namespace {

// q, k, v, dy with the heads as [kv_heads, heads per kv_head]: [b, kv, group or 1, length, depth].
struct Grouped {
  Builder& g;
  int32_t kv_heads, group;

  ir::ValueId queries(ir::ValueId x) const { return split(x, group); }
  ir::ValueId keys(ir::ValueId x) const { return split(x, 1); }
  ir::ValueId split(ir::ValueId x, int32_t heads) const {
    const std::vector<int32_t> d = g.dims(x);
    return g.reshape(x, {d[0], kv_heads, heads, d[2], d[3]});
  }
  // A mask that is broadcast to [b, heads, sq, sk].
  ir::ValueId mask(ir::ValueId x) const {
    std::vector<int32_t> d = g.dims(x);
    d.insert(d.begin(), 4 - d.size(), 1);
    bool one = d[1] == 1;
    return g.reshape(x, {d[0], one ? 1 : kv_heads, one ? 1 : group, d[2], d[3]});
  }
};

// 1 where query i sees key j, [sq, sk].
std::vector<float> visible(int32_t causal, int32_t queries, int32_t keys) {
  std::vector<float> seen;
  int32_t offset = causal == kMoteCausalEnd ? keys - queries : 0;
  for (int32_t i = 0; i < queries; ++i)
    for (int32_t j = 0; j < keys; ++j) seen.push_back(j <= i + offset ? 1.0f : 0.0f);
  return seen;
}

struct Scores {
  ir::ValueId weights = ir::kNone;  // what the values are multiplied by
  ir::ValueId capped = ir::kNone;   // tanh(score / softcap), with a softcap
};

Scores find_weights(GradientCall& c, const Grouped& h, float scale) {
  Builder& g = c.g;
  auto a = c.node.attrs<AttentionAttrs>();
  Scores s;
  ir::ValueId scores = g.scale(g.matmul(h.queries(c.in(0)), h.keys(c.in(1)), false, true), scale);
  if (a.softcap != 0) {
    s.capped = g.node(op_code::activation, ActivationAttrs{kMoteTanh, 0, 0},
                      {g.scale(scores, 1 / a.softcap)});
    scores = g.scale(s.capped, a.softcap);
  }
  if (c.node.inputs.size() > 3 && c.in(3) != ir::kNone) scores = g.add(scores, h.mask(c.in(3)));
  const int32_t queries = g.dims(c.in(0))[2], keys = g.dims(c.in(1))[2];
  ir::ValueId seen = ir::kNone;
  if (a.causal != kMoteCausalNone) {
    std::vector<float> ones = visible(a.causal, queries, keys), hidden;
    // Far below every score, and finite: a query that sees nothing gets weights of 0 below.
    for (float one : ones) hidden.push_back(one != 0 ? 0.0f : -1e30f);
    scores = g.add(scores, g.constant("hidden", Type::float32, {queries, keys}, hidden));
    seen = g.constant("seen", Type::float32, {queries, keys}, ones);
  }
  s.weights = g.node(op_code::softmax, SoftmaxAttrs{1}, {scores});
  if (seen != ir::kNone) s.weights = g.mul(s.weights, seen);
  return s;
}

}  // namespace

// With P the weights of the values: dv = P' dy, dP = dy v', dS = P * (dP - sum(P * dP)); the mask
// gets dS, and q and k what is left behind the softcap. Not for rows that a mask of -infinity hides
// altogether.
void gradient_attention(GradientCall& c) {
  Builder& g = c.g;
  auto a = c.node.attrs<AttentionAttrs>();
  const std::vector<int32_t> q = g.dims(c.in(0)), k = g.dims(c.in(1));
  const Grouped h{g, k[1], q[1] / k[1]};
  const float scale = a.scale != 0 ? a.scale : 1 / std::sqrt(static_cast<float>(q[3]));
  Scores s = find_weights(c, h, scale);
  ir::ValueId dy = h.queries(c.dy[0]), p = s.weights;
  if (c.wants(2)) {
    ir::ValueId dv = g.sum_to(g.matmul(p, dy, true, false), h.keys(c.in(2)));
    c.set(2, g.reshape_like(dv, c.in(2)));
  }
  ir::ValueId dp = g.matmul(dy, h.keys(c.in(2)), false, true);
  ir::ValueId ds = g.mul(p, g.sub(dp, g.sum(g.mul(p, dp), {4}, true)));
  if (c.wants(3)) c.set(3, g.reshape_like(g.sum_to(ds, h.mask(c.in(3))), c.in(3)));
  if (s.capped != ir::kNone) ds = g.sub(ds, g.mul(ds, g.mul(s.capped, s.capped)));
  ds = g.scale(ds, scale);
  if (c.wants(0)) c.set(0, g.reshape_like(g.matmul(ds, h.keys(c.in(1)), false, false), c.in(0)));
  if (!c.wants(1)) return;
  ir::ValueId dk = g.sum_to(g.matmul(ds, h.queries(c.in(0)), true, false), h.keys(c.in(1)));
  c.set(1, g.reshape_like(dk, c.in(1)));
}

}  // namespace mote
