#include "ops/case.h"

namespace mote::test {
namespace {

void add(CaseList& list, const ResizeBilinearAttrs& a, const std::vector<int32_t>& shape) {
  Operand dy = list.f32({shape[0], a.out_h, a.out_w, shape[3]});
  Case& c = list.add(op_code::resize_bilinear_grad, a, {dy, list.f32(shape)}, {list.f32({})});
  // An input gathers what all outputs near it hold: epsilon for each (NUMERICS.md, 17.2).
  double terms = 4.0 * (a.out_h / shape[1] + 2) * (a.out_w / shape[2] + 2);
  if (terms * 0x1p-23 > c.tolerance) c.tolerance = terms * 0x1p-23;
}

}  // namespace

void resize_bilinear_grad_cases(CaseList& list) {
  for (int i = 0; i < 90; ++i) {
    std::vector<int32_t> shape = {list.integer(1, 3), list.integer(1, 9), list.integer(1, 9),
                                  list.integer(1, 19)};
    ResizeBilinearAttrs attrs{list.integer(1, 20), list.integer(1, 20), i % 3};
    if (i % 8 == 3) attrs.out_h = attrs.out_w = 1;
    if (i % 8 == 4) attrs.out_h = 2 * shape[1], attrs.out_w = 2 * shape[2];
    if (i % 8 == 5) attrs.out_h = shape[1], attrs.out_w = shape[2];
    add(list, attrs, shape);
  }
  // Several bands of rows, wide rows, single channels; from larger to smaller.
  add(list, {33, 65, kMoteAlignCorners}, {2, 17, 33, 21});
  add(list, {80, 70, kMoteHalfPixel}, {2, 40, 35, 64});
  add(list, {97, 101, kMoteAsymmetric}, {1, 300, 70, 3});
  add(list, {97, 101, kMoteHalfPixel}, {1, 40, 30, 1});
}

}  // namespace mote::test
