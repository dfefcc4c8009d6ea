#include "ops/pair_cases.h"

namespace mote::test {
namespace {

constexpr Type kTypes[] = {Type::float32, Type::float16, Type::int8,  Type::uint8,
                           Type::int16,   Type::int32,   Type::int64, Type::boolean};

Operand values(CaseList& list, Type type, std::vector<int32_t> shape, const ir::Quantization& q) {
  if (type == Type::float32) return list.f32(std::move(shape), -8, 8);
  Operand o = list.ints(type, std::move(shape), 0, 100);
  o.quantization = q;
  return o;
}

void add(CaseList& list, Type type, const std::vector<int32_t>& condition, const PairShapes& s) {
  ir::Quantization q;
  if (type == Type::int8 && list.coin()) q = list.per_tensor();
  Operand y = result(type);
  y.quantization = q;
  list.add(op_code::select, ir::Bytes{},
           {list.ints(Type::boolean, condition, 0, 2), values(list, type, s.a, q),
            values(list, type, s.b, q)},
           {y})
      .tolerance = 0;
}

// A shape that broadcasts with `full`.
std::vector<int32_t> part_of(CaseList& list, std::vector<int32_t> full) {
  for (int32_t& d : full)
    if (list.integer(0, 3) == 0) d = 1;
  if (list.integer(0, 2) == 0)
    full.erase(full.begin(), full.begin() + list.integer(0, static_cast<int32_t>(full.size())));
  return full;
}

}  // namespace

void select_cases(CaseList& list) {
  for (int i = 0; i < 160; ++i) {
    std::vector<int32_t> full = list.shape(list.integer(1, 6), 5);
    add(list, kTypes[i % 8], part_of(list, full), {part_of(list, full), part_of(list, full)});
  }
  for (Type type : {Type::float32, Type::int64}) {
    add(list, type, {9000}, {{9000}, {9000}});
    add(list, type, {3, 1500}, {{1500}, {}});
    add(list, type, {3, 1, 1}, {{3, 70, 90}, {1, 1, 90}});
    add(list, type, {}, {{70, 1}, {1, 70}});
    add(list, type, {2, 1, 3, 1, 5, 1, 2, 1}, {{1, 4, 1, 3, 1, 2, 1, 3}, {1}});
    add(list, type, {}, {{}, {}});
  }
}

}  // namespace mote::test
