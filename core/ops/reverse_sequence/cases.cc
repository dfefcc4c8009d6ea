#include "ops/movement_cases.h"

namespace mote::test {
namespace {

void add_case(CaseList& list, Type type, const std::vector<int32_t>& shape,
              ReverseSequenceAttrs a) {
  Operand x = moved_operand(list, type, shape);
  Operand lengths =
      list.ints(list.coin() ? Type::int32 : Type::int64, {shape[static_cast<size_t>(a.batch_axis)]},
                0, shape[static_cast<size_t>(a.sequence_axis)]);
  if (list.coin()) lengths.kind = TensorKind::constant;
  list.add(op_code::reverse_sequence, a, {x, lengths}, {like(x)});
}

}  // namespace

void reverse_sequence_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(2, 5);
      ReverseSequenceAttrs a = {list.integer(0, rank - 1), list.integer(0, rank - 1)};
      if (a.batch_axis == a.sequence_axis) a.sequence_axis = (a.batch_axis + 1) % rank;
      add_case(list, type, list.shape(rank, 6), a);
    }
    add_case(list, type, {4, 300, 40}, {0, 1});
    add_case(list, type, {300, 7, 33}, {1, 0});
  }
}

}  // namespace mote::test
