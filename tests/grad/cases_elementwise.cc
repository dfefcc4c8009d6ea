// Elementwise operators beyond add, sub and mul.
#include "grad/cases.h"

namespace mote::test {
namespace {

using ir::ValueId;
using Dims = std::vector<int32_t>;

struct Shapes {
  Dims a, b, other;
};

// Shapes that broadcast: some dimensions are 1, and leading ones absent.
Shapes draw_shapes(GradientCase& c) {
  Dims full = c.shape(c.integer(0, 4));
  auto part = [&] {
    Dims s = full;
    for (int32_t& d : s)
      if (c.integer(0, 3) == 0) d = 1;
    if (c.integer(0, 2) == 0)
      s.erase(s.begin(), s.begin() + c.integer(0, static_cast<int32_t>(s.size())));
    return s;
  };
  return {part(), part(), part()};
}

// Kinks and poles of a kind of math are none of its operands.
struct Interval {
  double low, high;
};
Interval domain(int32_t kind) {
  switch (kind) {
    case kMoteLog:
    case kMoteSqrt:
    case kMoteRsqrt:
    case kMoteReciprocal:
      return {0.3, 3};
    case kMoteAsin:
    case kMoteAcos:
    case kMoteAtanh:
      return {-0.8, 0.8};
    case kMoteAcosh:
      return {1.3, 4};
    case kMoteAbs:
      return {0.1, 2};
    default:
      return {-1.3, 1.3};
  }
}

// Bounds are multiples of 1/4.
ActivationAttrs draw_activation(GradientCase& c) {
  int32_t kind = c.integer(kMoteRelu, kMoteShrink);
  auto quarters = [&](int32_t low, int32_t high) {
    return 0.25f * static_cast<float>(c.integer(low, high));
  };
  switch (kind) {
    case kMoteClip:
      return {kind, quarters(-8, 0), quarters(1, 8)};
    case kMoteLeakyRelu:
    case kMoteElu:
    case kMoteCelu:
      return {kind, static_cast<float>(c.real(0.1, 1.5)), 0};
    case kMoteSelu:
      return {kind, static_cast<float>(c.real(1, 2)), static_cast<float>(c.real(0.5, 2))};
    case kMoteThresholdedRelu:
      return {kind, quarters(-4, 4), 0};
    case kMoteHardSigmoid:  // bounds at -2 and 2
      return {kind, 0.25f, 0.5f};
    case kMoteShrink:
      return {kind, quarters(0, 8), static_cast<float>(c.real(-1, 1))};
    default:
      return {kind, 0, 0};
  }
}

}  // namespace

void make_activation_case(GradientCase& c) {
  // An odd multiple of 1/8 is no bound of any of them.
  ActivationAttrs attrs = draw_activation(c);
  ValueId x = c.lattice(c.shape(c.integer(1, 4)), 0.25, 0.5, 30);
  c.add(op_code::activation, attrs, {x});
}

void make_div_case(GradientCase& c) {
  // Quotients of odd multiples of 1/2 by powers of two are no bound.
  Shapes s = draw_shapes(c);
  ValueId a = c.lattice(s.a, 1, 0.5, 9);
  size_t n = 1;
  for (int32_t d : s.b) n *= static_cast<size_t>(d);
  std::vector<double> b(n);
  for (double& v : b) v = c.pick(std::vector<double>{-4, -2, -1, 1, 2, 4});
  ValueId divisor = c.input(s.b, b);
  c.add(op_code::div, BinaryAttrs{c.integer(kMoteActivationNone, kMoteActivationReluN1To1), 0},
        {a, divisor});
}

void make_minimum_case(GradientCase& c) {
  Shapes s = draw_shapes(c);
  c.add(op_code::minimum, BinaryAttrs{},
        {c.lattice(s.a, 0.25, 0, 9), c.lattice(s.b, 0.25, 0.5, 9)});
}
void make_maximum_case(GradientCase& c) {
  Shapes s = draw_shapes(c);
  c.add(op_code::maximum, BinaryAttrs{},
        {c.lattice(s.a, 0.25, 0, 9), c.lattice(s.b, 0.25, 0.5, 9)});
}

void make_pow_case(GradientCase& c) {
  Shapes s = draw_shapes(c);
  c.add(op_code::pow, BinaryAttrs{}, {c.input(s.a, 0.3, 2), c.input(s.b, -2, 2)});
}

void make_squared_difference_case(GradientCase& c) {
  Shapes s = draw_shapes(c);
  c.add(op_code::squared_difference, BinaryAttrs{}, {c.input(s.a), c.input(s.b)});
}

void make_floor_mod_case(GradientCase& c) {
  // Quotients are 1/8 away from whole numbers at least.
  Shapes s = draw_shapes(c);
  c.add(op_code::floor_mod, ModuloAttrs{c.integer(0, 1)},
        {c.lattice(s.a, 1, 0.5, 9), c.lattice(s.b, 4, 0.5, 1)});
}

void make_prelu_case(GradientCase& c) {
  Shapes s = draw_shapes(c);
  c.add(op_code::prelu, ir::Bytes{}, {c.lattice(s.a, 0.25, 0.5, 9), c.input(s.b)});
}

void make_select_case(GradientCase& c) {
  Shapes s = draw_shapes(c);
  std::vector<uint8_t> condition(static_cast<size_t>(ir::shape_of(s.other).max().elements()));
  for (uint8_t& byte : condition) byte = c.coin();
  ValueId chosen =
      c.graph.add_constant("condition", Type::boolean, ir::shape_of(s.other), condition);
  c.add(op_code::select, ir::Bytes{}, {chosen, c.input(s.a), c.input(s.b)});
}

void make_math_case(GradientCase& c) {
  int32_t kind = c.integer(kMoteAbs, kMoteErf);
  if (kind == kMoteSign) kind = kMoteAbs;
  Interval in = domain(kind);
  c.add(op_code::math, MathAttrs{kind}, {c.input(c.shape(c.integer(0, 4)), in.low, in.high)});
}

}  // namespace mote::test
