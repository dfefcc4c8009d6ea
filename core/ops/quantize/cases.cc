#include "ops/conversion_cases.h"

namespace mote::test {

void quantize_cases(CaseList& list) {
  for (Type type : {Type::int8, Type::uint8}) {
    for (int i = 0; i < 64; ++i) {
      Operand y = stored(list, type, {});
      // Twice the range of the type, so that both ends saturate.
      double size = 256 * static_cast<double>(y.quantization.scales[0]);
      Operand x = list.f32(conversion_shape(list, i), -size, size);
      list.add(op_code::quantize, ir::Bytes{}, {x}, {y});
    }
    list.add(op_code::quantize, ir::Bytes{}, {special_floats(list)}, {stored(list, type, {})});
    // Halves: ties of the rounding.
    std::vector<float> halves;
    for (int i = -300; i <= 600; ++i) halves.push_back(static_cast<float>(i) * 0.25f);
    Operand y = stored(list, type, {});
    y.quantization.scales[0] = 0.5f;
    list.add(op_code::quantize, ir::Bytes{},
             {list.given(Type::float32, {static_cast<int32_t>(halves.size())}, halves)}, {y});
  }
}

}  // namespace mote::test
