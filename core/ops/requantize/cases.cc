#include "ops/conversion_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, Operand x, Operand y) {
  list.add(op_code::requantize, ir::Bytes{}, {std::move(x)}, {std::move(y)});
}

Operand with(CaseList& list, Type type, float scale, int32_t zero_point) {
  Operand o = stored(list, type, {3, 2001});
  o.quantization = {{scale}, {zero_point}, -1};
  return o;
}

// Equal scales: a copy, the shift between the types, and near misses of both.
void add_equal_scales(CaseList& list) {
  constexpr Type s8 = Type::int8, u8 = Type::uint8;
  for (int32_t z : {-128, -7, 0, 127}) {
    add(list, with(list, s8, 0.1f, z), with(list, s8, 0.1f, z));
    add(list, with(list, u8, 0.1f, z + 128), with(list, u8, 0.1f, z + 128));
    add(list, with(list, u8, 0.1f, z + 128), with(list, s8, 0.1f, z));
    add(list, with(list, s8, 0.1f, z), with(list, u8, 0.1f, z + 128));
    int32_t near = z == 127 ? z - 1 : z + 1;
    add(list, with(list, s8, 0.1f, z), with(list, s8, 0.1f, near));
    add(list, with(list, s8, 0.1f, z), with(list, u8, 0.1f, near + 128));
    add(list, with(list, u8, 0.1f, z + 128), with(list, s8, 0.1f, near));
  }
}

}  // namespace

void requantize_cases(CaseList& list) {
  for (Type from : {Type::int8, Type::uint8})
    for (Type to : {Type::int8, Type::uint8}) {
      for (int i = 0; i < 64; ++i) {
        Operand x = stored(list, from, conversion_shape(list, i));
        if (i % 8 == 5) x.fill = Fill::extreme;
        add(list, x, stored(list, to, {}));
      }
      for (float ratio : {0x1p-8f, 0x1p7f, 0x1.01p-8f, 0x1.fep6f}) {
        Operand x = stored(list, from, {500}), y = stored(list, to, {});
        x.quantization.scales[0] = ratio * 0.25f;
        y.quantization.scales[0] = 0.25f;
        add(list, x, y);
      }
    }
  add_equal_scales(list);
}

}  // namespace mote::test
