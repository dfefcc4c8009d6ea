// The reverse pass over whole graphs.
#include "grad/differentiate.h"

#include <gtest/gtest.h>

#include "grad/gradient_check.h"
#include "grad/networks.h"
#include "ir/builder.h"

namespace mote::test {
namespace {

using ir::ValueId;

TEST(Differentiate, AddsTheGradientsOfAllReaders) {
  GradientCase c(1);
  ValueId x = c.input({3, 2});
  c.add(op_code::activation, ActivationAttrs{kMoteTanh}, {x});
  ValueId y = c.result();
  c.add(op_code::mul, BinaryAttrs{}, {x, y});
  ValueId z = c.result();
  c.add(op_code::sub, BinaryAttrs{}, {z, y});
  EXPECT_EQ(c.check(), "");
}

TEST(Differentiate, CountsAnOperandThatIsReadTwice) {
  GradientCase c(2);
  ValueId x = c.input({5});
  c.add(op_code::mul, BinaryAttrs{}, {x, x});
  EXPECT_EQ(c.check(), "");
}

// Smooth activations: no pre-activation of a whole network can be kept from a kink.
TEST(Differentiate, WholeNetworkAgreesWithCentralDifferences) {
  GradientCase c(3);
  ValueId x = c.input({4, 7, 6, 3});
  auto norm = [&](ValueId v, int32_t channels) {
    ValueId mean = c.fixed({channels}), variance = c.fixed({channels});
    ValueId scale = c.input({channels}, 0.5, 1.5), bias = c.input({channels});
    c.add(op_code::batch_norm_train, BatchNormAttrs{1e-3f, 0.1f, 0},
          {v, scale, bias, mean, variance}, 5);
    return c.result();
  };
  c.add(op_code::conv2d, Conv2dAttrs{2, 1, 1, 1, 1, 1, 1, 1, 1, 0}, {x, c.input({5, 3, 3, 3})});
  ValueId y = norm(c.result(), 5);
  c.add(op_code::activation, ActivationAttrs{kMoteTanh}, {y});
  ValueId shortcut = c.result();
  c.add(op_code::depthwise_conv2d, DepthwiseConv2dAttrs{1, 1, 1, 1, 1, 1, 1, 1, 1, 0},
        {shortcut, c.input({1, 3, 3, 5}), c.input({5})});
  y = norm(c.result(), 5);
  c.add(op_code::activation, ActivationAttrs{kMoteSigmoid}, {y});
  c.add(op_code::add, BinaryAttrs{}, {c.result(), shortcut});
  c.add(op_code::avg_pool2d, Pool2dAttrs{2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0}, {c.result()});
  ReshapeAttrs flat{2, {4, -1}};
  c.add(op_code::reshape, flat, {c.result()});
  c.add(op_code::fully_connected, FullyConnectedAttrs{},
        {c.result(), c.input({3, 30}), c.input({3})});
  c.add(op_code::softmax_cross_entropy, SoftmaxCrossEntropyAttrs{0.1f, -1},
        {c.result(), c.integers({4}, 0, 2)}, 2);
  EXPECT_EQ(check_gradients(c.graph, c.result(), c.targets, c.inputs, 20), "");
}

TEST(Differentiate, ComputesOnlyWhatLeadsToATarget) {
  GradientCase c(4);
  ValueId x = c.input({2, 3}), frozen = c.input({4, 3}), trained = c.input({2, 4});
  c.add(op_code::fully_connected, FullyConnectedAttrs{}, {x, frozen});
  c.add(op_code::fully_connected, FullyConnectedAttrs{}, {c.result(), trained});
  c.add(op_code::mse, ir::Bytes{}, {c.result(), c.fixed({2, 2})}, 2);
  Diagnostics diagnostics;
  size_t before = c.graph.nodes.size();
  std::vector<ValueId> gradients = differentiate(c.graph, c.result(), {trained}, diagnostics);
  ASSERT_EQ(diagnostics.text(), "");
  // The weights' gradient of the second layer; the loss gives the gradient of its own.
  ASSERT_EQ(c.graph.nodes.size(), before + 1);
  EXPECT_EQ(c.graph.nodes.back().op, op_code::batch_matmul);
  EXPECT_EQ(c.graph.nodes.back().outputs[0], gradients[0]);
}

TEST(Differentiate, SaysWhichTargetsDoNotMatter) {
  GradientCase c(5);
  ValueId x = c.input({2}), other = c.input({2});
  c.add(op_code::mul, BinaryAttrs{}, {x, x});
  Diagnostics diagnostics;
  std::vector<ValueId> gradients = differentiate(c.graph, c.result(), {x, other}, diagnostics);
  ASSERT_EQ(gradients.size(), 2u);
  EXPECT_NE(gradients[0], ir::kNone);
  EXPECT_EQ(gradients[1], ir::kNone);
}

TEST(Differentiate, ReportsAllMissingGradientsAndWhatCanBeTrained) {
  GradientCase c(6);
  ValueId early = c.input({2, 4}), late = c.input({2, 4});
  // Operators without a second derivative stand for any without gradient.
  for (int i = 0; i < 2; ++i)
    c.add(op_code::activation_grad, ActivationAttrs{kMoteTanh},
          {i == 0 ? early : c.result(), c.fixed({2, 4})});
  c.add(op_code::mul, BinaryAttrs{}, {c.result(), late});
  c.add(op_code::mse, ir::Bytes{}, {c.result(), c.fixed({2, 4})}, 2);
  Diagnostics diagnostics;
  size_t before = c.graph.nodes.size();
  EXPECT_TRUE(differentiate(c.graph, c.result(), {early, late}, diagnostics).empty());
  ASSERT_EQ(diagnostics.list().size(), 3u) << diagnostics.text();
  EXPECT_NE(diagnostics.list()[0].what.find("activation_grad"), std::string::npos);
  EXPECT_NE(diagnostics.list()[2].what.find("2 operators"), std::string::npos);
  EXPECT_NE(diagnostics.list()[2].remedy.find("1 of 2: input1"), std::string::npos)
      << diagnostics.list()[2].remedy;
  EXPECT_EQ(c.graph.nodes.size(), before);
}

TEST(Differentiate, RefusesDynamicShapes) {
  GradientCase c(7);
  ValueId x = c.input({2, 4});
  c.graph.value(x).shape.dims[0] = {1, 2};
  c.add(op_code::mul, BinaryAttrs{}, {x, x});
  Diagnostics diagnostics;
  EXPECT_TRUE(differentiate(c.graph, c.result(), {x}, diagnostics).empty());
  EXPECT_NE(diagnostics.text().find("static shapes"), std::string::npos);
}

}  // namespace
}  // namespace mote::test
