#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "data.h"
#include "ops/attributes.h"
#include "train/attributes.h"
#include "trainer/build_graph.h"

namespace mote::test {
namespace {

using testing::HasSubstr;

const Recipe& recipe(const std::string& name) {
  for (const Recipe& r : recipes())
    if (name == r.name) return r;
  throw std::runtime_error(name);
}

TEST(Sequential, RecipesHaveTheirNumbersOfParameters) {
  EXPECT_EQ(recipe("simplenet").model().parameter_count(), 101770);
  EXPECT_EQ(recipe("fashion-cnn").model().parameter_count(), 61042);
}

TEST(Sequential, TheGraphHasTheCountedParameters) {
  for (const Recipe& r : recipes()) {
    Sequential model = r.model();
    ir::Graph graph = trainer::build_graph(model, 1);
    int64_t elements = 0;
    for (const ir::Value& v : graph.values)
      if (v.trainable) elements += v.shape.max().elements();
    EXPECT_EQ(elements, model.parameter_count()) << r.name;
  }
}

TEST(Sequential, ShapesFollowTheLayers) {
  Sequential model = recipe("fashion-cnn").model();
  std::vector<std::vector<int32_t>> shapes;
  for (const Layer& layer : model.layers())
    if (layer.kind == Layer::Kind::max_pool2d) shapes.push_back(layer.output_shape);
  EXPECT_EQ(shapes, (std::vector<std::vector<int32_t>>{{14, 14, 24}, {7, 7, 48}, {3, 3, 96}}));
  EXPECT_EQ(model.layers()[12].output_shape, (std::vector<int32_t>{864}));
}

TEST(Sequential, EveryLayersShapeIsTheOperators) {
  Sequential model({12, 10, 4});
  model.conv2d(6, 3, {.stride = 2, .padding = 1, .groups = 2}).relu6();
  model.depthwise_conv2d(3, {.padding = 2, .dilation = 2, .multiplier = 2}).sigmoid();
  model.avg_pool2d(3, {.stride = 1, .padding = 1}).batch_norm().tanh().dropout(0.5f);
  model.max_pool2d(2).global_average_pool().dense(7).softmax();
  ir::Graph graph = trainer::build_graph(model, 1);
  for (const Layer& layer : model.layers()) {
    auto named = [&](const ir::Value& v) { return v.name == layer.name; };
    auto value = std::find_if(graph.values.begin(), graph.values.end(), named);
    ASSERT_NE(value, graph.values.end()) << layer.name;
    std::vector<int32_t> shape = layer.output_shape;
    shape.insert(shape.begin(), 1);
    EXPECT_EQ(value->shape.max(), ir::shape_of(shape).max()) << layer.name;
  }
}

TEST(Sequential, LayersThatDoNotFitAreRefusedAtOnce) {
  auto refused = [](auto add) {
    Sequential model({8, 8, 3});
    return error_of([&] { add(model); });
  };
  using S = Sequential&;
  EXPECT_THAT(refused([](S m) { m.dense(3); }), HasSubstr("put flatten"));
  EXPECT_THAT(refused([](S m) { m.flatten().conv2d(3, 3); }), HasSubstr("before flatten"));
  EXPECT_THAT(refused([](S m) { m.conv2d(3, 9); }), HasSubstr("a window of 9 does not fit"));
  EXPECT_THAT(refused([](S m) { m.conv2d(4, 3, {.groups = 2}); }), HasSubstr("groups"));
  EXPECT_THAT(refused([](S m) { m.conv2d(0, 3); }), HasSubstr("filters is 0"));
  EXPECT_THAT(refused([](S m) { m.conv2d(3, 3, {.stride = 0}); }), HasSubstr("stride is 0"));
  EXPECT_THAT(refused([](S m) { m.conv2d(3, 3, {.padding = -1}); }), HasSubstr("padding is -1"));
  EXPECT_THAT(refused([](S m) { m.max_pool2d(2, {.padding = 2}); }), HasSubstr("half the window"));
  EXPECT_THAT(refused([](S m) { m.dropout(1); }), HasSubstr("rate"));
  EXPECT_THAT(refused([](S m) { m.batch_norm({.epsilon = 0}); }), HasSubstr("epsilon"));
  EXPECT_THAT(refused([](S m) { m.flatten().softmax().relu(); }), HasSubstr("after softmax"));
  EXPECT_NE(error_of([] { Sequential({28, 28}); }), "");
  EXPECT_NE(error_of([] { Sequential({0}); }), "");
}

TEST(Sequential, InitialWeightsDependOnSeedAndLayerAndKeepTheirLimit) {
  Sequential model({64});
  model.dense(64, {.initializer = Initializer::glorot_uniform}).dense(64);
  auto weights = [&](uint64_t seed, const char* name) {
    ir::Graph graph = trainer::build_graph(model, seed);
    for (const ir::Value& v : graph.values)
      if (v.name == name) return std::vector<float>(v.as<float>(), v.as<float>() + 4096);
    return std::vector<float>();
  };
  std::vector<float> glorot = weights(1, "dense_1/weights"), he = weights(1, "dense_2/weights");
  EXPECT_EQ(glorot, weights(1, "dense_1/weights"));
  EXPECT_NE(glorot, weights(2, "dense_1/weights"));
  auto largest = [](const std::vector<float>& w) {
    float most = 0;
    for (float x : w) most = std::max(most, std::fabs(x));
    return most;
  };
  // Of 4096 uniform numbers the largest is within 1 % of the limit but for chances below e^-40.
  EXPECT_LE(largest(glorot), std::sqrt(6.0f / 128));
  EXPECT_GE(largest(glorot), 0.99f * std::sqrt(6.0f / 128));
  EXPECT_LE(largest(he), std::sqrt(6.0f / 64));
  EXPECT_GE(largest(he), 0.99f * std::sqrt(6.0f / 64));
  double mean = 0;
  for (float x : he) mean += static_cast<double>(x) / 4096;
  // Deviation of the mean: limit / sqrt(3 * 4096); six of them.
  EXPECT_NEAR(mean, 0, 0.017);
}

}  // namespace
}  // namespace mote::test
