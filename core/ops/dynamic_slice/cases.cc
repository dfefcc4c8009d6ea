#include "ops/movement_cases.h"

namespace mote::test {
namespace {

// A block of up to the whole; offsets reach beyond the places where it fits.
void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape, SizesAttrs a) {
  a.count = rank_of(shape);
  int64_t far = 3;
  for (int32_t d : shape) far = far < d ? d : far;
  Operand begin = list.ints(Type::int32, {a.count}, -far, far);
  if (list.coin()) begin.kind = TensorKind::constant;
  Operand x = moved_operand(list, type, shape);
  list.add(op_code::dynamic_slice, a, {x, begin}, {like(x)});
}

}  // namespace

void dynamic_slice_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      std::vector<int32_t> shape = list.shape(list.integer(1, 6), 6);
      SizesAttrs a = {};
      for (size_t d = 0; d < shape.size(); ++d) a.sizes[d] = list.integer(1, shape[d]);
      add_case(list, type, shape, a);
    }
    add_case(list, type, {300, 257}, {0, {200, 120}});  // several tiles
    add_case(list, type, {1, 512, 3, 17}, {0, {1, 400, 3, 17}});
    add_case(list, type, {100000}, {0, {70001}});
  }
  Operand x = list.f32({5, 7});
  for (int32_t far : {INT32_MIN, INT32_MAX}) {
    Operand begin = list.given<int32_t>(Type::int32, {2}, {far, far});
    list.add(op_code::dynamic_slice, SizesAttrs{2, {2, 3}}, {x, begin}, {like(x)});
  }
}

}  // namespace mote::test
