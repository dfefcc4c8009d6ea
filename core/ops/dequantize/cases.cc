#include "ops/conversion_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, Operand x) {
  list.add(op_code::dequantize, ir::Bytes{}, {std::move(x)}, {list.f32({})}).tolerance = 0;
}

void add_per_channel(CaseList& list, Type type, int i) {
  std::vector<int32_t> shape = conversion_shape(list, i);
  int32_t axis = list.integer(0, static_cast<int32_t>(shape.size()) - 1);
  Operand x = stored(list, type, shape);
  x.quantization = list.per_channel(shape[static_cast<size_t>(axis)], axis);
  add(list, std::move(x).constant());
}

void add_halves(CaseList& list) {
  std::vector<uint16_t> all;
  for (int bits = 0; bits < 65536; ++bits) all.push_back(static_cast<uint16_t>(bits));
  add(list, list.given(Type::float16, {16, 4096}, all));
}

}  // namespace

void dequantize_cases(CaseList& list) {
  for (Type type : {Type::int8, Type::uint8}) {
    for (int i = 0; i < 64; ++i) {
      Operand x = stored(list, type, conversion_shape(list, i));
      if (i % 8 == 5) x.fill = Fill::extreme;
      add(list, std::move(x));
    }
    for (int i = 0; i < 24; ++i) add_per_channel(list, type, i);
  }
  add_halves(list);
}

}  // namespace mote::test
