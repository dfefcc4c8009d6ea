#include "ops/movement_cases.h"

namespace mote::test {
namespace {

// Splits `n` into factors, with places left open (-1) or kept (0) at random.
ReshapeAttrs draw_shape(CaseList& list, const std::vector<int32_t>& x) {
  int32_t n = 1;
  for (int32_t d : x) n *= d;
  ReshapeAttrs a{};
  for (int32_t i = list.integer(0, 5); i > 0; --i) {
    int32_t factor = list.integer(1, 9);
    if (n % factor != 0) factor = 1;
    a.shape[a.count++] = factor;
    n /= factor;
  }
  a.shape[a.count++] = n;
  for (int i = 0; i < a.count; ++i)
    if (i < rank_of(x) && a.shape[i] == x[static_cast<size_t>(i)] && list.coin()) a.shape[i] = 0;
  if (list.coin()) a.shape[list.integer(0, a.count - 1)] = -1;
  return a;
}

}  // namespace

void reshape_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      std::vector<int32_t> shape = list.shape(list.integer(0, 6), 6);
      ReshapeAttrs a = draw_shape(list, shape);
      Operand x = moved_operand(list, type, std::move(shape));
      list.add(op_code::reshape, a, {x}, {like(x)});
    }
    Operand x = moved_operand(list, type, {1, 300, 400});
    list.add(op_code::reshape, ReshapeAttrs{2, {400, -1}}, {x}, {like(x)});
  }
}

}  // namespace mote::test
