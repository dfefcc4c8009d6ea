#include <gtest/gtest.h>

#include "graph_builder.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

struct FoldConstants : testing::Test {
  GraphBuilder b;
  Diagnostics diagnostics;
  ir::ValueId constant(const std::vector<float>& elements) {
    return b.graph.add_constant("c", Type::float32,
                                ir::shape_of({static_cast<int32_t>(elements.size())}), elements);
  }
};

TEST_F(FoldConstants, AnOperatorOnConstantsBecomesAConstant) {
  ir::ValueId y = b.relu(constant({-1, 2})), x = b.input(ir::shape_of({2}));
  ir::ValueId z = b.value(ir::shape_of({2}));
  b.node(op_code::add, BinaryAttrs{}, {x, y}, z);
  b.output(z);
  fold_constants(b.graph, diagnostics);
  ASSERT_EQ(b.graph.nodes.size(), 1u);
  const ir::Value& folded = b.graph.value(y);
  ASSERT_EQ(folded.kind, TensorKind::constant);
  EXPECT_EQ(folded.as<float>()[0], 0);
  EXPECT_EQ(folded.as<float>()[1], 2);
}

TEST_F(FoldConstants, ChainsFoldInOneSweep) {
  ir::ValueId y = b.reshape(b.relu(constant({-1, 2})), {2, 1}), x = b.input(ir::shape_of({2, 1}));
  ir::ValueId z = b.value(ir::shape_of({2, 1}));
  b.node(op_code::mul, BinaryAttrs{}, {x, y}, z);
  b.output(z);
  fold_constants(b.graph, diagnostics);
  EXPECT_EQ(b.graph.nodes.size(), 1u);
}

TEST_F(FoldConstants, OutputsStayActivations) {
  ir::ValueId y = b.relu(constant({-1, 2}));
  b.output(y);
  fold_constants(b.graph, diagnostics);
  EXPECT_EQ(b.graph.nodes.size(), 1u);
  EXPECT_EQ(b.graph.value(y).kind, TensorKind::activation);
}

TEST_F(FoldConstants, WhatWouldGrowTheFileStays) {
  ir::ValueId c = constant({1, 2}), y = b.value(ir::shape_of({1 << 20}));
  PadAttrs a{};
  a.count = 1;
  a.after[0] = (1 << 20) - 2;
  b.node(op_code::pad, a, {c}, y);
  b.output(b.relu(y));
  fold_constants(b.graph, diagnostics);
  EXPECT_EQ(b.graph.nodes.size(), 2u);
}

// 2^33 products: the conversion would take longer than the model ever runs.
TEST_F(FoldConstants, WhatTakesLongToComputeStays) {
  constexpr int32_t kSize = 2048;
  ir::ValueId c = b.graph.add_constant("c", Type::float32, ir::shape_of({kSize, kSize}),
                                       std::vector<float>(size_t{kSize} * kSize));
  ir::ValueId y = b.value(ir::shape_of({kSize, kSize}));
  b.node(op_code::batch_matmul, BatchMatmulAttrs{}, {c, c}, y);
  b.output(b.relu(y));
  fold_constants(b.graph, diagnostics);
  EXPECT_EQ(b.graph.nodes.size(), 2u);
}

}  // namespace
}  // namespace mote::test
