#include "ops/scatter_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape,
              const std::vector<int32_t>& indices_shape, int32_t axis) {
  ScatterAttrs a = {axis, draw_reduction(list, type)};
  Operand x = scattered_operand(list, type, a.reduction, shape);
  // Indices repeat.
  Operand indices = list.ints(list.coin() ? Type::int32 : Type::int64, indices_shape, 0,
                              shape[static_cast<size_t>(axis)] - 1);
  list.add(op_code::scatter_elements, a, {x, indices, like(x, indices_shape)}, {like(x)});
}

}  // namespace

void scatter_elements_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 80; ++i) {
      int32_t rank = list.integer(1, 5), axis = list.integer(0, rank - 1);
      std::vector<int32_t> shape = list.shape(rank, 6), indices = shape;
      for (int32_t& n : indices) n = list.integer(1, n);
      indices[static_cast<size_t>(axis)] = list.integer(1, 8);
      add_case(list, type, shape, indices, axis);
    }
    add_case(list, type, {300, 40}, {120, 40}, 0);
    add_case(list, type, {30, 500}, {30, 900}, 1);
  }
}

}  // namespace mote::test
