#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape,
              const std::vector<int32_t>& indices_shape, int32_t axis) {
  Operand x = moved_operand(list, type, shape);
  Operand indices = list.ints(list.coin() ? Type::int32 : Type::int64, indices_shape, 0,
                              shape[static_cast<size_t>(axis)] - 1);
  if (list.coin()) indices.kind = TensorKind::constant;
  list.add(op_code::gather_elements, GatherElementsAttrs{axis}, {x, indices}, {like(x)});
}

}  // namespace

void gather_elements_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(1, 5), axis = list.integer(0, rank - 1);
      std::vector<int32_t> shape = list.shape(rank, 6), indices = shape;
      for (int32_t& n : indices) n = list.integer(1, n);
      indices[static_cast<size_t>(axis)] = list.integer(1, 8);
      add_case(list, type, shape, indices, axis);
    }
    add_case(list, type, {300, 40}, {120, 40}, 0);
    add_case(list, type, {3, 3000}, {3, 5000}, 1);
  }
}

}  // namespace mote::test
