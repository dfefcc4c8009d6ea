#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape, int32_t axis,
              int32_t count, int32_t largest) {
  Operand x = moved_operand(list, type, shape);
  std::vector<Operand> inputs;
  for (int32_t i = 0; i < count; ++i) {
    std::vector<int32_t> s = shape;
    s[static_cast<size_t>(axis)] = list.integer(1, largest);
    inputs.push_back(like(x, s));
  }
  list.add(op_code::concat, ConcatAttrs{axis, kMoteActivationNone}, inputs, {like(x)});
}

}  // namespace

void concat_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(1, 6), axis = list.integer(0, rank - 1);
      std::vector<int32_t> shape = list.shape(rank, 6);
      add_case(list, type, shape, axis, list.integer(1, 9), 9);
    }
    add_case(list, type, {1, 40, 40, 1}, 3, 3, 40);  // several tiles of short rows
    add_case(list, type, {3, 1}, 1, 3, 60000);       // long rows
    add_case(list, type, {900, 1}, 1, 20, 1);        // one element at a time
    add_case(list, type, {1, 5}, 0, 500, 2);         // many inputs
  }
}

}  // namespace mote::test
