#include "ops/movement_cases.h"

namespace mote::test {
namespace {

// An integer for the types that are not real.
float draw_value(CaseList& list, const Operand& x) {
  if (list.coin()) return 0;
  if (x.type == Type::float32 || x.quantization.quantized()) {
    float value = list.real(-4, 4);
    return list.integer(0, 7) == 0 ? -__builtin_huge_valf() : value;
  }
  return static_cast<float>(list.integer(0, 100));
}

void add_case(CaseList& list, Type type, std::vector<int32_t> shape, int32_t largest) {
  PadAttrs a{};
  a.count = rank_of(shape);
  for (int i = 0; i < a.count; ++i) {
    if (list.coin()) a.before[i] = list.integer(0, largest);
    if (list.coin()) a.after[i] = list.integer(0, largest);
  }
  Operand x = moved_operand(list, type, std::move(shape));
  a.value = draw_value(list, x);
  list.add(op_code::pad, a, {x}, {like(x)});
}

// Borders of the input's own elements; mirrors reach no further than the other end.
void add_mirror(CaseList& list, Type type, int32_t mode, const std::vector<int32_t>& shape) {
  PadAttrs a{};
  a.mode = mode;
  a.count = rank_of(shape);
  for (int i = 0; i < a.count; ++i) {
    int32_t n = shape[static_cast<size_t>(i)];
    int32_t most = mode == kMotePadReflect ? n - 1 : mode == kMotePadSymmetric ? n : 2 * n + 1;
    if (list.coin()) a.before[i] = list.integer(0, most);
    if (list.coin()) a.after[i] = list.integer(0, most);
  }
  Operand x = moved_operand(list, type, shape);
  list.add(op_code::pad, a, {x}, {like(x)});
}

}  // namespace

void pad_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int32_t mode = kMotePadReflect; mode <= kMotePadWrap; ++mode) {
      for (int i = 0; i < 20; ++i) {
        int32_t rank = list.integer(0, 5);
        add_mirror(list, type, mode, list.shape(rank, rank > 3 ? 3 : 5));
      }
      add_mirror(list, type, mode, {1, 30, 40, 5});
    }
    if (type == Type::int16) continue;
    for (int i = 0; i < 60; ++i) {
      int32_t rank = list.integer(0, 6);
      // High ranks stay small: pads multiply the elements in every dimension.
      add_case(list, type, list.shape(rank, rank > 3 ? 3 : 6), rank > 3 ? 2 : 4);
    }
    for (int i = 0; i < 8; ++i) add_case(list, type, {2, 40, 37, 24}, 3);
    add_case(list, type, {70000}, 300);
  }
}

}  // namespace mote::test
