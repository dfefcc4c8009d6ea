#include "ops/movement_cases.h"

namespace mote::test {
namespace {

// Draws one dimension so that something is taken of it.
void draw_dimension(CaseList& list, StridedSliceAttrs& a, int i, int32_t n) {
  uint32_t bit = 1u << i;
  int32_t first = list.integer(0, n - 1), last = list.integer(0, n - 1);
  a.strides[i] = list.integer(1, 3) * (first <= last ? 1 : -1);
  a.begin[i] = list.coin() ? first : first - n;
  int32_t past = first <= last ? last + 1 : last - 1;  // -1 would mean the last place
  a.end[i] = past >= 0 && past < n && list.coin() ? past - n : past;
  if (past < 0) a.end[i] = -n - list.integer(1, 5);
  if (past == n && list.coin()) a.end[i] = INT32_MAX;
  if (list.integer(0, 3) == 0) a.begin_mask |= bit;
  if (list.integer(0, 3) == 0) a.end_mask |= bit;
  if (list.integer(0, 5) == 0) a.shrink_mask |= bit;
}

}  // namespace

void strided_slice_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 64; ++i) {
      int32_t rank = list.integer(1, 6);
      std::vector<int32_t> shape = list.shape(rank, rank == 1 ? 300 : 7);
      StridedSliceAttrs a{};
      a.count = list.integer(0, rank);
      for (int d = 0; d < a.count; ++d) draw_dimension(list, a, d, shape[static_cast<size_t>(d)]);
      Operand x = moved_operand(list, type, std::move(shape));
      list.add(op_code::strided_slice, a, {x}, {like(x)});
    }
    // Several tiles: every second column, reversed rows.
    StridedSliceAttrs a{};
    a.count = 2;
    a.strides[0] = -1;
    a.strides[1] = 2;
    a.begin_mask = a.end_mask = 3;
    Operand x = moved_operand(list, type, {64, 1501});
    list.add(op_code::strided_slice, a, {x}, {like(x)});
  }
}

}  // namespace mote::test
