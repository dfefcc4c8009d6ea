#include "ops/case.h"

namespace mote::test {
namespace {

void add(CaseList& list, const Operand& x, Type type) {
  list.add(op_code::dynamic_quantize, ir::Bytes{}, {x},
           {list.ints(type, {}, 0, 1), list.f32({}), list.ints(type, {}, 0, 1)});
}

}  // namespace

void dynamic_quantize_cases(CaseList& list) {
  for (Type type : {Type::uint8, Type::int8}) {
    for (int i = 0; i < 50; ++i) {
      // On one side of 0 in some.
      double low = i % 5 == 1 ? 0.5 : -list.real(0, 4), high = i % 5 == 2 ? -0.1 : list.real(1, 9);
      if (low > high) low = high - 1;
      add(list, list.f32(list.shape(list.integer(1, 4)), low, high), type);
    }
    add(list, list.f32({3, 2}, 0, 0), type);
    add(list, list.f32({5, 100, 70}, -2, 3), type);  // several pieces
  }
}

}  // namespace mote::test
