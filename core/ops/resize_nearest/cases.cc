#include "ops/movement_cases.h"

namespace mote::test {

void resize_nearest_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      std::vector<int32_t> shape = {list.integer(1, 3), list.integer(1, 9), list.integer(1, 9),
                                    list.integer(1, 7)};
      ResizeNearestAttrs a{list.integer(1, 20), list.integer(1, 20), i % 3, i / 3 % 4, 0, 0};
      if (i % 5 == 3) a.out_h = 2 * shape[1], a.out_w = 3 * shape[2];
      if (i % 5 == 4) {
        a.scale_h = list.real(1.0f, 3.0f);
        a.scale_w = list.real(1.0f, 3.0f);
        if (list.coin()) a.out_h = a.out_w = 0;
      }
      Operand x = moved_operand(list, type, shape);
      list.add(op_code::resize_nearest, a, {x}, {like(x)});
    }
    // Several tiles, wide rows.
    Operand x = moved_operand(list, type, {2, 17, 33, 21});
    ResizeNearestAttrs a{70, 100, kMoteHalfPixel, kMoteNearestPreferFloor, 0, 0};
    list.add(op_code::resize_nearest, a, {x}, {like(x)});
  }
}

}  // namespace mote::test
