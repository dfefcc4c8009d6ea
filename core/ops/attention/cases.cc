#include "ops/case.h"

namespace mote::test {
namespace {

struct Sizes {
  int32_t batch, kv_heads, group, queries, keys, depth, value_depth;
};

// Broadcast from some of its dimensions, or with fewer of them.
Operand draw_mask(CaseList& list, const Sizes& s) {
  std::vector<int32_t> shape = {s.batch, s.kv_heads * s.group, s.queries, s.keys};
  for (int32_t& d : shape)
    if (list.integer(0, 2) == 0) d = 1;
  shape.erase(shape.begin(), shape.begin() + list.integer(0, 4));
  return list.f32(shape, -2, 2);
}

void add(CaseList& list, const AttentionAttrs& attrs, const Sizes& s, bool mask) {
  int32_t heads = s.kv_heads * s.group;
  std::vector<Operand> inputs = {list.f32({s.batch, heads, s.queries, s.depth}, -2, 2),
                                 list.f32({s.batch, s.kv_heads, s.keys, s.depth}, -2, 2),
                                 list.f32({s.batch, s.kv_heads, s.keys, s.value_depth}, -2, 2)};
  if (mask) inputs.push_back(draw_mask(list, s));
  list.add(op_code::attention, attrs, std::move(inputs), {list.f32({})});
}

// Additive masks hide keys by -infinity, a whole row among them.
void add_hidden(CaseList& list, int32_t queries, int32_t keys) {
  std::vector<float> mask;
  for (int32_t i = 0; i < queries * keys; ++i)
    mask.push_back(i < keys || list.integer(0, 2) == 0 ? -__builtin_huge_valf() : list.real(-1, 1));
  list.add(op_code::attention, AttentionAttrs{0, 0, 0},
           {list.f32({2, 2, queries, 8}), list.f32({2, 1, keys, 8}), list.f32({2, 1, keys, 5}),
            list.given(Type::float32, {queries, keys}, mask)},
           {list.f32({})});
}

}  // namespace

void attention_cases(CaseList& list) {
  for (int i = 0; i < 60; ++i) {
    AttentionAttrs attrs{i % 3 == 0 ? 0 : list.real(0.1f, 1), i % 4 == 1 ? list.real(1, 20) : 0,
                         i % 3};
    Sizes s = {list.integer(1, 2),  list.integer(1, 3),  list.integer(1, 3), list.integer(1, 20),
               list.integer(1, 20), list.integer(1, 20), list.integer(1, 20)};
    add(list, attrs, s, i % 2 == 1);
  }
  add(list, {0, 0, kMoteCausalEnd}, {2, 2, 2, 50, 70, 64, 64}, false);
  add(list, {0, 0, kMoteCausalNone}, {1, 1, 4, 1, 500, 32, 33}, true);
  for (int i = 0; i < 4; ++i) add_hidden(list, list.integer(2, 9), list.integer(1, 9));
}

}  // namespace mote::test
