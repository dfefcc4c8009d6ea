#include "ops/case.h"

namespace mote::test {

void sgd_cases(CaseList& list) {
  const float momentum[] = {0, 0.9f, 0.5f, -1}, decay[] = {0, 1e-4f, 0.1f, 2};
  for (int i = 0; i < 64; ++i) {
    std::vector<int32_t> shape = list.shape(list.integer(0, 6), 6);
    if (i % 16 == 15) shape = {3, 5001};  // several tiles, the last one odd
    Operand parameter = list.f32(shape).state(), velocity = list.f32(shape).state();
    if (i % 4 == 0) velocity.low = velocity.high = 0;  // the first step
    std::vector<float> hyper = {momentum[i % 4], decay[i / 4 % 4]};
    list.add(op_code::sgd, OptimizerAttrs{i / 2 % 2, 0},
             {parameter, velocity, list.f32(shape, -2, 2), list.f32({1}, 0, 0.5),
              list.given(Type::float32, {2}, hyper)},
             {})
        .tolerance = 0;
  }
}

}  // namespace mote::test
