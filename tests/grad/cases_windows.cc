// Windows and resampling.
#include "grad/cases.h"

namespace mote::test {

void make_l2_pool2d_case(GradientCase& c) {
  until_accepted([&] {
    c = GradientCase(static_cast<uint32_t>(c.integer(0, INT32_MAX - 1)));
    Pool2dAttrs a{c.integer(1, 3),
                  c.integer(1, 3),
                  c.integer(1, 2),
                  c.integer(1, 2),
                  0,
                  0,
                  0,
                  0,
                  c.integer(0, 1),
                  kMoteActivationNone,
                  0};
    a.pad_top = c.integer(0, a.window_h - 1);
    a.pad_left = c.integer(0, a.window_w - 1);
    // Away from 0, where a root has no derivative.
    ir::ValueId x =
        c.input({c.integer(1, 2), c.integer(1, 6), c.integer(1, 6), c.integer(1, 3)}, 0.2, 2);
    return c.add(op_code::l2_pool2d, a, {x});
  });
}

void make_resize_nearest_case(GradientCase& c) {
  std::vector<int32_t> s = {c.integer(1, 2), c.integer(1, 5), c.integer(1, 5), c.integer(1, 3)};
  ResizeNearestAttrs a{c.integer(1, 8),
                       c.integer(1, 8),
                       c.integer(kMoteAsymmetric, kMoteAlignCorners),
                       c.integer(kMoteNearestFloor, kMoteNearestPreferCeil),
                       0,
                       0};
  c.add(op_code::resize_nearest, a, {c.input(s)});
}

}  // namespace mote::test
