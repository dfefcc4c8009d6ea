#include "ops/conversion_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, Operand x, Operand y) {
  list.add(op_code::quantize, ir::Bytes{}, {std::move(x)}, {std::move(y)});
}

// One scale per element of a dimension, `size` steps to either side; `type` int8 or int32.
void add_per_channel(CaseList& list, Type type, double size, int i) {
  std::vector<int32_t> shape = conversion_shape(list, i);
  int32_t axis = list.integer(0, static_cast<int32_t>(shape.size()) - 1);
  Operand y = list.s8(shape, list.per_channel(shape[static_cast<size_t>(axis)], axis));
  y.type = type;
  size *= static_cast<double>(y.quantization.scales[0]);
  add(list, list.f32(shape, -size, size), y);
}

void add_bias(CaseList& list, float scale, Operand x) {
  Operand y = list.s8({}, {{scale}, {0}, -1});
  y.type = Type::int32;
  add(list, std::move(x), std::move(y));
}

// Ties of the rounding, small and where a float32 has no further bit for the half.
std::vector<float> ties() {
  std::vector<float> halves;
  for (int i = -300; i <= 600; ++i) halves.push_back(static_cast<float>(i) * 0.25f);
  for (int i = 0; i < 64; ++i) {
    halves.push_back(0x1p21f + static_cast<float>(i) * 0.25f);
    halves.push_back(-0x1p21f - static_cast<float>(i) * 0.25f);
  }
  return halves;
}

void add_int32(CaseList& list) {
  for (int i = 0; i < 32; ++i) add_per_channel(list, Type::int32, 0x1p31, i);
  for (int i = 0; i < 32; ++i) add_per_channel(list, Type::int32, 1000, i);
  for (float scale : {0.5f, 1.0f, 0x1p-31f, 0x1p-100f, 0x1p100f}) {
    std::vector<float> x = ties();
    add_bias(list, scale, list.given(Type::float32, {static_cast<int32_t>(x.size())}, x));
    add_bias(list, scale, special_floats(list));
  }
}

}  // namespace

void quantize_cases(CaseList& list) {
  for (Type type : {Type::int8, Type::uint8}) {
    for (int i = 0; i < 64; ++i) {
      Operand y = stored(list, type, {});
      // Twice the range of the type, so that both ends saturate.
      double size = 256 * static_cast<double>(y.quantization.scales[0]);
      add(list, list.f32(conversion_shape(list, i), -size, size), y);
    }
    add(list, special_floats(list), stored(list, type, {}));
    std::vector<float> x = ties();
    Operand y = stored(list, type, {});
    y.quantization.scales[0] = 0.5f;
    add(list, list.given(Type::float32, {static_cast<int32_t>(x.size())}, x), y);
  }
  for (int i = 0; i < 48; ++i) add_per_channel(list, Type::int8, 256, i);
  add_int32(list);
}

}  // namespace mote::test
