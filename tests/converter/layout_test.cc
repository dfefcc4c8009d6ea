// Transposes through whole graphs: how many are left, and that the results stay.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "ir/builder.h"
#include "ir/evaluator.h"
#include "passes/layout/solver.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

using Ints = std::vector<int32_t>;
const Ints kToLast{0, 2, 3, 1}, kToFirst{0, 3, 1, 2};

struct Layout : testing::Test {
  ir::Graph graph;
  Diagnostics diagnostics;
  Builder b{graph, diagnostics};

  ir::ValueId input(const Ints& shape) { return bounded_input(ir::shape_of(shape)); }
  ir::ValueId bounded_input(const ShapeBounds& shape) {
    ir::Value v;
    v.name = b.unique_name("x");
    v.shape = shape;
    ir::ValueId id = graph.add_value(std::move(v));
    graph.inputs.push_back({graph.value(id).name, id});
    return id;
  }
  void output(ir::ValueId v) { graph.outputs.push_back({graph.value(v).name, v}); }
  ir::ValueId weights(const Ints& shape) {
    size_t count = 1;
    for (int32_t d : shape) count *= static_cast<size_t>(d);
    std::vector<float> w(count);
    for (size_t i = 0; i < count; ++i) w[i] = 0.01f * static_cast<float>(i * 7 % 31) - 0.1f;
    return b.constant("w", Type::float32, shape, w);
  }
  // As an importer of a format with channels second writes it; x is [n, c, h, w].
  ir::ValueId conv(ir::ValueId x, int32_t channels) {
    Conv2dAttrs a{1, 1, 1, 1, 1, 1, 1, 1, 1, kMoteActivationNone};
    ir::ValueId w = weights({channels, 3, 3, b.dims(x)[1]});
    return b.transpose(b.node(op_code::conv2d, a, {b.transpose(x, kToLast), w}), kToFirst);
  }
  ir::ValueId relu(ir::ValueId x) {
    return b.node(op_code::activation, ActivationAttrs{kMoteRelu, 0, 0}, {x});
  }
  ir::ValueId mean(ir::ValueId x, const Ints& axes, bool keep_dims) {
    ReduceAttrs a{};
    a.kind = kMoteReduceMean;
    for (int32_t axis : axes) a.axes[a.axis_count++] = axis;
    a.keep_dims = keep_dims;
    return b.node(op_code::reduce, a, {x});
  }
  ir::ValueId concat(std::vector<ir::ValueId> parts, int32_t axis) {
    return b.node(op_code::concat, ConcatAttrs{axis, kMoteActivationNone}, std::move(parts));
  }

  std::vector<Evaluated> results() {
    std::vector<Evaluated> in;
    for (const ir::Port& p : graph.inputs) {
      Evaluated e;
      e.shape = graph.value(p.value).shape.max();
      std::vector<float> x(static_cast<size_t>(e.shape.elements()));
      for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 101) - 50;
      e.bytes.resize(x.size() * sizeof(float));
      memcpy(e.bytes.data(), x.data(), e.bytes.size());
      in.push_back(std::move(e));
    }
    std::vector<Evaluated> out = evaluate(graph, in, diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.list()[0].what;
    return out;
  }
  size_t count(uint16_t op) const {
    return static_cast<size_t>(std::count_if(graph.nodes.begin(), graph.nodes.end(),
                                             [&](const ir::Node& n) { return n.op == op; }));
  }
  // Runs the pass; the results must be what they were (1e-5: sums of up to 90 terms, of which some
  // are 20 times the result, change their order).
  void run() {
    ASSERT_FALSE(b.failed()) << diagnostics.list()[0].what;
    std::vector<Evaluated> before = results();
    channels_last(graph, diagnostics);
    canonicalize(graph, diagnostics);
    remove_dead(graph, diagnostics);
    infer_shapes(graph, diagnostics);
    legalize(graph, diagnostics);
    ASSERT_TRUE(diagnostics.empty()) << diagnostics.list()[0].what;
    std::vector<Evaluated> after = results();
    ASSERT_EQ(after.size(), before.size());
    for (size_t o = 0; o < after.size(); ++o) {
      ASSERT_TRUE(after[o].shape == before[o].shape);
      ASSERT_EQ(after[o].bytes.size(), before[o].bytes.size());
      auto *p = reinterpret_cast<const float*>(before[o].bytes.data()),
           *q = reinterpret_cast<const float*>(after[o].bytes.data());
      for (size_t i = 0; i < after[o].bytes.size() / 4; ++i)
        ASSERT_NEAR(p[i], q[i], 1e-5 * std::max(1.0, std::fabs(static_cast<double>(p[i]))));
    }
  }
};

TEST_F(Layout, AChainOfConvolutionsKeepsOneTransposeAtEachPort) {
  ir::ValueId x = input({1, 3, 6, 5});
  output(conv(relu(conv(relu(conv(x, 4)), 5)), 6));
  run();
  EXPECT_EQ(count(op_code::transpose), 2u);
}

TEST_F(Layout, AResidualBlockHasNone) {
  ir::ValueId x = input({1, 4, 6, 5});
  ir::ValueId y = relu(conv(x, 4));
  output(mean(relu(b.add(conv(relu(conv(y, 4)), 4), y)), {2, 3}, false));
  run();
  EXPECT_EQ(count(op_code::transpose), 1u);  // the input's
}

TEST_F(Layout, ConcatenatedBranchesHaveNone) {
  ir::ValueId x = conv(input({1, 2, 6, 5}), 3);
  output(mean(conv(concat({conv(x, 2), relu(x), conv(x, 4)}, 1), 3), {2, 3}, true));
  run();
  EXPECT_EQ(count(op_code::transpose), 1u);
}

TEST_F(Layout, ConstantsPerChannelAreTransposedNow) {
  ir::ValueId x = conv(input({1, 2, 6, 5}), 3);
  x = b.add(b.mul(x, weights({3, 1, 1})), weights({1, 3, 1, 1}));
  output(mean(x, {2, 3}, false));
  run();
  EXPECT_EQ(count(op_code::transpose), 1u);
  EXPECT_EQ(count(op_code::reshape), 0u);
}

TEST_F(Layout, AGatePerChannelNeedsNone) {
  ir::ValueId x = conv(input({1, 2, 6, 5}), 4);
  ir::ValueId gate = b.reshape(relu(mean(x, {2, 3}, false)), {1, 4, 1, 1});
  output(mean(conv(b.mul(x, gate), 2), {2, 3}, false));
  run();
  EXPECT_EQ(count(op_code::transpose), 1u);
}

TEST_F(Layout, AChannelShuffleIsOneTranspose) {
  ir::ValueId x = conv(input({1, 2, 6, 5}), 6);
  ir::ValueId y = b.transpose(b.reshape(x, {1, 2, 3, 6, 5}), {0, 2, 1, 3, 4});
  output(mean(conv(b.reshape(y, {1, 6, 6, 5}), 2), {2, 3}, false));
  run();
  EXPECT_EQ(count(op_code::transpose), 2u);  // the input's and the shuffle itself
}

TEST_F(Layout, AFlattenBeforeADenseLayerNeedsNone) {
  ir::ValueId x = conv(input({2, 2, 6, 5}), 3);
  ir::ValueId flat = b.reshape(x, {2, 90});
  output(b.node(op_code::fully_connected, FullyConnectedAttrs{}, {flat, weights({4, 90})}));
  run();
  EXPECT_EQ(count(op_code::transpose), 1u);
}

TEST_F(Layout, SlicesAndPaddingMoveToo) {
  ir::ValueId x = conv(input({1, 2, 6, 5}), 4);
  ir::ValueId halves[2] = {b.slice(x, {0, 0, 0, 0}, {1, 2, 6, 5}),
                           b.slice(x, {0, 2, 1, 0}, {1, 2, 5, 5})};
  ir::ValueId padded = b.pad(halves[1], {0, 0, 1, 0}, {0, 0, 0, 0});
  output(mean(conv(b.add(halves[0], padded), 2), {2, 3}, false));
  run();
  EXPECT_EQ(count(op_code::transpose), 1u);
}

TEST_F(Layout, ADynamicBatchStaysDynamic) {
  ShapeBounds shape = ir::shape_of({1, 2, 6, 5});
  shape.dims[0] = {1, 4};
  ir::ValueId x = conv(bounded_input(shape), 3);
  ReshapeAttrs flat{2, {0, -1}};
  ir::ValueId y = b.node(op_code::reshape, flat, {x});
  output(b.node(op_code::fully_connected, FullyConnectedAttrs{}, {y, weights({4, 90})}));
  run();
  EXPECT_EQ(count(op_code::transpose), 1u);
  EXPECT_EQ(graph.value(graph.outputs[0].value).shape.dims[0].min, 1);
}

TEST_F(Layout, ATransposeMovesToTheSmallerSideOfAnOperator) {
  ir::ValueId x = b.transpose(input({4, 5, 6}), {2, 0, 1});
  output(b.reshape(mean(x, {1}, true), {30}));
  run();
  ASSERT_EQ(graph.nodes[0].op, op_code::reduce);
  EXPECT_EQ(layout::transposed_bytes(graph), 30 * 4);
}

TEST_F(Layout, AValueThatIsNeededBothWaysIsTransposedOnce) {
  ir::ValueId x = conv(input({1, 2, 6, 5}), 3);
  output(relu(x));
  output(conv(x, 2));
  run();
  EXPECT_LE(count(op_code::transpose), 3u);  // of the input and of each output
}

TEST_F(Layout, ATransposedPortKeepsAValueOfItsOwn) {
  ir::ValueId x = input({2, 3});
  output(b.transpose(b.transpose(x, {1, 0}), {1, 0}));
  run();
  EXPECT_NE(graph.outputs[0].value, graph.inputs[0].value);
}

// Random graphs: whatever moves, the results stay and no more bytes are transposed.
struct RandomLayout : Layout, testing::WithParamInterface<uint32_t> {
  std::mt19937 random{GetParam()};
  size_t pick(size_t n) { return random() % n; }
  Ints any_permutation(int32_t rank) {
    Ints p(static_cast<size_t>(rank));
    std::iota(p.begin(), p.end(), 0);
    std::shuffle(p.begin(), p.end(), random);
    return p;
  }
  ir::ValueId grow(const std::vector<ir::ValueId>& values) {
    ir::ValueId x = values[pick(values.size())];
    Ints dims = b.dims(x);
    auto rank = static_cast<int32_t>(dims.size());
    auto axis = static_cast<int32_t>(pick(dims.size()));
    auto at = static_cast<size_t>(axis);
    switch (pick(10)) {
      case 0:
        return relu(x);
      case 1: {
        Ints other = dims;
        if (pick(2)) other[at] = 1;
        if (pick(2)) other.erase(other.begin());
        return b.add(x, weights(other));
      }
      case 2:
        return concat({x, relu(x)}, axis);
      case 3:
        return rank > 2 ? mean(x, {axis}, pick(2) == 0) : relu(x);
      case 4: {
        Ints merged = dims;
        if (axis + 1 == rank) return relu(x);
        merged[at] *= merged[at + 1];
        merged.erase(merged.begin() + axis + 1);
        return b.reshape(x, merged);
      }
      case 5: {
        if (dims[at] % 2 != 0 || rank > 4) return relu(x);
        dims[at] /= 2;
        dims.insert(dims.begin() + axis, 2);
        return b.reshape(x, dims);
      }
      case 6: {
        Ints begin(dims.size(), 0);
        if (dims[at] > 1) begin[at] = 1;
        dims[at] -= begin[at];
        return b.slice(x, begin, dims);
      }
      case 7:
        for (ir::ValueId y : values)
          if (y != x && b.dims(y) == dims) return b.add(x, y);
        [[fallthrough]];
      default:
        return b.transpose(x, any_permutation(rank));
    }
  }
};

TEST_P(RandomLayout, KeepsTheResults) {
  std::vector<ir::ValueId> values{input({2, 3, 4, 2}), input({4, 1, 6})};
  for (int i = 0; i < 30; ++i) values.push_back(grow(values));
  for (size_t i = 0; i < 3; ++i) output(values[values.size() - 1 - i * 4]);
  int64_t before = layout::transposed_bytes(graph);
  run();
  EXPECT_LE(layout::transposed_bytes(graph), before);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLayout, testing::Range(0u, 200u));

}  // namespace
}  // namespace mote::test
