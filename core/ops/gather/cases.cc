#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape, GatherAttrs a,
              const std::vector<int32_t>& indices_shape) {
  Operand x = moved_operand(list, type, shape);
  Type index_type = list.coin() ? Type::int32 : Type::int64;
  int32_t size = shape[static_cast<size_t>(a.axis)];
  Operand indices = list.ints(index_type, indices_shape, 0, size - 1);
  if (list.coin()) indices.kind = TensorKind::constant;
  list.add(op_code::gather, a, {x, indices}, {like(x)});
}

}  // namespace

void gather_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(1, 5), axis = list.integer(0, rank - 1);
      GatherAttrs a = {axis, list.integer(0, axis)};
      std::vector<int32_t> shape = list.shape(rank, 6);
      std::vector<int32_t> indices(shape.begin(), shape.begin() + a.batch_dims);
      for (int32_t d = list.integer(0, 3); d > 0; --d) indices.push_back(list.integer(1, 6));
      add_case(list, type, shape, a, indices);
    }
    add_case(list, type, {1000, 64}, {0, 0}, {7, 130});  // embeddings
    add_case(list, type, {3, 5000}, {1, 0}, {20000});    // single elements
    add_case(list, type, {4, 30, 50}, {1, 1}, {4, 900});
  }
}

}  // namespace mote::test
