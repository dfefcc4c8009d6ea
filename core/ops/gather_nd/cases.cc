#include "ops/nd_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape, int32_t batch_dims,
              int32_t depth, const std::vector<int32_t>& rows) {
  auto first = shape.begin() + batch_dims;
  std::vector<int32_t> indices(shape.begin(), first);
  indices.insert(indices.end(), rows.begin(), rows.end());
  Operand x = moved_operand(list, type, shape);
  Operand places = nd_indices(list, indices, {first, first + depth});
  if (list.coin()) places.kind = TensorKind::activation;
  list.add(op_code::gather_nd, GatherNdAttrs{batch_dims}, {x, places}, {like(x)});
}

}  // namespace

void gather_nd_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(1, 5), batch_dims = list.integer(0, rank - 1);
      int32_t depth = list.integer(1, rank - batch_dims);
      std::vector<int32_t> shape = list.shape(rank, 5);
      add_case(list, type, shape, batch_dims, depth, list.shape(list.integer(0, 2), 5));
    }
    add_case(list, type, {30, 40, 50}, 0, 2, {300});
    add_case(list, type, {200, 300}, 0, 2, {20, 100});
  }
}

}  // namespace mote::test
