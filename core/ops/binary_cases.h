// Cases of add, sub and mul.
#pragma once

#include "ops/case.h"

namespace mote::test {

class BinaryCases {
 public:
  BinaryCases(CaseList& list, uint16_t op) : list_(list), op_(op) {}

  void fill() {
    for (Type type : {Type::float32, Type::int8, Type::int32, Type::int64}) {
      for (int i = 0; i < 64; ++i) {
        draw_shapes();
        add_case(type, i % 8 == 7);
      }
      for (const Shapes& s : kFixed) {
        shapes_ = s;
        add_case(type, false);
      }
    }
  }
  // int8 with given scales, every pair of extreme values.
  void fill_scales(float a, float b, float y) {
    shapes_ = {{16, 31}, {16, 31}};
    auto q = [&](float scale) { return ir::Quantization{{scale}, {list_.integer(-128, 127)}, -1}; };
    add_quantized(q(a), q(b), q(y), false);
    add_quantized(q(a), q(b), q(y), true);
  }

 private:
  struct Shapes {
    std::vector<int32_t> a, b;
  };
  // More than one tile, and the patterns that models use.
  inline static const std::vector<Shapes> kFixed = {
      {{9000}, {9000}},
      {{1}, {4099}},
      {{3, 1500}, {1500}},
      {{1, 1, 1, 33}, {2, 9, 8, 33}},
      {{2, 9, 8, 33}, {2, 1, 1, 33}},
      {{2, 9, 8, 33}, {2, 9, 8, 1}},
      {{70, 1}, {1, 70}},
      {{2, 1, 3, 1, 5, 1, 2, 1}, {1, 4, 1, 3, 1, 2, 1, 3}},
      {{}, {5, 3}},
      {{}, {}},
  };

  void draw_shapes() {
    std::vector<int32_t> y = list_.shape(list_.integer(1, 6), 5);
    shapes_ = {y, y};
    for (size_t i = 0; i < y.size(); ++i)
      if (int side = list_.integer(0, 5); side < 2) (side == 0 ? shapes_.a : shapes_.b)[i] = 1;
    auto& shorter = list_.coin() ? shapes_.a : shapes_.b;
    while (!shorter.empty() && shorter[0] == 1 && list_.coin()) shorter.erase(shorter.begin());
  }

  BinaryAttrs attributes(Type type) {
    BinaryAttrs attrs{};
    if (type == Type::float32 || type == Type::int8) attrs.activation = list_.integer(0, 3);
    if (type == Type::int8 && op_ == op_code::mul && list_.integer(0, 3) == 0)
      attrs.requantize_scale = list_.real(0.001f, 0.1f);
    return attrs;
  }

  void add_quantized(ir::Quantization a, ir::Quantization b, ir::Quantization y, bool extreme) {
    Operand x0 = list_.s8(shapes_.a, std::move(a)), x1 = list_.s8(shapes_.b, std::move(b));
    if (extreme) x0.fill = x1.fill = Fill::extreme;
    BinaryAttrs attrs = attributes(Type::int8);
    list_.add(op_, attrs, {x0, x1}, {list_.s8({}, std::move(y))});
  }

  void add_case(Type type, bool extreme) {
    if (type == Type::int8) {
      auto a = list_.per_tensor(), b = list_.per_tensor(), y = list_.per_tensor();
      return add_quantized(a, b, y, extreme);
    }
    auto operand = [&](std::vector<int32_t> shape) {
      if (type == Type::float32) return list_.f32(std::move(shape), -8, 8);
      int64_t largest = type == Type::int32 ? INT32_MAX : int64_t{1} << 61;
      return list_.ints(type, std::move(shape), -largest, largest);
    };
    Operand a = operand(shapes_.a), b = operand(shapes_.b);
    if (extreme) a.fill = b.fill = Fill::extreme;
    BinaryAttrs attrs = attributes(type);
    list_.add(op_, attrs, {a, b}, {operand({})}).tolerance = 0;
  }

  CaseList& list_;
  uint16_t op_;
  Shapes shapes_;
};

// The ends of what NUMERICS.md allows the ratio of add and sub, and a multiplier of zero.
inline void add_like_cases(CaseList& list, uint16_t op) {
  BinaryCases cases(list, op);
  cases.fill();
  cases.fill_scales(0x1p-10f, 0x1p-10f, 1.0f);
  cases.fill_scales(0x1.fffffep7f, 0x1p7f, 1.0f);
  cases.fill_scales(0x1p-30f, 0x1.fffffep-1f, 1.0f);
  cases.fill_scales(0.5f, 0.5f, 1.0f);
  cases.fill_scales(0x1p-90f, 0x1p7f, 1.0f);
}

}  // namespace mote::test
