#include <gtest/gtest.h>

#include <cmath>

#include "graph_builder.h"
#include "ir/evaluator.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

using ir::ValueId;

// A graph of one input whose operators are appended one by one.
struct Formula {
  GraphBuilder b;
  ValueId x = b.input(ir::shape_of({64}));

  ValueId number(double v) {
    return b.graph.add_constant("c" + std::to_string(b.graph.values.size()), Type::float32,
                                ir::shape_of({}), std::vector<float>{static_cast<float>(v)});
  }
  ValueId binary(uint16_t op, ValueId a, ValueId c) {
    ValueId y = b.value(ir::shape_of({64}));
    b.node(op, BinaryAttrs{}, {a, c}, y);
    return y;
  }
  ValueId add(ValueId a, double c) { return binary(op_code::add, a, number(c)); }
  ValueId mul(ValueId a, ValueId c) { return binary(op_code::mul, a, c); }
  ValueId times(ValueId a, double c) { return mul(a, number(c)); }
  ValueId over(ValueId a, double c) { return binary(op_code::div, a, number(c)); }
  ValueId activation(int32_t kind, ValueId a, float alpha = 0, float beta = 0) {
    ValueId y = b.value(ir::shape_of({64}));
    b.node(op_code::activation, ActivationAttrs{kind, alpha, beta}, {a}, y);
    return y;
  }
  ValueId math(int32_t kind, ValueId a) {
    ValueId y = b.value(ir::shape_of({64}));
    b.node(op_code::math, MathAttrs{kind}, {a}, y);
    return y;
  }
};

std::vector<float> run(const ir::Graph& graph) {
  Evaluated x{graph.value(graph.inputs[0].value).shape.max(), ir::Bytes(64 * sizeof(float))};
  for (int i = 0; i < 64; ++i)
    reinterpret_cast<float*>(x.bytes.data())[i] = 0.21f * static_cast<float>(i - 32);
  Diagnostics diagnostics;
  std::vector<Evaluated> y = evaluate(graph, {x}, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  auto* elements = reinterpret_cast<const float*>(y[0].bytes.data());
  return {elements, elements + 64};
}

// The formula becomes one activation of this kind, with results a few roundings away.
void expect_fused(Formula& f, ValueId y, int32_t kind) {
  f.b.output(y);
  std::vector<float> before = run(f.b.graph);
  Diagnostics diagnostics;
  fuse_patterns(f.b.graph, diagnostics);
  ASSERT_EQ(f.b.graph.nodes.size(), 1u);
  EXPECT_EQ(f.b.graph.nodes[0].attrs<ActivationAttrs>().kind, kind);
  std::vector<float> after = run(f.b.graph);
  for (size_t i = 0; i < before.size(); ++i)
    EXPECT_NEAR(after[i], before[i], 8 * 0x1p-23 * std::fmax(1, std::fabs(before[i])));
}

void expect_kept(Formula& f, ValueId y) {
  f.b.output(y);
  size_t nodes = f.b.graph.nodes.size();
  Diagnostics diagnostics;
  fuse_patterns(f.b.graph, diagnostics);
  EXPECT_EQ(f.b.graph.nodes.size(), nodes);
}

TEST(FusePatterns, Silu) {
  Formula f;
  expect_fused(f, f.mul(f.activation(kMoteSigmoid, f.x), f.x), kMoteSilu);
}

TEST(FusePatterns, HardSwishInEveryOrderOfItsFactors) {
  for (int order = 0; order < 4; ++order) {
    Formula f;
    ValueId gate = f.activation(kMoteRelu6, f.add(f.x, 3));
    ValueId y = order == 0   ? f.over(f.mul(f.x, gate), 6)
                : order == 1 ? f.mul(f.x, f.over(gate, 6))
                : order == 2 ? f.times(f.mul(gate, f.x), 1.0 / 6)
                             : f.mul(f.times(gate, 1.0 / 6), f.x);
    expect_fused(f, y, kMoteHardSwish);
  }
}

TEST(FusePatterns, HardSwishByHardSigmoid) {
  Formula f;
  expect_fused(f, f.mul(f.x, f.activation(kMoteHardSigmoid, f.x, 1.0f / 6, 0.5f)), kMoteHardSwish);
}

TEST(FusePatterns, Gelu) {
  for (bool divides : {false, true}) {
    Formula f;
    ValueId scaled = divides ? f.over(f.x, std::sqrt(2.0)) : f.times(f.x, std::sqrt(0.5));
    ValueId gate = f.add(f.math(kMoteErf, scaled), 1);
    ValueId y = divides ? f.times(f.mul(f.x, gate), 0.5) : f.mul(f.times(f.x, 0.5), gate);
    expect_fused(f, y, kMoteGelu);
  }
}

TEST(FusePatterns, GeluByTanh) {
  Formula f;
  ValueId cube = f.binary(op_code::pow, f.x, f.number(3));
  ValueId sum = f.binary(op_code::add, f.x, f.times(cube, 0.044715));
  ValueId gate = f.add(f.activation(kMoteTanh, f.times(sum, std::sqrt(2 / M_PI))), 1);
  expect_fused(f, f.mul(f.times(f.x, 0.5), gate), kMoteGeluTanh);
}

TEST(FusePatterns, Mish) {
  Formula f;
  ValueId gate = f.activation(kMoteTanh, f.activation(kMoteSoftplus, f.x));
  expect_fused(f, f.mul(f.x, gate), kMoteMish);
}

TEST(FusePatterns, Softsign) {
  Formula f;
  ValueId y = f.binary(op_code::div, f.x, f.add(f.math(kMoteAbs, f.x), 1));
  expect_fused(f, y, kMoteSoftsign);
}

TEST(FusePatterns, OtherConstantsAreNoPattern) {
  Formula silu, swish, gelu;
  expect_kept(silu, silu.mul(silu.x, silu.activation(kMoteSigmoid, silu.times(silu.x, 1.01))));
  expect_kept(
      swish,
      swish.over(swish.mul(swish.x, swish.activation(kMoteRelu6, swish.add(swish.x, 2))), 6));
  expect_kept(gelu, gelu.mul(gelu.times(gelu.x, 0.5),
                             gelu.add(gelu.math(kMoteErf, gelu.times(gelu.x, 0.7)), 1)));
}

TEST(FusePatterns, AGateThatIsReadElsewhereStays) {
  Formula f;
  ValueId gate = f.activation(kMoteSigmoid, f.x);
  f.b.output(gate);
  expect_kept(f, f.mul(f.x, gate));
}

TEST(FusePatterns, AnotherOperandIsNoPattern) {
  Formula f;
  ValueId other = f.b.input(ir::shape_of({64}));
  expect_kept(f, f.mul(other, f.activation(kMoteSigmoid, f.x)));
}

}  // namespace
}  // namespace mote::test
