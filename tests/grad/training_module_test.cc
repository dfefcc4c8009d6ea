// The three entry points of a trainable model, run by the evaluator.
#include "grad/training_module.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "grad/freeze.h"
#include "grad/networks.h"
#include "grad/train_steps.h"
#include "ir/op_view.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

constexpr int32_t kBatch = 4;

TrainingOptions options_for(Optimizer optimizer) {
  TrainingOptions o;
  o.optimizer = optimizer;
  o.train_batch = kBatch;
  return o;
}

ir::Module make(const SmallCnn& cnn, const TrainingOptions& options) {
  Diagnostics diagnostics;
  EXPECT_EQ(cnn.diagnostics.text(), "");
  ir::Module module = make_training_module(cnn.graph, options, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  return module;
}

std::set<std::string> state_names(const ir::Module& module) {
  std::set<std::string> names;
  for (const auto& [name, data] : state_values(module)) names.insert(name);
  return names;
}

TEST(TrainingModule, LoadsAsAFile) {
  for (Optimizer optimizer : {Optimizer::sgd, Optimizer::adam, Optimizer::adamw}) {
    ir::Module module = make(SmallCnn({.dropout = true}), options_for(optimizer));
    ASSERT_EQ(module.graphs.size(), 3u);
    EXPECT_EQ(module.graphs[0].name, "infer");
    EXPECT_EQ(module.graphs[1].name, "train");
    EXPECT_EQ(module.graphs[2].name, "eval");
    Diagnostics diagnostics;
    AlignedBytes bytes(export_module(module, diagnostics));
    ASSERT_EQ(diagnostics.text(), "");
    Result<Model> model = Model::load(bytes.span(), training_operators());
    EXPECT_TRUE(model.ok()) << text_of(model.status());
  }
}

TEST(TrainingModule, NamesPortsAndStates) {
  ir::Module module = make(SmallCnn({.dropout = true}), options_for(Optimizer::adam));
  const ir::Graph& train = graph_of(module, "train");
  ASSERT_EQ(train.inputs.size(), 3u);
  EXPECT_EQ(train.inputs[0].name, "image");
  EXPECT_EQ(train.inputs[1].name, "target");
  EXPECT_EQ(train.inputs[2].name, "learning_rate");
  EXPECT_EQ(train.outputs[0].name, "loss");
  EXPECT_EQ(train.outputs[1].name, "classes");
  std::set<std::string> names = state_names(module);
  for (const char* name : {"conv1/weights", "conv1/weights/m", "conv1/weights/v", "bn1/scale/m",
                           "bn1/mean", "fc/bias/v", "step", "random_seed"})
    EXPECT_EQ(names.count(name), 1u) << name;
  EXPECT_EQ(names.count("bn1/mean/m"), 0u);
}

// Names of the source may be anything; states of one name are one state.
TEST(TrainingModule, KeepsStatesApartWhoseNamesMeet) {
  SmallCnn cnn;
  for (ir::Value& v : cnn.graph.values) {
    if (v.name == "fc/weights") v.name = "step";
    if (v.name == "bn1/scale") v.name = "bn1/bias/m";
    if (v.name == "bn2/scale") v.name = "bn3/scale";
  }
  ir::Module module = make(cnn, options_for(Optimizer::adam));
  // 12 parameters with two moments each, 6 running statistics, 6 folded ones, the step.
  EXPECT_EQ(state_names(module).size(), 12u * 3 + 6 + 6 + 1);
  float first = train_step(module, kBatch, 0.01f);
  EXPECT_LT(train_step(module, kBatch, 0.01f), first);
}

TEST(TrainingModule, LossFallsForEveryOptimizer) {
  struct Run {
    Optimizer optimizer;
    float rate;
  };
  for (Run run :
       {Run{Optimizer::sgd, 0.02f}, {Optimizer::adam, 0.01f}, {Optimizer::adamw, 0.01f}}) {
    ir::Module module = make(SmallCnn(), options_for(run.optimizer));
    float first = train_step(module, kBatch, run.rate), last = first;
    for (int i = 0; i < 15; ++i) last = train_step(module, kBatch, run.rate);
    EXPECT_LT(last, 0.5f * first);
    EXPECT_EQ(*reinterpret_cast<const int32_t*>(state_values(module)["step"]->data()), 16);
  }
}

TEST(TrainingModule, InferThroughDeriveEqualsFrozen) {
  for (bool train_batch_norm : {true, false}) {
    TrainingOptions options = options_for(Optimizer::sgd);
    options.train_batch_norm = train_batch_norm;
    ir::Module module = make(SmallCnn({.dropout = true}), options);
    EXPECT_EQ(module.derives.size(), 3u);  // a convolution and its batch_norm each
    for (int step = 0; step < 3; ++step) {
      Diagnostics diagnostics;
      refresh_derived(module, diagnostics);
      ir::Module frozen = freeze(module, diagnostics);
      ASSERT_EQ(diagnostics.text(), "");
      EXPECT_TRUE(state_names(frozen).empty());
      EXPECT_TRUE(frozen.derives.empty());
      Evaluated image = random_images(1, 77);
      std::vector<Evaluated> a = run_graph(graph_of(module, "infer"), {image});
      std::vector<Evaluated> b = run_graph(graph_of(frozen, "infer"), {image});
      ASSERT_EQ(a.size(), 1u);
      EXPECT_EQ(a[0].bytes, b[0].bytes) << "after " << step << " steps";
      train_step(module, kBatch, 0.05f);
    }
  }
}

TEST(TrainingModule, FoldsBatchNormOutOfInference) {
  ir::Module module = make(SmallCnn(), options_for(Optimizer::sgd));
  std::set<uint16_t> operators;
  for (const char* name : {"infer", "eval"})
    for (const ir::Node& node : graph_of(module, name).nodes) operators.insert(node.op);
  EXPECT_EQ(operators.count(op_code::batch_norm), 0u);
  EXPECT_EQ(operators.count(op_code::activation), 0u) << "an activation was not fused";
  EXPECT_EQ(operators.count(op_code::batch_norm_fold), 0u) << "not hoisted";
}

// The folded network computes what the unfolded one does, but for rounding.
TEST(TrainingModule, InferComputesTheModel) {
  SmallCnn cnn;
  ir::Module module = make(cnn, options_for(Optimizer::sgd));
  Evaluated image = random_images(1, 5);
  std::vector<float> a = floats_of(run_graph(cnn.graph, {image})[0]);
  std::vector<float> b = floats_of(run_graph(graph_of(module, "infer"), {image})[0]);
  ASSERT_EQ(a.size(), b.size());
  // Probabilities after four layers of at most 54 terms: some hundred roundings of 2^-24.
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-5f);
}

TEST(TrainingModule, EvalTakesEveryBatchUpToTheTrainingOne) {
  ir::Module module = make(SmallCnn(), options_for(Optimizer::sgd));
  for (int32_t batch = 1; batch <= kBatch; ++batch) {
    std::vector<Evaluated> out =
        run_graph(graph_of(module, "eval"), {random_images(batch, 9), labels_of(batch)});
    ASSERT_EQ(out.size(), 2u);
    EXPECT_EQ(out[1].shape.dims[0], batch);
    // The loss is that of the probabilities which the model gives.
    std::vector<float> p = floats_of(out[1]);
    double loss = 0;
    for (int32_t i = 0; i < batch; ++i)
      loss -= std::log(p[static_cast<size_t>(i * kClasses + i % kClasses)]) / batch;
    EXPECT_NEAR(floats_of(out[0])[0], loss, 1e-5);
  }
}

TEST(TrainingModule, FrozenBatchNormKeepsItsStatistics) {
  TrainingOptions options = options_for(Optimizer::sgd);
  options.train_batch_norm = false;
  ir::Module frozen = make(SmallCnn(), options);
  options.train_batch_norm = true;
  ir::Module trained = make(SmallCnn(), options);
  ir::Bytes before = *state_values(frozen)["bn2/mean"], scale = *state_values(frozen)["bn2/scale"];
  train_step(frozen, kBatch, 0.1f);
  train_step(trained, kBatch, 0.1f);
  EXPECT_EQ(*state_values(frozen)["bn2/mean"], before);
  EXPECT_NE(*state_values(frozen)["bn2/scale"], scale);
  EXPECT_NE(*state_values(trained)["bn2/mean"], before);
}

// Only the head is trainable: the layers before it are folded, and no gradient passes them.
TEST(TrainingModule, LeavesLayersAloneThatAreNotTrained) {
  SmallCnn cnn;
  for (ir::Value& v : cnn.graph.values) v.trainable = v.name.rfind("fc/", 0) == 0;
  ir::Module module = make(cnn, options_for(Optimizer::sgd));
  EXPECT_TRUE(module.derives.empty());
  EXPECT_EQ(state_names(module), (std::set<std::string>{"fc/weights", "fc/weights/velocity",
                                                        "fc/bias", "fc/bias/velocity", "step"}));
  std::multiset<uint16_t> operators;
  for (const ir::Node& node : graph_of(module, "train").nodes) operators.insert(node.op);
  for (uint16_t op : {op_code::batch_norm, op_code::batch_norm_train, op_code::batch_norm_fold,
                      op_code::conv2d_weight_grad, op_code::transpose_conv2d})
    EXPECT_EQ(operators.count(op), 0u) << op;
  EXPECT_EQ(operators.count(op_code::batch_matmul), 1u);
  EXPECT_EQ(operators.count(op_code::sgd), 2u);
  float first = train_step(module, kBatch, 0.05f), last = first;
  for (int i = 0; i < 10; ++i) last = train_step(module, kBatch, 0.05f);
  EXPECT_LT(last, first);
}

TEST(TrainingModule, DropoutDrawsAnewInEveryStepAndMask) {
  ir::Module module = make(SmallCnn({.dropout = true}), options_for(Optimizer::sgd));
  std::set<uint32_t> streams;
  for (const ir::Node& node : graph_of(module, "train").nodes)
    if (node.op == op_code::dropout_mask) streams.insert(node.attrs<DropoutMaskAttrs>().stream);
  EXPECT_EQ(streams.size(), 2u);
  // With a rate of 0 only the masks differ.
  ir::Module still = make(SmallCnn({.dropout = true}), options_for(Optimizer::sgd));
  EXPECT_NE(train_step(still, kBatch, 0), train_step(still, kBatch, 0));
  for (const char* name : {"infer", "eval"})
    for (const ir::Node& node : graph_of(module, name).nodes)
      EXPECT_NE(node.op, op_code::dropout_mask);
}

TEST(TrainingModule, ALossThatIsNotFiniteChangesNothing) {
  ir::Module module = make(SmallCnn(), options_for(Optimizer::sgd));
  Evaluated images = random_images(kBatch, 1);
  reinterpret_cast<float*>(images.bytes.data())[3] = INFINITY;
  Diagnostics diagnostics;
  size_t written = 0;
  const ir::Graph& train = graph_of(module, "train");
  evaluate(train, {images, labels_of(kBatch), rate_of(0.1f)}, diagnostics, Precision::as_is,
           [&](ir::ValueId v, const Evaluated&) {
             written += train.value(v).kind == TensorKind::state;
           });
  EXPECT_FALSE(diagnostics.empty());
  EXPECT_EQ(written, 0u);
}

TEST(TrainingModule, MseTakesTargetsLikeThePrediction) {
  TrainingOptions options = options_for(Optimizer::sgd);
  options.loss = Loss::mse;
  ir::Module module = make(SmallCnn({.softmax = false}), options);
  const ir::Graph& train = graph_of(module, "train");
  const ir::Value& target = train.value(train.inputs[1].value);
  EXPECT_EQ(target.type, Type::float32);
  EXPECT_EQ(ir::shape_text(target.shape), "[4, 4]");
}

TEST(TrainingModule, SaysWhatCannotBeTrained) {
  auto text = [](const ir::Graph& graph, const TrainingOptions& options) {
    Diagnostics diagnostics;
    EXPECT_TRUE(make_training_module(graph, options, diagnostics).graphs.empty());
    return diagnostics.text();
  };
  SmallCnn cnn;
  ir::Graph quantized = cnn.graph;
  quantized.values[0].quantization = {{1}, {0}, -1};
  EXPECT_NE(text(quantized, {}).find("quantized"), std::string::npos);
  ir::Graph constant = cnn.graph;
  for (ir::Value& v : constant.values) v.trainable = false;
  EXPECT_NE(text(constant, {}).find("trainable"), std::string::npos);
  TrainingOptions options;
  options.train_batch = 0;
  EXPECT_NE(text(cnn.graph, options).find("train_batch"), std::string::npos);
}

}  // namespace
}  // namespace mote::test
