#include "ops/case.h"

namespace mote::test {
namespace {

void add(CaseList& list, const ResizeBilinearAttrs& attrs, std::vector<int32_t> shape,
         bool extreme) {
  Operand x = list.f32(shape, -4, 4);
  list.add(op_code::resize_bilinear, attrs, {x}, {list.f32({})});
  ir::Quantization q = list.per_tensor();
  Operand stored = list.s8(shape, q);
  if (extreme) stored.fill = Fill::extreme;
  list.add(op_code::resize_bilinear, attrs, {stored}, {list.s8({}, q)});
}

}  // namespace

void resize_bilinear_cases(CaseList& list) {
  for (int i = 0; i < 96; ++i) {
    std::vector<int32_t> shape = {list.integer(1, 3), list.integer(1, 9), list.integer(1, 9),
                                  list.integer(1, 19)};
    ResizeBilinearAttrs attrs{list.integer(1, 20), list.integer(1, 20), i % 3};
    if (i % 8 == 3) attrs.out_h = attrs.out_w = 1;
    if (i % 8 == 4) attrs.out_h = 2 * shape[1], attrs.out_w = 2 * shape[2];
    if (i % 8 == 5) attrs.out_h = shape[1], attrs.out_w = shape[2];
    if (i % 8 == 6) {  // by scales alone, or with sizes that differ from what they give
      attrs.scale_h = list.real(1.0f, 3.0f);
      attrs.scale_w = list.real(1.0f, 3.0f);
      if (list.coin()) attrs.out_h = attrs.out_w = 0;
    }
    add(list, attrs, shape, i % 8 == 7);
  }
  // More than one tile, wide rows, and single channels.
  add(list, {33, 65, kMoteAlignCorners}, {2, 17, 33, 21}, false);
  add(list, {5, 200, kMoteHalfPixel}, {1, 3, 100, 64}, false);
  add(list, {97, 101, kMoteHalfPixel}, {1, 40, 30, 1}, true);
}

}  // namespace mote::test
