#include <cmath>

#include "ops/case.h"

namespace mote::test {
namespace {

// NUMERICS.md (7.2)
std::vector<int32_t> table_of(float scale, float beta) {
  std::vector<int32_t> table;
  for (int k = 0; k < 256; ++k)
    table.push_back(static_cast<int32_t>(
        std::nearbyint(std::exp(-(k * static_cast<double>(scale)) * beta) * 8388608.0)));
  return table;
}

Operand table_operand(CaseList& list, const std::vector<int32_t>& table) {
  return list.given(Type::int32, {256}, table);
}

std::vector<int32_t> draw_shape(CaseList& list, int i) {
  if (i % 16 == 15) return {3, 5000};
  if (i % 16 == 7) return {5000, 2};
  return list.shape(list.integer(1, 6), 5);
}

void add_f32(CaseList& list, int i) {
  SoftmaxAttrs attrs{i % 3 == 0 ? 1.0f : list.real(0.1f, 4)};
  double size = i % 4 == 0 ? 200 : 5;
  Operand x = list.f32(draw_shape(list, i), -size, size);
  if (i % 8 == 5) x.fill = Fill::extreme;
  list.add(op_code::softmax, attrs, {x}, {list.f32({})});
}

void add_s8(CaseList& list, int i) {
  SoftmaxAttrs attrs{i % 3 == 0 ? 1.0f : list.real(0.1f, 4)};
  ir::Quantization x = list.per_tensor();
  ir::Quantization y = i % 2 == 0 ? ir::Quantization{{1.0f / 256}, {-128}, -1} : list.per_tensor();
  Operand in = list.s8(draw_shape(list, i), x);
  if (i % 8 == 5) in.fill = Fill::extreme;
  Operand table = table_operand(list, table_of(x.scales[0], attrs.beta));
  list.add(op_code::softmax, attrs, {in, table}, {list.s8({}, y)});
}

// Tables are bytes of a file: all zero, all ones, negative as int32.
void add_strange_tables(CaseList& list) {
  for (int32_t entry : {0, 1, -1, INT32_MIN})
    for (float scale : {1.0f, 0x1p-16f, 0x1p-8f}) {
      Operand table = table_operand(list, std::vector<int32_t>(256, entry));
      list.add(op_code::softmax, SoftmaxAttrs{1}, {list.s8({9, 11}, list.per_tensor()), table},
               {list.s8({}, {{scale}, {list.integer(-128, 127)}, -1})});
    }
}

}  // namespace

void softmax_cases(CaseList& list) {
  for (int i = 0; i < 64; ++i) add_f32(list, i);
  for (int i = 0; i < 64; ++i) add_s8(list, i);
  add_strange_tables(list);
}

}  // namespace mote::test
