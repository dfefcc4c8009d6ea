// What the cases of operators of two broadcast operands share.
#pragma once

#include "ops/case.h"

namespace mote::test {

struct PairShapes {
  std::vector<int32_t> a, b;
};

// One of: equal shapes, dimensions of 1 on either side, missing leading dimensions.
inline PairShapes draw_pair(CaseList& list) {
  std::vector<int32_t> y = list.shape(list.integer(1, 6), 5);
  PairShapes s{y, y};
  for (size_t i = 0; i < y.size(); ++i)
    if (int side = list.integer(0, 5); side < 2) (side == 0 ? s.a : s.b)[i] = 1;
  auto& shorter = list.coin() ? s.a : s.b;
  while (!shorter.empty() && shorter[0] == 1 && list.coin()) shorter.erase(shorter.begin());
  return s;
}

// More than one tile, scalars, rank 8, and the patterns that models use.
inline const std::vector<PairShapes> kFixedPairs = {
    {{9000}, {9000}},
    {{1}, {4099}},
    {{4099}, {}},
    {{3, 1500}, {1500}},
    {{2, 9, 8, 33}, {2, 1, 1, 33}},
    {{1, 9, 1, 33}, {2, 9, 8, 1}},
    {{70, 1}, {1, 70}},
    {{2, 1, 3, 1, 5, 1, 2, 1}, {1, 4, 1, 3, 1, 2, 1, 3}},
    {{}, {}},
};

// Calls add(shapes) for 50 random pairs and the fixed ones.
template <class Add>
void for_pairs(CaseList& list, Add&& add) {
  for (int i = 0; i < 50; ++i) add(draw_pair(list));
  for (const PairShapes& s : kFixedPairs) add(s);
}

// Multiples of `step` of at most `range` steps, so that results of divisions are not near the jumps
// of a staircase, and equal elements occur.
inline Operand lattice(CaseList& list, std::vector<int32_t> shape, float step, int32_t range) {
  size_t n = 1;
  for (int32_t d : shape) n *= static_cast<size_t>(d);
  std::vector<float> elements(n);
  for (float& e : elements) e = step * static_cast<float>(list.integer(-range, range));
  Operand o = list.given(Type::float32, std::move(shape), elements);
  o.kind = TensorKind::activation;
  return o;
}

inline Operand special(CaseList& list, const std::vector<int32_t>& shape,
                       const std::vector<float>& elements) {
  Operand o = list.given(Type::float32, shape, elements);
  o.kind = TensorKind::activation;
  return o;
}

constexpr int64_t kLargestDrawn = int64_t{1} << 61;  // CaseList draws through double

// The whole range of int32, most of int64's.
inline Operand wide(CaseList& list, Type type, std::vector<int32_t> shape) {
  int64_t largest = type == Type::int32 ? INT32_MAX : kLargestDrawn;
  return list.ints(type, std::move(shape), -largest, largest);
}

inline Operand result(Type type) {
  Operand o;
  o.type = type;
  return o;
}

// float32, int32 and int64 pairs of an operator with BinaryAttrs; small and large integers.
template <class Floats>
void plain_pair_cases(CaseList& list, uint16_t op, int64_t small, double tolerance,
                      Floats&& floats) {
  for_pairs(list, [&](const PairShapes& s) {
    auto [a, b] = floats(s);
    list.add(op, BinaryAttrs{}, {a, b}, {result(Type::float32)}).tolerance = tolerance;
  });
  for (Type type : {Type::int32, Type::int64}) {
    int i = 0;
    for_pairs(list, [&](const PairShapes& s) {
      bool large = ++i % 3 == 0;
      Operand a = large ? wide(list, type, s.a) : list.ints(type, s.a, -small, small);
      Operand b = large ? wide(list, type, s.b) : list.ints(type, s.b, -small, small);
      if (i % 9 == 0) a.fill = b.fill = Fill::extreme;
      list.add(op, BinaryAttrs{}, {a, b}, {result(type)});
    });
    Operand a = list.ints(type, {4, 30}, 0, 0).extreme(), b = list.ints(type, {30}, -1, 1);
    list.add(op, BinaryAttrs{}, {a, b}, {result(type)});
  }
}

}  // namespace mote::test
