#include "ops/case.h"

namespace mote::test {
namespace {

void add(CaseList& list, const DetectionPostprocessAttrs& a, int32_t n, int32_t background) {
  list.add(op_code::detection_postprocess, a,
           {list.f32({1, n, 4}), list.f32({1, n, a.classes + background}, 0, 1),
            list.f32({n, 4}, 0.1, 0.9)},
           {list.f32({}), list.f32({}), list.f32({}), list.f32({})});
}

}  // namespace

void detection_postprocess_cases(CaseList& list) {
  for (int i = 0; i < 60; ++i) {
    DetectionPostprocessAttrs a{list.integer(1, 12),
                                list.integer(1, 6),
                                1,
                                list.integer(1, 9),
                                i % 2,
                                list.real(0, 0.8F),
                                list.real(0.1F, 0.7F),
                                10,
                                10,
                                5,
                                5};
    if (a.regular_nms == 0) a.max_classes_per_detection = list.integer(1, 4);
    add(list, a, list.integer(1, 40), list.integer(0, 1));
  }
  add(list, {10, 90, 1, 100, 0, 1e-8F, 0.6F, 10, 10, 5, 5}, 1917, 1);
  add(list, {10, 20, 1, 100, 1, 0.3F, 0.6F, 10, 10, 5, 5}, 500, 1);
}

}  // namespace mote::test
