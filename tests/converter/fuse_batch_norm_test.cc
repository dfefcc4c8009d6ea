#include <gtest/gtest.h>

#include <cmath>

#include "graph_builder.h"
#include "ir/evaluator.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

struct FuseBatchNorm : testing::Test {
  GraphBuilder b;
  Diagnostics diagnostics;
  const ShapeBounds shape = ir::shape_of({1, 2, 2, 2});

  ir::ValueId channels(float first, float second) {
    return b.graph.add_constant("c", Type::float32, ir::shape_of({2}),
                                std::vector<float>{first, second});
  }
  ir::ValueId norm(ir::ValueId x) {
    ir::ValueId y = b.value(shape);
    b.node(op_code::batch_norm, BatchNormAttrs{1e-3f, 0, 0},
           {x, channels(2, -1), channels(0.5f, 3), channels(1, -4), channels(0.25f, 9)}, y);
    return y;
  }
  ir::ValueId binary(uint16_t op, ir::ValueId x, ir::ValueId c) {
    ir::ValueId y = b.value(shape);
    b.node(op, BinaryAttrs{}, {x, c}, y);
    return y;
  }
  std::vector<float> result() {
    std::vector<float> x{1, -2, 3, 0.5f, -1, 4, 2, 7};
    Evaluated in{shape.max(), ir::Bytes(x.size() * sizeof(float))};
    memcpy(in.bytes.data(), x.data(), in.bytes.size());
    std::vector<Evaluated> out = evaluate(b.graph, {in}, diagnostics);
    EXPECT_TRUE(diagnostics.empty());
    std::vector<float> y(x.size());
    memcpy(y.data(), out.at(0).bytes.data(), in.bytes.size());
    return y;
  }
  // The results stay within the rounding of float32 weights.
  void run() {
    std::vector<float> before = result();
    fuse_batch_norm(b.graph, diagnostics);
    std::vector<float> after = result();
    for (size_t i = 0; i < before.size(); ++i)
      EXPECT_NEAR(after[i], before[i], 1e-5 * std::max(1.0f, std::fabs(before[i])));
  }
};

TEST_F(FuseBatchNorm, BecomesWeightsAndBias) {
  b.output(norm(b.conv(b.input(shape))));
  run();
  ASSERT_EQ(b.graph.nodes.size(), 1u);
  EXPECT_EQ(b.graph.nodes[0].op, op_code::conv2d);
  EXPECT_EQ(b.graph.nodes[0].outputs[0], b.graph.outputs[0].value);
}

TEST_F(FuseBatchNorm, ProductsAndSumsPerChannelToo) {
  ir::ValueId x = norm(b.conv(b.input(shape)));
  x = binary(op_code::mul, x, channels(3, -2));
  x = binary(op_code::sub, x, channels(1, 5));
  b.output(binary(op_code::add, x, channels(0.25f, 8)));
  run();
  EXPECT_EQ(b.graph.nodes.size(), 1u);
}

TEST_F(FuseBatchNorm, AScaleBehindALoneBatchNormJoinsIt) {
  b.output(binary(op_code::mul, norm(b.input(shape)), channels(3, -2)));
  run();
  ASSERT_EQ(b.graph.nodes.size(), 1u);
  EXPECT_EQ(b.graph.nodes[0].op, op_code::batch_norm);
}

TEST_F(FuseBatchNorm, AnotherReaderKeepsTheConvolution) {
  ir::ValueId x = b.conv(b.input(shape));
  b.output(norm(x));
  b.output(b.relu(x));
  fuse_batch_norm(b.graph, diagnostics);
  EXPECT_EQ(b.graph.nodes.size(), 3u);
}

TEST_F(FuseBatchNorm, AnActivationBetweenKeepsBoth) {
  b.output(norm(b.relu(b.conv(b.input(shape)))));
  fuse_batch_norm(b.graph, diagnostics);
  EXPECT_EQ(b.graph.nodes.size(), 3u);
}

TEST_F(FuseBatchNorm, AConstantPerPlaceStays) {
  ir::ValueId places =
      b.graph.add_constant("p", Type::float32, ir::shape_of({2, 1}), std::vector<float>{1, 2});
  b.output(binary(op_code::mul, b.conv(b.input(shape)), places));
  fuse_batch_norm(b.graph, diagnostics);
  EXPECT_EQ(b.graph.nodes.size(), 2u);
}

}  // namespace
}  // namespace mote::test
