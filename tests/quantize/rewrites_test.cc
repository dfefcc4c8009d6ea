// Each rewrite against the float operator, within the error that rounding its operands and its
// result can make.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "quantize/quantized.h"
#include "quantize/rewrites/rewrite.h"

namespace mote::test {
namespace {

constexpr size_t kSamples = 24;

struct OneOperator {
  const char* name;
  uint16_t op;
  std::function<ir::ValueId(GraphMaker&, ir::ValueId x)> build;  // from x [1, 6, 6, 4] in [-2, 3]
  double per_input_step;   // error of the result for one step of the input's scale
  double per_output_step;  // the same for the result's own
  double fixed = 0;        // from the weights' rounding
};

void PrintTo(const OneOperator& o, std::ostream* stream) { *stream << o.name; }

Conv2dAttrs conv_attrs(int32_t activation = kMoteActivationNone) {
  return {1, 1, 1, 1, 1, 1, 1, 1, 1, activation};
}

// Weights within [-0.5, 0.5]; so many terms: an input step of half a scale each, and half a step
// of at most 0.5 / 127 against inputs of at most 3.
constexpr double kTerms = 3 * 3 * 4;
constexpr double kWeightError = kTerms * 0.5 * 0.5 / 127 * 3;

ir::ValueId conv(GraphMaker& g, ir::ValueId x, int32_t activation) {
  ir::ValueId w = g.constant("w", ir::shape_of({5, 3, 3, 4}), uniform(180, -0.5f, 0.5f, 3));
  ir::ValueId b = g.constant("b", ir::shape_of({5}), uniform(5, -1, 1, 4));
  return g.node(op_code::conv2d, conv_attrs(activation), {x, w, b}, ir::shape_of({1, 6, 6, 5}));
}

ir::ValueId depthwise(GraphMaker& g, ir::ValueId x) {
  ir::ValueId w = g.constant("w", ir::shape_of({1, 3, 3, 4}), uniform(36, -0.5f, 0.5f, 5));
  DepthwiseConv2dAttrs a{1, 1, 1, 1, 1, 1, 1, 1, 1, kMoteActivationNone};
  return g.node(op_code::depthwise_conv2d, a, {x, w}, ir::shape_of({1, 6, 6, 4}));
}

ir::ValueId dense(GraphMaker& g, ir::ValueId x) {
  ir::ValueId w = g.constant("w", ir::shape_of({7, 4}), uniform(28, -0.5f, 0.5f, 6));
  return g.node(op_code::fully_connected, FullyConnectedAttrs{}, {x, w},
                ir::shape_of({1, 6, 6, 7}));
}

// A second operand with a range of its own: x times 0.3.
ir::ValueId scaled(GraphMaker& g, ir::ValueId x) {
  ir::ValueId c = g.constant("c", ir::shape_of({1}), {0.3f});
  return g.node(op_code::mul, BinaryAttrs{}, {x, c}, g.graph().value(x).shape);
}

std::vector<OneOperator> weighted_operators() {
  return {
      {"conv2d", op_code::conv2d,
       [](GraphMaker& g, ir::ValueId x) { return conv(g, x, kMoteActivationNone); },
       kTerms * 0.5 * 0.5, 0.5, kWeightError},
      {"conv2d_relu", op_code::conv2d,
       [](GraphMaker& g, ir::ValueId x) { return conv(g, x, kMoteActivationRelu); },
       kTerms * 0.5 * 0.5, 0.5, kWeightError},
      {"conv2d_relu6", op_code::conv2d,
       [](GraphMaker& g, ir::ValueId x) { return conv(g, x, kMoteActivationRelu6); },
       kTerms * 0.5 * 0.5, 0.5, kWeightError},
      {"depthwise_conv2d", op_code::depthwise_conv2d, depthwise, 9 * 0.5 * 0.5, 0.5,
       9 * 0.5 * 0.5 / 127 * 3},
      {"fully_connected", op_code::fully_connected, dense, 4 * 0.5 * 0.5, 0.5,
       4 * 0.5 * 0.5 / 127 * 3},
  };
}

std::vector<OneOperator> elementwise_operators() {
  auto activation = [](int32_t kind) {
    return [kind](GraphMaker& g, ir::ValueId x) {
      return g.unary(op_code::activation, ActivationAttrs{kind}, x);
    };
  };
  return {
      // Both operands are x: half a step each.
      {"add", op_code::add, [](GraphMaker& g, ir::ValueId x) { return g.add(x, x); }, 1.01, 0.51},
      {"sub_constant", op_code::sub,
       [](GraphMaker& g, ir::ValueId x) {
         ir::ValueId c = g.constant("c", ir::shape_of({4}), {0, 1, -1, 0.5f});
         return g.node(op_code::sub, BinaryAttrs{}, {x, c}, g.graph().value(x).shape);
       },
       0.51, 0.51, 2.0 / 255 / 2},
      // |x| is at most 3; the products of two half steps are in the last digit.
      {"mul", op_code::mul,
       [](GraphMaker& g, ir::ValueId x) {
         return g.node(op_code::mul, BinaryAttrs{}, {x, x}, g.graph().value(x).shape);
       },
       3.02, 0.5},
      {"mul_constant", op_code::mul, scaled, 0.3 * 0.5, 0.5, 3 * 0.3 / 255 / 2},
      {"relu", op_code::activation, activation(kMoteRelu), 0.5, 0.5},
      {"relu6", op_code::activation, activation(kMoteRelu6), 0.5, 0.5},
      {"relu_n1_to_1", op_code::activation, activation(kMoteReluN1To1), 0.5, 0.5},
      // Slopes of at most 1/4 and 1; tanh's scale of 1/128 stops at 127/128.
      {"sigmoid", op_code::activation, activation(kMoteSigmoid), 0.125, 0.5},
      {"tanh", op_code::activation, activation(kMoteTanh), 0.5, 1.0},
      // |dy| <= max |dx| / 2; its table and division are exact to one step.
      {"softmax", op_code::softmax, [](GraphMaker& g, ir::ValueId x) { return g.softmax(x); }, 0.25,
       1.0},
  };
}

ir::ValueId pooled(GraphMaker& g, uint16_t op, ir::ValueId x) {
  Pool2dAttrs a{};
  a.window_h = a.window_w = a.stride_h = a.stride_w = 2;
  return g.node(op, a, {x}, ir::shape_of({1, 3, 3, 4}));
}

ir::ValueId reduced(GraphMaker& g, int32_t kind, ir::ValueId x) {
  ReduceAttrs a{};
  a.kind = kind;
  a.axis_count = 2;
  a.axes[0] = 1;
  a.axes[1] = 2;
  return g.node(op_code::reduce, a, {x}, ir::shape_of({1, 4}));
}

std::vector<OneOperator> window_operators() {
  return {
      {"max_pool2d", op_code::max_pool2d,
       [](GraphMaker& g, ir::ValueId x) { return pooled(g, op_code::max_pool2d, x); }, 0.5, 0},
      {"avg_pool2d", op_code::avg_pool2d,
       [](GraphMaker& g, ir::ValueId x) { return pooled(g, op_code::avg_pool2d, x); }, 1.0, 0},
      {"mean", op_code::reduce,
       [](GraphMaker& g, ir::ValueId x) { return reduced(g, kMoteReduceMean, x); }, 0.5, 0.5},
      {"sum", op_code::reduce,
       [](GraphMaker& g, ir::ValueId x) { return reduced(g, kMoteReduceSum, x); }, 18, 0.5},
      // Fractions of 11 bits: 2^-12 of the range of 255 steps along each axis.
      {"resize_bilinear", op_code::resize_bilinear,
       [](GraphMaker& g, ir::ValueId x) {
         return g.node(op_code::resize_bilinear, ResizeBilinearAttrs{9, 13, kMoteHalfPixel}, {x},
                       ir::shape_of({1, 9, 13, 4}));
       },
       1.13, 0},
  };
}

ir::ValueId padded(GraphMaker& g, ir::ValueId x) {
  PadAttrs a{};
  a.count = 4;
  a.before[1] = a.after[2] = 1;
  a.value = 5;  // beyond the range of x
  return g.node(op_code::pad, a, {x}, ir::shape_of({1, 7, 7, 4}));
}

ir::ValueId sliced(GraphMaker& g, ir::ValueId x) {
  StridedSliceAttrs a{};
  a.count = 2;
  a.end[0] = 1;
  a.begin[1] = 1;
  a.end[1] = 6;
  a.strides[0] = 1;
  a.strides[1] = 2;
  return g.node(op_code::strided_slice, a, {x}, ir::shape_of({1, 3, 6, 4}));
}

ir::ValueId transposed(GraphMaker& g, ir::ValueId x) {
  TransposeAttrs a{4, {0, 3, 1, 2}};
  return g.node(op_code::transpose, a, {x}, ir::shape_of({1, 4, 6, 6}));
}

ir::ValueId gathered(GraphMaker& g, ir::ValueId x) {
  ir::ValueId i =
      g.graph().add_constant("i", Type::int32, ir::shape_of({3}), std::vector<int32_t>{3, 0, 3});
  return g.node(op_code::gather, GatherAttrs{3, 0}, {x, i}, ir::shape_of({1, 6, 6, 3}));
}

std::vector<OneOperator> movement_operators() {
  return {
      {"reshape", op_code::reshape,
       [](GraphMaker& g, ir::ValueId x) { return g.reshape(x, {1, 36, 4}); }, 0.5, 0},
      {"transpose", op_code::transpose, transposed, 0.5, 0},
      {"strided_slice", op_code::strided_slice, sliced, 0.5, 0},
      {"pad", op_code::pad, padded, 0.5, 0},
      {"gather", op_code::gather, gathered, 0.5, 0},
      // One scale for x and 0.3 x: that of x.
      {"concat", op_code::concat,
       [](GraphMaker& g, ir::ValueId x) {
         return g.node(op_code::concat, ConcatAttrs{3, kMoteActivationNone}, {scaled(g, x), x},
                       ir::shape_of({1, 6, 6, 8}));
       },
       1.0, 0, 3 * 0.3 / 255 / 2},
      {"concat_constant", op_code::concat,
       [](GraphMaker& g, ir::ValueId x) {
         ir::ValueId c = g.constant("c", ir::shape_of({1, 6, 6, 1}), uniform(36, -9, 9, 8));
         return g.node(op_code::concat, ConcatAttrs{3, kMoteActivationNone}, {x, c},
                       ir::shape_of({1, 6, 6, 5}));
       },
       0.5, 0.5},
  };
}

class Rewrites : public testing::TestWithParam<OneOperator> {};

TEST_P(Rewrites, StayWithinTheirErrorBound) {
  const OneOperator& o = GetParam();
  GraphMaker maker;
  ir::ValueId x = maker.input("x", ir::shape_of({1, 6, 6, 4}));
  ir::ValueId y = o.build(maker, x);
  maker.output(y);
  const std::string y_name = maker.graph().value(y).name;
  std::vector<uint8_t> file = file_of(maker);
  std::vector<float> values = uniform(144 * kSamples, -2, 3, 1);
  QuantizeResult result = quantized(file, {{values}});
  ASSERT_TRUE(result.ok()) << result.text();
  EXPECT_TRUE(result.float_operators.empty()) << result.float_operators[0].reason;
  double x_step = static_cast<double>(tensor_of(result, "x").scale);
  double y_step = static_cast<double>(tensor_of(result, y_name).scale);
  double bound = o.per_input_step * x_step + o.per_output_step * y_step + o.fixed + 1e-5;

  Running real(file), int8(result.bytes);
  double worst = 0;
  for (size_t s = 0; s < kSamples; ++s) {
    std::vector<float> sample(values.begin() + static_cast<ptrdiff_t>(144 * s),
                              values.begin() + static_cast<ptrdiff_t>(144 * (s + 1)));
    std::vector<float> expected = real({sample}), found = int8({sample});
    ASSERT_EQ(expected.size(), found.size());
    for (size_t i = 0; i < expected.size(); ++i)
      worst = std::fmax(worst, std::fabs(static_cast<double>(expected[i]) - found[i]));
  }
  EXPECT_LE(worst, bound);
  // An operator that had stayed float would have no error at all.
  EXPECT_GT(worst, 0);
}

std::string name_of(const testing::TestParamInfo<OneOperator>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Weighted, Rewrites, testing::ValuesIn(weighted_operators()), name_of);
INSTANTIATE_TEST_SUITE_P(Elementwise, Rewrites, testing::ValuesIn(elementwise_operators()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Windows, Rewrites, testing::ValuesIn(window_operators()), name_of);
INSTANTIATE_TEST_SUITE_P(Movement, Rewrites, testing::ValuesIn(movement_operators()), name_of);

TEST(RewriteTable, EveryOperatorHasARewriteOrAReason) {
  struct Row {
    uint16_t op;
    const char* name;
  };
  constexpr Row kOperators[] = {
#define MOTE_OPERATOR(number, name) {number, #name},
#include "ops/ops.inc"
#undef MOTE_OPERATOR
  };
  for (const Row& o : kOperators) {
    const QuantizeRow* row = find_quantize_row(o.op);
    ASSERT_NE(row, nullptr) << o.name << ": see converter/quantize/README.md";
    EXPECT_NE(row->reason == nullptr, row->rewrite == nullptr) << o.name;
  }
}

TEST(RewriteTable, EveryRewriteIsMeasured) {
  // broadcast_to and arg_max have tests of their own below.
  std::vector<uint16_t> measured = {op_code::broadcast_to, op_code::arg_max};
  for (const auto& list :
       {weighted_operators(), elementwise_operators(), window_operators(), movement_operators()})
    for (const OneOperator& o : list) measured.push_back(o.op);
  for (const auto& rows :
       {weighted_rows(), binary_rows(), function_rows(), window_rows(), movement_rows()})
    for (const QuantizeRow& row : rows)
      EXPECT_NE(std::find(measured.begin(), measured.end(), row.op), measured.end()) << row.op;
}

// x is read by the sum too: it keeps its fine scale, and the concat gets a coarse copy.
TEST(Rewrites, ConcatOfUnequalRangesRequantizesWhatOthersRead) {
  GraphMaker maker;
  ir::ValueId x = maker.input("x", ir::shape_of({1, 4}));
  ir::ValueId c = maker.constant("c", ir::shape_of({1}), {8});
  ir::ValueId large = maker.node(op_code::mul, BinaryAttrs{}, {x, c}, ir::shape_of({1, 4}));
  ir::ValueId y = maker.node(op_code::concat, ConcatAttrs{1, kMoteActivationNone}, {x, large},
                             ir::shape_of({1, 8}));
  maker.output(y);
  std::vector<uint8_t> file = file_of(maker);
  QuantizeResult result = quantized(file, {{uniform(4 * 32, -1, 1, 5)}});
  ASSERT_TRUE(result.ok()) << result.text();
  EXPECT_LT(tensor_of(result, "x").scale * 7, tensor_of(result, maker.graph().value(y).name).scale);
  double step = static_cast<double>(tensor_of(result, maker.graph().value(y).name).scale);
  std::vector<float> sample = {-1, -0.3f, 0.4f, 0.9f};
  std::vector<float> expected = Running(file)({sample}), found = Running(result.bytes)({sample});
  // Half a step of rounding and half of an 8-bit multiplier; the product has half a step of x too.
  for (size_t i = 0; i < 8; ++i) EXPECT_NEAR(expected[i], found[i], 1.13 * step);
}

TEST(Rewrites, ArgMaxReadsInt8) {
  GraphMaker maker;
  ir::ValueId x = maker.input("x", ir::shape_of({1, 4}));
  maker.output(
      maker.node(op_code::arg_max, ArgMaxAttrs{1, 0}, {x}, ir::shape_of({1}), Type::int32));
  QuantizeResult result = quantized(file_of(maker), {{{0, 1, 2, 3}}});
  ASSERT_TRUE(result.ok()) << result.text();
  Running int8(result.bytes);
  write(int8.session(), 0, 0, {1, 3, 2, 0});
  ASSERT_TRUE(int8.session().run(0).ok());
  EXPECT_EQ(*reinterpret_cast<const int32_t*>(int8.session().output(0, 0).value().data), 1);
  EXPECT_EQ(result.int8_operators, 1u);
}

TEST(Rewrites, BroadcastKeepsTheScale) {
  GraphMaker maker;
  ir::ValueId x = maker.input("x", ir::shape_of({1, 4}));
  ir::ValueId like = maker.constant("like", ir::shape_of({3, 4}), std::vector<float>(12));
  ir::Value broadcast;
  broadcast.name = "y";
  broadcast.shape = ir::shape_of({3, 4});
  ir::ValueId y = maker.graph().add_value(broadcast);
  maker.graph().nodes.push_back({op_code::broadcast_to, {}, {x, like}, {y}, ""});
  maker.output(y);
  QuantizeResult result = quantized(file_of(maker), {{{0, 1, 2, 3}}});
  ASSERT_TRUE(result.ok()) << result.text();
  EXPECT_EQ(tensor_of(result, "x").scale, tensor_of(result, "y").scale);
}

}  // namespace
}  // namespace mote::test
