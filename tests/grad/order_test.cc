// Where nodes that write states may stand.
#include "grad/order.h"

#include <gtest/gtest.h>

#include "grad/networks.h"
#include "grad/training_module.h"
#include "ir/op_view.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

std::vector<uint16_t> operators_of(const ir::Graph& graph) {
  std::vector<uint16_t> ops;
  for (const ir::Node& node : graph.nodes) ops.push_back(node.op);
  return ops;
}

TEST(Order, AWriteStandsRightBehindItsOperand) {
  GraphMaker m;
  ir::ValueId x = m.input("x", ir::shape_of({2}));
  ir::ValueId y = m.relu(x);
  m.output(m.softmax(y));
  m.assign_state(m.state("s", ir::shape_of({2})), y);
  hoist_state_writes(m.graph());
  EXPECT_EQ(operators_of(m.graph()),
            (std::vector<uint16_t>{op_code::activation, op_code::assign_state, op_code::softmax}));
}

TEST(Order, AWriteWaitsForReadersOfTheStateAndItsViews) {
  GraphMaker m;
  ir::ValueId s = m.state("s", ir::shape_of({2})), x = m.input("x", ir::shape_of({2}));
  ir::ValueId y = m.relu(x), view = m.reshape(m.read_state(s), {1, 2});
  m.output(m.softmax(view));
  m.output(m.relu(y));
  m.assign_state(s, y);
  hoist_state_writes(m.graph());
  EXPECT_EQ(operators_of(m.graph()),
            (std::vector<uint16_t>{op_code::activation, op_code::read_state, op_code::reshape,
                                   op_code::softmax, op_code::assign_state, op_code::activation}));
}

TEST(Order, AWriteWaitsForWhatCanFail) {
  GraphMaker m;
  ir::ValueId x = m.input("x", ir::shape_of({1}));
  m.assign_state(m.state("s", ir::shape_of({1})), x);
  ir::ValueId y = m.relu(x);
  m.output(m.node(op_code::require_finite, ir::Bytes{}, {y}, ir::shape_of({1})));
  m.graph().nodes.back().attributes.clear();
  hoist_state_writes(m.graph());
  EXPECT_EQ(operators_of(m.graph()).back(), op_code::assign_state);
}

// Each update stands before the gradients of the layers before it are computed, so that no more
// than a few of them exist at a time.
TEST(Order, GradientsOfATrainingStepDieEarly) {
  for (Optimizer optimizer : {Optimizer::sgd, Optimizer::adam}) {
    const bool is_sgd = optimizer == Optimizer::sgd;
    const uint16_t update = is_sgd ? op_code::sgd : op_code::adam;
    const size_t gradient_input = is_sgd ? 2 : 3;
    Diagnostics diagnostics;
    TrainingOptions options;
    options.optimizer = optimizer;
    options.train_batch = 4;
    ir::Module module = make_training_module(SmallCnn().graph, options, diagnostics);
    ASSERT_EQ(diagnostics.text(), "");
    const ir::Graph& train = module.graphs[1];
    std::vector<bool> is_gradient(train.values.size(), false);
    for (const ir::Node& node : train.nodes)
      if (node.op == update) is_gradient[static_cast<size_t>(node.inputs[gradient_input])] = true;
    size_t alive = 0, most = 0;
    for (const ir::Node& node : train.nodes) {
      for (ir::ValueId v : node.outputs) alive += is_gradient[static_cast<size_t>(v)];
      most = std::max(most, alive);
      alive -= node.op == update;
    }
    EXPECT_EQ(alive, 0u);
    // Scale and bias of a batch_norm and the weights of the layer before it, of 12 parameters.
    EXPECT_LE(most, 3u);
  }
}

TEST(Order, SortingMovesProducersForward) {
  GraphMaker m;
  ir::ValueId x = m.input("x", ir::shape_of({2}));
  ir::ValueId a = m.relu(x), b = m.softmax(a);
  m.output(m.add(a, b));
  std::swap(m.graph().nodes[0], m.graph().nodes[2]);
  sort_topologically(m.graph());
  EXPECT_EQ(operators_of(m.graph()),
            (std::vector<uint16_t>{op_code::activation, op_code::softmax, op_code::add}));
}

}  // namespace
}  // namespace mote::test
