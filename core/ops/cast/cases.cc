#include "ops/conversion_cases.h"

namespace mote::test {
namespace {

constexpr Type kTypes[] = {Type::float32, Type::float16, Type::bfloat16, Type::int8,   Type::uint8,
                           Type::int16,   Type::int32,   Type::int64,    Type::boolean};

Operand draw(CaseList& list, Type type, std::vector<int32_t> shape, int i) {
  constexpr int64_t kLarge = int64_t{1} << 61;
  switch (type) {
    case Type::float32: {
      double size = std::ldexp(1.0, 4 + i % 8 * 8);
      return list.f32(std::move(shape), -size, size);
    }
    case Type::float16:
    case Type::bfloat16:
      return list.ints(type, std::move(shape), 0, 0xFFFF);  // every pattern of bits
    case Type::int8:
      return list.ints(type, std::move(shape), -128, 127);
    case Type::uint8:
    case Type::boolean:
      return list.ints(type, std::move(shape), 0, 255);
    case Type::int16:
      return list.ints(type, std::move(shape), -32768, 32767);
    case Type::int32:
      return list.ints(type, std::move(shape), INT32_MIN, INT32_MAX);
    default:
      return list.ints(type, std::move(shape), -kLarge, kLarge);
  }
}

// Ties of both 16-bit formats, their largest and their subnormal numbers, and what rounds to those.
const std::vector<float> kHalfBorders = {
    65504.0f,      65519.99f,   65520.0f,      65536.0f,    0x1p-14f,   0x1.ffep-15f,
    0x1.ffdp-15f,  0x1p-24f,    0x1p-25f,      0x1.8p-25f,  0x1.8p-24f, 0x1.7ffffep-25f,
    0x1.002p0f,    0x1.006p0f,  0x1.002002p0f, -0x1.002p0f, 0x1.01p0f,  0x1.03p0f,
    0x1.010002p0f, 0x1.fep127f, 0x1.ffp127f,   0x1p-133f,   0x1p-134f,  0x1.8p-134f,
    0x1.8p-133f,   -0x1p-126f,  0x1.ffep15f,   -65520.0f};

void add(CaseList& list, Operand x, Type to) {
  Operand y;
  y.type = to;
  list.add(op_code::cast, ir::Bytes{}, {std::move(x)}, {y}).tolerance = 0;
}

}  // namespace

void cast_cases(CaseList& list) {
  for (Type from : kTypes)
    for (Type to : kTypes) {
      for (int i = 0; i < 10; ++i) {
        Operand x = draw(list, from, conversion_shape(list, i), i);
        if (i == 9) x.fill = Fill::extreme;
        add(list, x, to);
      }
    }
  for (Type to : kTypes) add(list, special_floats(list), to);
  Operand borders =
      list.given(Type::float32, {static_cast<int32_t>(kHalfBorders.size())}, kHalfBorders);
  for (Type to : {Type::float16, Type::bfloat16}) add(list, borders, to);
}

}  // namespace mote::test
