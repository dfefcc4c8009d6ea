#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape,
              const std::vector<int32_t>& block) {
  int64_t far = 3;
  for (int32_t d : shape) far = far < d ? d : far;
  Operand begin = list.ints(Type::int32, {rank_of(shape)}, -far, far);
  if (list.coin()) begin.kind = TensorKind::constant;
  Operand x = moved_operand(list, type, shape), update = like(x, block);
  list.add(op_code::dynamic_update_slice, ir::Bytes{}, {x, update, begin}, {like(x)});
}

}  // namespace

void dynamic_update_slice_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      std::vector<int32_t> shape = list.shape(list.integer(1, 6), 6), block;
      for (int32_t d : shape) block.push_back(list.integer(1, d));
      add_case(list, type, shape, block);
    }
    add_case(list, type, {300, 257}, {200, 120});  // several tiles
    add_case(list, type, {1, 512, 3, 17}, {1, 1, 3, 17});
    add_case(list, type, {100000}, {70001});
  }
  Operand x = list.f32({5, 7}), update = list.f32({2, 3});
  for (int32_t far : {INT32_MIN, INT32_MAX}) {
    Operand begin = list.given<int32_t>(Type::int32, {2}, {far, far});
    list.add(op_code::dynamic_update_slice, ir::Bytes{}, {x, update, begin}, {like(x)});
  }
}

}  // namespace mote::test
