#include "ops/weighted_cases.h"

namespace mote::test {
namespace {

void fully_connected_case(CaseList& list, WeightedKind kind, int i) {
  FullyConnectedAttrs a = {list.integer(kMoteActivationNone, kMoteActivationReluN1To1)};
  int32_t terms = list.integer(1, i % 3 == 0 ? 700 : 40);
  int32_t outputs = list.integer(1, i % 5 == 0 ? 200 : 40);
  WeightedShapes s = {
      list.shape(i % 6, i % 6 < 3 ? 24 : 3), {outputs, terms}, {}, outputs, 0, terms};
  s.y = s.x;
  s.x.push_back(terms);
  s.y.push_back(outputs);
  add_weighted_case(list, op_code::fully_connected, a, s, kind);
}

}  // namespace

void fully_connected_cases(CaseList& list) {
  for (WeightedKind kind : kWeightedKinds)
    for (int i = 0; i < 64; ++i) fully_connected_case(list, kind, i);
}

}  // namespace mote::test
