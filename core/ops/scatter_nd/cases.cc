#include "ops/nd_cases.h"
#include "ops/scatter_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape, int32_t depth,
              const std::vector<int32_t>& rows) {
  ScatterAttrs a = {0, draw_reduction(list, type)};
  std::vector<int32_t> updates = rows;
  updates.insert(updates.end(), shape.begin() + depth, shape.end());
  Operand x = scattered_operand(list, type, a.reduction, shape);
  Operand places = nd_indices(list, rows, {shape.begin(), shape.begin() + depth});
  if (list.coin()) places.kind = TensorKind::activation;
  list.add(op_code::scatter_nd, a, {x, places, like(x, updates)}, {like(x)});
}

}  // namespace

void scatter_nd_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 80; ++i) {
      int32_t rank = list.integer(1, 5), depth = list.integer(1, rank);
      std::vector<int32_t> shape = list.shape(rank, 5);
      add_case(list, type, shape, depth, list.shape(list.integer(0, 2), 5));
    }
    add_case(list, type, {30, 4000}, 1, {40});
    add_case(list, type, {20, 30}, 2, {20, 100});
  }
}

}  // namespace mote::test
