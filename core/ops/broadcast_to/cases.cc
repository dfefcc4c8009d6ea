#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, std::vector<int32_t> x, std::vector<int32_t> like_shape) {
  Operand from = moved_operand(list, type, std::move(x));
  // Only the shape of the second is looked at: its type is any.
  Type other = kMovedTypes[list.integer(0, 6)];
  list.add(op_code::broadcast_to, ir::Bytes{},
           {from, list.ints(other, std::move(like_shape), 0, 1)}, {like(from)});
}

}  // namespace

void broadcast_to_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      std::vector<int32_t> to = list.shape(list.integer(0, 6), 6), from = to;
      for (int32_t& d : from)
        if (list.integer(0, 2) == 0) d = 1;
      while (!from.empty() && list.integer(0, 2) == 0) from.erase(from.begin());
      add_case(list, type, std::move(from), std::move(to));
    }
    // More than one tile: scalars, rows, columns, and nothing to repeat.
    add_case(list, type, {}, {9001});
    add_case(list, type, {33}, {2, 9, 80, 33});
    add_case(list, type, {2, 1, 1, 33}, {2, 9, 80, 33});
    add_case(list, type, {2, 9, 80, 1}, {2, 9, 80, 33});
    add_case(list, type, {70, 71}, {70, 71});
    add_case(list, type, {1, 4, 1, 3, 1, 2, 1, 3}, {2, 4, 3, 3, 5, 2, 2, 3});
  }
}

}  // namespace mote::test
