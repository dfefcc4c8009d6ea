#include "ops/case.h"

namespace mote::test {
namespace {

struct Numbers {
  int32_t step;
  std::vector<float> hyper;
};

void add(CaseList& list, const Numbers& numbers, std::vector<int32_t> shape, bool decoupled,
         double lowest_second) {
  bool first = numbers.step == 1;
  Operand m = list.f32(shape, first ? 0 : -1, first ? 0 : 1).state();
  Operand v = list.f32(shape, first ? 0 : lowest_second, first ? 0 : 1).state();
  list.add(op_code::adam, OptimizerAttrs{0, decoupled ? 1 : 0},
           {list.f32(shape).state(), m, v, list.f32(shape, -2, 2), list.f32({1}, 0, 0.1),
            list.given(Type::int32, {1}, std::vector<int32_t>{numbers.step}),
            list.given(Type::float32, {4}, numbers.hyper)},
           {})
      .tolerance = 0;
}

}  // namespace

void adam_cases(CaseList& list) {
  const std::vector<Numbers> usual = {{1, {0.9f, 0.999f, 1e-8f, 0}},
                                      {2, {0.9f, 0.999f, 1e-8f, 0.01f}},
                                      {1000, {0.9f, 0.999f, 1e-7f, 0.1f}},
                                      {INT32_MAX, {0.5f, 0.25f, 1e-3f, 2}}};
  for (int i = 0; i < 64; ++i) {
    std::vector<int32_t> shape = list.shape(list.integer(0, 6), 6);
    if (i % 16 == 15) shape = {3, 5001};  // several tiles, the last one odd
    add(list, usual[static_cast<size_t>(i % 4)], shape, i / 4 % 2 == 1, 0);
  }
  // Data may be anything: steps below 1, corrections of zero or less, negative second moments.
  for (int32_t step : {0, -1, INT32_MIN, 3})
    for (float beta : {0.9f, 1.0f, 1.5f, -0.5f})
      add(list, {step, {beta, beta, 1e-8f, 0.1f}}, {11}, step < 0, -1);
}

}  // namespace mote::test
