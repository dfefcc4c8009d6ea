#include "workloads.h"

#include <cmath>
#include <random>
#include <stdexcept>

#include "grad/builder.h"

namespace mote::bench {
namespace {

class Network {
 public:
  explicit Network(const std::vector<int32_t>& shape) {
    graph_.name = "infer";
    ir::Value input;
    input.name = "input";
    input.shape = ir::shape_of(shape);
    x_ = graph_.add_value(std::move(input));
    graph_.inputs.push_back({"input", x_});
  }

  ir::Graph finish() {
    if (!diagnostics_.empty()) throw std::runtime_error(diagnostics_.text());
    graph_.outputs.push_back({"output", x_});
    return std::move(graph_);
  }

  ir::ValueId x() const { return x_; }
  void set_x(ir::ValueId x) { x_ = x; }

  void conv(int32_t filters, int32_t window, int32_t stride, int32_t pad, bool bias) {
    int32_t in = graph_.value(x_).shape.dims[3].max;
    std::vector<ir::ValueId> inputs = {
        x_, parameter({filters, window, window, in}, 1 / std::sqrt(float(in * window * window)))};
    if (bias) inputs.push_back(parameter({filters}, 0));
    Conv2dAttrs a{stride, stride, 1, 1, pad, pad, pad, pad, 1, kMoteActivationNone};
    x_ = builder_.node(op_code::conv2d, a, inputs);
  }
  void dense(int32_t units) {
    int32_t in = graph_.value(x_).shape.dims[1].max;
    ir::ValueId w = parameter({units, in}, 1 / std::sqrt(float(in)));
    x_ = builder_.node(op_code::fully_connected, FullyConnectedAttrs{kMoteActivationNone},
                       {x_, w, parameter({units}, 0)});
  }
  void batch_norm() {
    int32_t c = graph_.value(x_).shape.dims[3].max;
    std::vector<ir::ValueId> inputs = {x_, filled(c, 1, true), filled(c, 0, true),
                                       filled(c, 0, false), filled(c, 1, false)};
    x_ = builder_.node(op_code::batch_norm, BatchNormAttrs{1e-5f, 0.1f, 0}, inputs);
  }
  void relu() { x_ = builder_.node(op_code::activation, ActivationAttrs{kMoteRelu}, {x_}); }
  void max_pool(int32_t window) {
    x_ = builder_.node(op_code::max_pool2d,
                       Pool2dAttrs{window, window, window, window, 0, 0, 0, 0, 0, 0, 0}, {x_});
  }
  void global_mean() {
    ReduceAttrs a{};
    a.kind = kMoteReduceMean;
    a.axis_count = 2;
    a.axes[0] = 1;
    a.axes[1] = 2;
    x_ = builder_.node(op_code::reduce, a, {x_});
  }
  void flatten() {
    ReshapeAttrs a{};
    a.count = 2;
    a.shape[1] = -1;  // shape[0] = 0: the batch stays
    x_ = builder_.node(op_code::reshape, a, {x_});
  }
  // Two convolutions beside a shortcut.
  void residual(int32_t filters, int32_t stride) {
    ir::ValueId start = x_;
    conv(filters, 3, stride, 1, false);
    batch_norm();
    relu();
    conv(filters, 3, 1, 1, false);
    batch_norm();
    ir::ValueId body = x_;
    x_ = start;
    if (stride != 1) conv(filters, 1, stride, 0, true);
    x_ = builder_.add(body, x_);
    relu();
  }

 private:
  ir::ValueId parameter(const std::vector<int32_t>& shape, float limit) {
    size_t n = 1;
    for (int32_t d : shape) n *= static_cast<size_t>(d);
    std::uniform_real_distribution<float> uniform(-limit, limit);
    std::vector<float> values(n);
    for (float& v : values) v = limit == 0 ? 0 : uniform(random_);
    return constant(shape, values, true);
  }
  ir::ValueId filled(int32_t count, float value, bool trainable) {
    return constant({count}, std::vector<float>(static_cast<size_t>(count), value), trainable);
  }
  ir::ValueId constant(const std::vector<int32_t>& shape, const std::vector<float>& values,
                       bool trainable) {
    ir::ValueId v = graph_.add_constant("parameter_" + std::to_string(++parameters_), Type::float32,
                                        ir::shape_of(shape), values);
    graph_.value(v).trainable = trainable;
    return v;
  }

  ir::Graph graph_;
  Diagnostics diagnostics_;
  Builder builder_{graph_, diagnostics_};
  std::mt19937 random_{1};
  int parameters_ = 0;
  ir::ValueId x_ = ir::kNone;
};

ir::Graph mlp() {
  Network n({1, 784});
  n.dense(128);
  n.relu();
  n.dense(10);
  return n.finish();
}

ir::Graph small_cnn() {
  Network n({1, 28, 28, 1});
  n.conv(32, 3, 1, 0, true);
  n.relu();
  n.conv(64, 3, 1, 0, true);
  n.relu();
  n.max_pool(2);
  n.flatten();
  n.dense(128);
  n.relu();
  n.dense(10);
  return n.finish();
}

ir::Graph resnet8() {
  Network n({1, 32, 32, 3});
  n.conv(16, 3, 1, 1, false);
  n.batch_norm();
  n.relu();
  n.residual(16, 1);
  n.residual(32, 2);
  n.residual(64, 2);
  n.global_mean();
  n.dense(10);
  return n.finish();
}

}  // namespace

Workload make_workload(const std::string& name) {
  Workload w;
  w.options.optimizer = Optimizer::adam;
  w.rate = 1e-3f;
  if (name == "a32" || name == "a256") {
    w.model = mlp();
    w.options.train_batch = name == "a32" ? 32 : 256;
  } else if (name == "b64") {
    w.model = small_cnn();
    w.options.train_batch = 64;
  } else if (name == "c32" || name == "c1") {
    w.model = resnet8();
    w.options.train_batch = name == "c32" ? 32 : 1;
    w.options.optimizer = Optimizer::sgd;
    w.rate = 0.01f;
  } else {
    throw std::runtime_error("no workload '" + name + "'; there are a32, a256, b64, c32, c1");
  }
  return w;
}

}  // namespace mote::bench
