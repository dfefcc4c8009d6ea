#include "ops/case.h"

namespace mote::test {
namespace {

struct Sizes {
  int32_t batch, in, units, rank, memory;
};

Sizes draw(CaseList& list) {
  return {list.integer(1, 4), list.integer(1, 13), list.integer(1, 9), list.integer(1, 4),
          list.integer(1, 10)};
}

void add_real(CaseList& list, const Sizes& s) {
  int32_t filters = s.units * s.rank;
  SvdfAttrs a{};
  a.rank = s.rank;
  a.activation = list.integer(0, 3);
  list.add(op_code::svdf, a,
           {list.f32({s.batch, s.in}), list.f32({filters, s.in}), list.f32({filters, s.memory}),
            list.f32({s.batch, filters * s.memory}),
            list.coin() ? list.f32({s.units}) : CaseList::none()},
           {list.f32({}), list.f32({})});
}

ir::Quantization scaled(float scale) {
  ir::Quantization q;
  q.scales = {scale};
  q.zero_points = {0};
  return q;
}

Operand s16(CaseList& list, std::vector<int32_t> shape, float scale) {
  Operand o = list.ints(Type::int16, std::move(shape), -32767, 32767);
  o.quantization = scaled(scale);
  if (list.integer(0, 7) == 0) o.fill = Fill::extreme;
  return o;
}

void add_quantized(CaseList& list, const Sizes& s) {
  int32_t filters = s.units * s.rank;
  SvdfAttrs a{};
  a.rank = s.rank;
  a.activation = list.integer(0, 3);
  a.feature_scale = list.real(0.1f, 4) * (list.integer(0, 9) == 0 ? 1000 : 1);
  a.time_scale = list.real(0.1f, 4) * 0x1p-24f;
  Operand bias = list.ints(Type::int32, {s.units}, -100000, 100000);
  list.add(
      op_code::svdf, a,
      {list.s8({s.batch, s.in}, list.per_tensor()), list.s8({filters, s.in}, scaled(0.01f)),
       s16(list, {filters, s.memory}, 0x1p-15f), s16(list, {s.batch, filters * s.memory}, 0x1p-10f),
       list.coin() ? std::move(bias) : CaseList::none()},
      {list.s8({}, list.per_tensor()), s16(list, {}, 0x1p-10f)});
}

}  // namespace

void svdf_cases(CaseList& list) {
  for (int i = 0; i < 60; ++i) add_real(list, draw(list));
  add_real(list, {150, 40, 20, 2, 9});
  for (int i = 0; i < 80; ++i) add_quantized(list, draw(list));
  add_quantized(list, {150, 40, 20, 2, 9});
}

}  // namespace mote::test
