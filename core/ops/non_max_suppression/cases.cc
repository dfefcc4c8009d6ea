#include "ops/case.h"

namespace mote::test {
namespace {

void add(CaseList& list, const NonMaxSuppressionAttrs& a, int32_t images, int32_t classes,
         int32_t n) {
  list.add(op_code::non_max_suppression, a,
           {list.f32({images, n, 4}, 0, 1), list.f32({images, classes, n}, 0, 1)},
           {list.ints(Type::int32, {}, 0, 1), list.ints(Type::int32, {}, 0, 1)});
}

}  // namespace

void non_max_suppression_cases(CaseList& list) {
  for (int i = 0; i < 60; ++i) {
    NonMaxSuppressionAttrs a{list.integer(1, 30), list.real(0, 0.7F), list.real(-0.2F, 0.7F), 0,
                             i % 2};
    add(list, a, list.integer(1, 3), list.integer(1, 4), list.integer(1, 40));
  }
  add(list, {100, 0.5F, 2.0F, 0, 0}, 1, 2, 9);  // no score is above
  add(list, {200, 0.3F, 0.1F, 0, 0}, 1, 3, 1000);
}

}  // namespace mote::test
