#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, std::vector<int32_t> shape,
              const std::vector<int32_t>& sizes) {
  SizesAttrs a{};
  for (int32_t n : sizes) a.sizes[a.count++] = n;
  Operand x = moved_operand(list, type, std::move(shape));
  list.add(op_code::tile, a, {x}, {like(x)});
}

}  // namespace

void tile_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(0, 5);
      std::vector<int32_t> sizes = list.shape(rank, rank > 3 ? 2 : 4);
      add_case(list, type, list.shape(rank, rank > 3 ? 4 : 6), sizes);
    }
    add_case(list, type, {1, 1, 1, 200}, {1, 30, 20, 1});
    add_case(list, type, {50, 1}, {1, 2000});
    add_case(list, type, {40000}, {3});
  }
}

}  // namespace mote::test
