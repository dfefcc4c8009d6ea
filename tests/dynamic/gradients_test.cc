// The convolutions' gradients under set_shape: at every size within the bounds, with any number of
// threads, the bits of the model that is static at that size.
#include <random>

#include "ir/op_view.h"
#include "mote/platform.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

// x, its strided convolution y, and with dy = y the gradients of x and of the weights; the same for
// the depthwise convolution.
class GradientNet {
 public:
  GradientNet(Dim batch, Dim size) {
    graph_.name = "infer";
    ShapeBounds shape = ir::shape_of({1, 1, 1, kChannels});
    shape.dims[0] = batch;
    shape.dims[1] = shape.dims[2] = size;
    ir::Value v;
    v.name = "x";
    v.shape = shape;
    ir::ValueId x = graph_.add_value(v);
    graph_.inputs.push_back({"x", x});

    ir::ValueId w = weights("w", {kOutputs, 3, 3, kChannels});
    Conv2dAttrs conv{2, 1, 1, 2, 1, 1, 0, 2, 1, kMoteActivationNone};
    ir::ValueId y = node(op_code::conv2d, conv, {x, w});
    output("dx", node(op_code::transpose_conv2d, conv, {y, w, ir::kNone, ir::kNone, x}));
    output("dw", node(op_code::conv2d_weight_grad, conv, {x, y, w}));

    ir::ValueId f = weights("f", {1, 3, 3, kChannels});
    DepthwiseConv2dAttrs depthwise{2, 2, 1, 1, 1, 1, 1, 0, 1, kMoteActivationNone};
    ir::ValueId z = node(op_code::depthwise_conv2d, depthwise, {x, f});
    output("depthwise dx", node(op_code::depthwise_conv2d_input_grad, depthwise, {z, f, x}));
    output("depthwise dw", node(op_code::depthwise_conv2d_weight_grad, depthwise, {x, z, f}));
  }
  ir::Graph graph_;

 private:
  static constexpr int32_t kChannels = 19, kOutputs = 21;

  ir::ValueId weights(const char* name, const std::vector<int32_t>& shape) {
    ShapeBounds bounds = ir::shape_of(shape);
    std::vector<float> data(static_cast<size_t>(bounds.max().elements()));
    for (float& d : data) d = static_cast<float>(random_() % 2001) * 1e-3f - 1;
    return graph_.add_constant(name, Type::float32, bounds, data);
  }
  template <class A>
  ir::ValueId node(uint16_t op, const A& attrs, std::vector<ir::ValueId> inputs) {
    ir::Node n;
    n.op = op;
    n.set_attrs(attrs);
    n.inputs = std::move(inputs);
    ir::Value v;
    v.name = "v" + std::to_string(graph_.values.size());
    n.outputs = {graph_.add_value(v)};
    Status status = ir::infer_node(graph_, n);
    EXPECT_TRUE(status.ok()) << ir::describe_status(status);
    graph_.nodes.push_back(n);
    return n.outputs[0];
  }
  void output(const char* name, ir::ValueId v) { graph_.outputs.push_back({name, v}); }

  std::mt19937 random_{5};
};

struct Loaded {
  Loaded(Dim batch, Dim size, uint32_t threads)
      : built({GradientNet(batch, size).graph_}), pool(must(OwnedThreadPool::create(threads))) {
    PlanOptions options;
    options.threads = threads;
    plan = must(Plan::create(built.model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    session = must(Session::create(plan, session_options));
  }
  // The four gradients.
  std::vector<std::vector<float>> run() {
    Span<uint8_t> memory = must(session.input(0, 0));
    std::mt19937 random(3);
    for (size_t i = 0; i < memory.size / sizeof(float); ++i) {
      float v = static_cast<float>(random() % 1000) * 2e-3f - 1;
      memcpy(memory.data + i * sizeof v, &v, sizeof v);
    }
    EXPECT_TRUE(session.run().ok());
    std::vector<std::vector<float>> outputs;
    for (uint32_t o = 0; o < 4; ++o) outputs.push_back(read(session, 0, o));
    return outputs;
  }

  BuiltModel built;
  OwnedThreadPool pool;
  Plan plan;
  Session session;
};

TEST(Gradients, EverySizeEqualsTheStaticModel) {
  constexpr int32_t kBatch = 9, kSize = 17;
  Loaded dynamic({1, kBatch}, {5, kSize}, 2);
  for (int32_t n : {1, 2, 5, kBatch})
    for (int32_t size : {5, 6, 9, 12, 16, kSize}) {
      SCOPED_TRACE(std::to_string(n) + " of " + std::to_string(size));
      Shape shape = ir::shape_of({n, size, size, 19}).max();
      Status status = dynamic.session.set_shape(0, 0, shape);
      ASSERT_TRUE(status.ok()) << text_of(status);
      Loaded fixed({n, n}, {size, size}, 1);
      EXPECT_EQ(dynamic.run(), fixed.run());
    }
}

// The plan of a weight gradient: bounds of x and dy that no tensor has together must not count.
PlanReport plan_of(uint16_t op, const ir::Bytes& attributes, Dim images) {
  ir::Graph graph;
  graph.name = "infer";
  auto value = [&](const char* name, const ShapeBounds& shape, TensorKind kind) {
    ir::Value v;
    v.name = name;
    v.shape = shape;
    v.kind = kind;
    return graph.add_value(v);
  };
  ShapeBounds x = ir::shape_of({1, 1, 1, 1}), dy = x;
  x.dims[0] = images;
  dy.dims[1] = {131071, 1 << 30};
  dy.dims[2] = {1, 15};
  ir::Node node;
  node.op = op;
  node.attributes = attributes;
  node.inputs = {
      value("x", x, TensorKind::activation), value("dy", dy, TensorKind::activation),
      graph.add_constant("w", Type::float32, ir::shape_of({1, 1, 1, 1}), std::vector<float>{0})};
  node.outputs = {value("dw", ir::shape_of({1, 1, 1, 1}), TensorKind::activation)};
  graph.inputs = {{"x", node.inputs[0]}, {"dy", node.inputs[1]}};
  graph.outputs = {{"dw", node.outputs[0]}};
  graph.nodes.push_back(node);
  BuiltModel built({graph});
  return must(Plan::create(built.model)).report();
}

TEST(WeightGradients, PlanForImagesThatBothOperandsHave) {
  ir::Node node;
  node.set_attrs(Conv2dAttrs{1, 1, 1, 1, 65535, 0, 65535, 0, 1, kMoteActivationNone});
  EXPECT_EQ(plan_of(op_code::conv2d_weight_grad, node.attributes, {1, 1 << 30}).scratch_bytes,
            plan_of(op_code::conv2d_weight_grad, node.attributes, {1, 1}).scratch_bytes);
  node.set_attrs(DepthwiseConv2dAttrs{1, 1, 1, 1, 65535, 0, 65535, 0, 1, kMoteActivationNone});
  EXPECT_EQ(
      plan_of(op_code::depthwise_conv2d_weight_grad, node.attributes, {1, 1 << 30}).scratch_bytes,
      plan_of(op_code::depthwise_conv2d_weight_grad, node.attributes, {1, 1}).scratch_bytes);
}

}  // namespace
}  // namespace mote::test
