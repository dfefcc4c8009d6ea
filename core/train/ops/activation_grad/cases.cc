#include <cmath>

#include "ops/case.h"

namespace mote::test {
namespace {

constexpr int32_t kKinds = 5;

void add(CaseList& list, int32_t kind, const std::vector<int32_t>& shape) {
  // Outputs of every kind; beyond them nothing is asked of the operator, yet it must not differ.
  Operand y = list.f32(shape, -1.5, kind == kMoteRelu6 ? 7.5 : 1.5);
  Case& c = list.add(op_code::activation_grad, ActivationAttrs{kind}, {list.f32(shape, -8, 8), y},
                     {list.f32({})});
  if (kind <= kMoteReluN1To1) c.tolerance = 0;
}

}  // namespace

void activation_grad_cases(CaseList& list) {
  for (int i = 0; i < 70; ++i) add(list, i % kKinds, list.shape(list.integer(0, 5), 6));
  for (int32_t kind = 0; kind < kKinds; ++kind) {
    add(list, kind, {3, 3001});
    add(list, kind, {20000});
    // The places where the slope jumps: none of them passes dy.
    Operand dy = list.given<float>(Type::float32, {8}, {1, 2, 3, 4, 5, 6, 7, 8});
    Operand y = list.given<float>(Type::float32, {8},
                                  {0, -0.0f, 6, -1, 1, 0x1p-140f, 0x1.7ffffep2f, 0x1.fffffep-1f});
    list.add(op_code::activation_grad, ActivationAttrs{kind}, {dy, y}, {list.f32({})});
  }
}

}  // namespace mote::test
