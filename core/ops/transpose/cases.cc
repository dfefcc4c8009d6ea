#include <numeric>

#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, std::vector<int32_t> shape,
              const std::vector<int32_t>& permutation) {
  TransposeAttrs a{};
  a.count = rank_of(shape);
  for (size_t i = 0; i < permutation.size(); ++i) a.permutation[i] = permutation[i];
  Operand x = moved_operand(list, type, std::move(shape));
  list.add(op_code::transpose, a, {x}, {like(x)});
}

}  // namespace

void transpose_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(0, 8);
      std::vector<int32_t> permutation(static_cast<size_t>(rank));
      std::iota(permutation.begin(), permutation.end(), 0);
      for (int32_t n = rank; n > 1; --n)
        std::swap(permutation[static_cast<size_t>(n - 1)],
                  permutation[static_cast<size_t>(list.integer(0, n - 1))]);
      add_case(list, type, list.shape(rank, rank > 5 ? 3 : 7), permutation);
    }
    // Matrices of several panels, image layouts, and one that is a plain copy.
    add_case(list, type, {131, 77}, {1, 0});
    add_case(list, type, {2, 33, 29, 3}, {0, 3, 1, 2});
    add_case(list, type, {2, 3, 33, 29}, {0, 2, 3, 1});
    add_case(list, type, {4, 50, 8, 12}, {0, 2, 1, 3});
    add_case(list, type, {1, 300, 1, 200}, {0, 1, 2, 3});
  }
}

}  // namespace mote::test
