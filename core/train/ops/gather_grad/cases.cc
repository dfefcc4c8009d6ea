#include "ops/case.h"

namespace mote::test {
namespace {

void add(CaseList& list, const std::vector<int32_t>& x, GatherAttrs a,
         const std::vector<int32_t>& indices_shape) {
  std::vector<int32_t> dy(x.begin(), x.begin() + a.axis);
  dy.insert(dy.end(), indices_shape.begin() + a.batch_dims, indices_shape.end());
  dy.insert(dy.end(), x.begin() + a.axis + 1, x.end());
  Type type = list.coin() ? Type::int32 : Type::int64;
  Operand indices = list.ints(type, indices_shape, 0, x[static_cast<size_t>(a.axis)] - 1);
  if (list.coin()) indices.kind = TensorKind::constant;
  // One order of additions in every row.
  list.add(op_code::gather_grad, a, {list.f32(dy), indices, list.f32(x)}, {list.f32({})})
      .tolerance = 0;
}

}  // namespace

void gather_grad_cases(CaseList& list) {
  for (int i = 0; i < 60; ++i) {
    int32_t rank = list.integer(1, 5), axis = list.integer(0, rank - 1);
    GatherAttrs a = {axis, list.integer(0, axis)};
    std::vector<int32_t> shape = list.shape(rank, 6);
    std::vector<int32_t> indices(shape.begin(), shape.begin() + a.batch_dims);
    for (int32_t d = list.integer(0, 3); d > 0; --d) indices.push_back(list.integer(1, 6));
    add(list, shape, a, indices);
  }
  add(list, {1000, 64}, {0, 0}, {7, 130});  // embeddings
  add(list, {3, 5000}, {1, 0}, {2000});     // single elements
  add(list, {4, 30, 50}, {1, 1}, {4, 900});
  add(list, {3, 64}, {0, 0}, {2000});  // many terms per row
}

}  // namespace mote::test
