// If, Loop and Scan of ONNX, unfolded and at run, against numbers computed by hand.
#include "converter/onnx_builder.h"
#include "converter/run_converted.h"

namespace mote::test {
namespace {

using Names = std::vector<std::string>;
using onnx::GraphProto;
using onnx::NodeProto;
using onnx::TensorProto;

NodeProto* add(GraphProto& g, const std::string& op, const Names& in, const Names& out) {
  return OnnxBuilder::add(g.add_node(), op, in, out);
}
void set_graph(NodeProto* node, const std::string& name, const GraphProto& graph) {
  *OnnxBuilder::attribute(node, name, onnx::AttributeProto::GRAPH)->mutable_g() = graph;
}
void set_ints(NodeProto* node, const std::string& name, const std::vector<int64_t>& values) {
  auto* a = OnnxBuilder::attribute(node, name, onnx::AttributeProto::INTS);
  for (int64_t v : values) a->add_ints(v);
}
GraphProto graph(const Names& inputs, const Names& outputs) {
  GraphProto g;
  for (const std::string& n : inputs) g.add_input()->set_name(n);
  for (const std::string& n : outputs) g.add_output()->set_name(n);
  return g;
}
TensorProto number(const std::string& name, float value) {
  return OnnxBuilder::floats(name, {}, {value});
}

// ---- If ----

// y = flag ? x + outer : x * x, with outer = -x.
OnnxBuilder branching() {
  OnnxBuilder b;
  b.input("x", {3});
  b.input("flag", {}, TensorProto::BOOL);
  b.node("Neg", {"x"}, {"outer"});
  b.node("Sub", {"outer", "x"}, {"more"});
  GraphProto yes = graph({}, {"sum"}), no = graph({}, {"square"});
  add(yes, "Add", {"x", "more"}, {"sum"});
  add(no, "Mul", {"x", "x"}, {"square"});
  NodeProto* node = b.node("If", {"flag"}, {"y"});
  set_graph(node, "then_branch", yes);
  set_graph(node, "else_branch", no);
  b.output("y");
  return b;
}

TEST(OnnxControl, ABranchIsTakenAtRun) {
  ConvertedModel m(branching().finish());
  EXPECT_EQ(count_operators(m.model, "if_else"), 1);
  const Numbers x = {1, -2, 3};
  EXPECT_EQ(m.run({{"x", x}, {"flag", {1}}})[0], (Numbers{-1, 2, -3}));
  EXPECT_EQ(m.run({{"x", x}, {"flag", {0}}})[0], (Numbers{1, 4, 9}));
}

TEST(OnnxControl, ABranchThatIsKnownIsUnfolded) {
  for (double flag : {0, 1}) {
    ConvertOptions options;
    options.fixed_inputs["flag"] = {flag};
    ConvertedModel m(branching().finish(), options);
    EXPECT_EQ(count_operators(m.model, "if_else"), 0);
    EXPECT_EQ(m.run({{"x", {1, -2, 3}}})[0], flag != 0 ? (Numbers{-1, 2, -3}) : (Numbers{1, 4, 9}));
  }
}

// A branch that branches again, by what it computes itself; two results, one of them the outside's.
TEST(OnnxControl, BranchesMayBranch) {
  OnnxBuilder b;
  b.input("x", {2});
  b.input("flag", {1}, TensorProto::BOOL);
  b.constant(number("ten", 10));
  GraphProto large = graph({}, {"a"}), small = graph({}, {"b"});
  add(large, "Sub", {"x", "ten"}, {"a"});
  add(small, "Add", {"x", "ten"}, {"b"});
  GraphProto yes = graph({}, {"inner", "copy"}), no = graph({}, {"kept", "same"});
  set_ints(add(yes, "ReduceMax", {"x"}, {"most"}), "axes", {0});
  OnnxBuilder::set_int(yes.mutable_node(0), "keepdims", 0);
  add(yes, "Greater", {"most", "ten"}, {"is_large"});
  NodeProto* inner = add(yes, "If", {"is_large"}, {"inner"});
  set_graph(inner, "then_branch", large);
  set_graph(inner, "else_branch", small);
  add(yes, "Neg", {"x"}, {"copy"});
  add(no, "Identity", {"x"}, {"kept"});
  add(no, "Abs", {"x"}, {"same"});
  NodeProto* node = b.node("If", {"flag"}, {"y", "z"});
  set_graph(node, "then_branch", yes);
  set_graph(node, "else_branch", no);
  b.output("y");
  b.output("z");
  ConvertedModel m(b.finish());
  EXPECT_EQ(count_operators(m.model, "if_else"), 2);
  using Results = std::vector<Numbers>;
  EXPECT_EQ(m.run({{"x", {1, 20}}, {"flag", {1}}}), (Results{{-9, 10}, {-1, -20}}));
  EXPECT_EQ(m.run({{"x", {1, 2}}, {"flag", {1}}}), (Results{{11, 12}, {-1, -2}}));
  EXPECT_EQ(m.run({{"x", {-1, 2}}, {"flag", {0}}}), (Results{{-1, 2}, {1, 2}}));
}

// ---- Loop ----

// state' = state * 2 + turn; the results of all turns are stacked.
OnnxBuilder doubling(const std::string& turns) {
  OnnxBuilder b;
  b.input("x", {2});
  GraphProto body = graph({"turn", "go", "state"}, {"go_on", "next", "all"});
  add(body, "Identity", {"go"}, {"go_on"});
  OnnxBuilder::set_int(add(body, "Cast", {"turn"}, {"real"}), "to", TensorProto::FLOAT);
  add(body, "Add", {"state", "state"}, {"twice"});
  add(body, "Add", {"twice", "real"}, {"next"});
  add(body, "Neg", {"next"}, {"all"});
  set_graph(b.node("Loop", {turns, "", "x"}, {"last", "stacked"}), "body", body);
  b.output("last");
  return b;
}

TEST(OnnxControl, ALoopOfKnownTurnsIsUnfolded) {
  OnnxBuilder b = doubling("turns");
  b.constant(OnnxBuilder::ints("turns", {3}));
  b.output("stacked");
  ConvertedModel m(b.finish());
  EXPECT_EQ(count_operators(m.model, "while_loop"), 0);
  std::vector<Numbers> results = m.run({{"x", {1, -1}}});
  // 1: 2, 5, 12; -1: -2, -3, -4.
  EXPECT_EQ(results[0], (Numbers{12, -4}));
  EXPECT_EQ(results[1], (Numbers{-2, 2, -5, 3, -12, 4}));
}

// What would be stacked is not read.
TEST(OnnxControl, AnInputSaysHowOftenALoopTurns) {
  OnnxBuilder b = doubling("turns");
  b.input("turns", {}, TensorProto::INT64);
  ConvertedModel m(b.finish());
  EXPECT_EQ(count_operators(m.model, "while_loop"), 1);
  EXPECT_EQ(m.run({{"x", {1, -1}}, {"turns", {3}}})[0], (Numbers{12, -4}));
  EXPECT_EQ(m.run({{"x", {1, -1}}, {"turns", {1}}})[0], (Numbers{2, -2}));
  EXPECT_EQ(m.run({{"x", {1, -1}}, {"turns", {0}}})[0], (Numbers{1, -1}));
}

// Too many turns to unfold; each turn writes its row of the stacked results.
TEST(OnnxControl, ALongLoopStacksItsResultsAtRun) {
  constexpr int kTurns = 1500;
  OnnxBuilder b;
  b.input("x", {2});
  b.constant(OnnxBuilder::ints("turns", {kTurns}));
  b.constant(number("one", 1));
  GraphProto body = graph({"turn", "go", "state"}, {"go", "next", "state"});
  add(body, "Add", {"state", "one"}, {"next"});
  set_graph(b.node("Loop", {"turns", "", "x"}, {"last", "all"}), "body", body);
  b.output("last");
  b.output("all");
  ConvertedModel m(b.finish());
  EXPECT_EQ(count_operators(m.model, "while_loop"), 1);
  std::vector<Numbers> results = m.run({{"x", {5, -7}}});
  Numbers all;
  for (int i = 0; i < kTurns; ++i) all.insert(all.end(), {5.0 + i, -7.0 + i});
  EXPECT_EQ(results[0], (Numbers{5 + kTurns, -7 + kTurns}));
  EXPECT_EQ(results[1], all);
}

// Newton's method for the square root, until two steps agree within 0.001 or after `limit` turns.
OnnxBuilder square_root(bool has_limit) {
  OnnxBuilder b;
  b.input("x", {});
  b.input("limit", {}, TensorProto::INT64);
  b.constant(number("half", 0.5f));
  b.constant(number("close", 0.001f));
  b.constant(number("start", 1));
  b.node("Greater", {"x", "close"}, {"begin"});
  GraphProto body = graph({"turn", "go", "root"}, {"go_on", "next"});
  add(body, "Div", {"x", "root"}, {"other"});
  add(body, "Add", {"root", "other"}, {"sum"});
  add(body, "Mul", {"sum", "half"}, {"next"});
  add(body, "Sub", {"next", "root"}, {"change"});
  add(body, "Abs", {"change"}, {"size"});
  add(body, "Greater", {"size", "close"}, {"go_on"});
  NodeProto* loop = b.node("Loop", {has_limit ? "limit" : "", "begin", "start"}, {"last"});
  set_graph(loop, "body", body);
  b.output("last");
  if (!has_limit) b.graph().mutable_input()->RemoveLast();
  return b;
}

TEST(OnnxControl, ALoopEndsByItsCondition) {
  ConvertedModel m(square_root(false).finish());
  EXPECT_EQ(count_operators(m.model, "while_loop"), 1);
  EXPECT_NEAR(m.run({{"x", {2}}})[0][0], 1.41421356, 1e-6);
  EXPECT_NEAR(m.run({{"x", {10000}}})[0][0], 100, 1e-4);
  // The condition does not hold at the beginning.
  EXPECT_EQ(m.run({{"x", {0}}})[0], Numbers{1});
}

TEST(OnnxControl, ALoopEndsByItsConditionOrItsTurns) {
  ConvertedModel m(square_root(true).finish());
  EXPECT_NEAR(m.run({{"x", {2}}, {"limit", {100}}})[0][0], 1.41421356, 1e-6);
  EXPECT_EQ(m.run({{"x", {2}}, {"limit", {1}}})[0], Numbers{1.5});  // (1 + 2 / 1) / 2
  EXPECT_EQ(m.run({{"x", {2}}, {"limit", {0}}})[0], Numbers{1});
}

TEST(OnnxControl, ALoopWithoutEndStopsAtTheConvertersLimit) {
  ConvertOptions options;
  options.max_loop_steps = 4;
  ConvertedModel m(square_root(false).finish(), options);
  EXPECT_NEAR(m.run({{"x", {2}}})[0][0], 1.41421356, 1e-6);
  EXPECT_TRUE(m.run({{"x", {10000}}}).empty());
  EXPECT_EQ(m.status.code, Code::step_limit);
  EXPECT_EQ(m.status.a, 4);
}

// Large enough for several tiles: threads share the work of every turn.
TEST(OnnxControl, LoopsOfLargeStatesAreTheSameWithSeveralThreads) {
  constexpr int kSize = 20000;
  OnnxBuilder b;
  b.input("x", {kSize});
  b.input("turns", {}, TensorProto::INT64);
  GraphProto body = graph({"turn", "go", "state"}, {"go", "next"});
  OnnxBuilder::set_int(add(body, "Softmax", {"state"}, {"part"}), "axis", 0);
  add(body, "Sub", {"state", "part"}, {"rest"});
  add(body, "Add", {"rest", "x"}, {"next"});
  set_graph(b.node("Loop", {"turns", "", "x"}, {"last"}), "body", body);
  b.output("last");
  ConvertedModel m(b.finish());
  Numbers x;
  for (int i = 0; i < kSize; ++i) x.push_back(i % 101 * 0.01);
  Numbers last = m.run({{"x", x}, {"turns", {3}}})[0];
  double sum = 0, expected = -3;  // a softmax sums up to 1
  for (int i = 0; i < kSize; ++i) {
    sum += last[static_cast<size_t>(i)];
    expected += 4 * x[static_cast<size_t>(i)];
  }
  EXPECT_NEAR(sum, expected, 1);  // float32 rounding of 20,000 elements of up to 4
}

// ---- Scan ----

// The running sum h of the rows of one input, times the rows of another.
OnnxBuilder scanning() {
  OnnxBuilder b;
  b.input("h", {2});
  b.input("a", {3, 2});
  b.input("b", {2, 3});
  GraphProto body = graph({"h_in", "a_in", "b_in"}, {"h_out", "product"});
  add(body, "Add", {"h_in", "a_in"}, {"h_out"});
  add(body, "Mul", {"h_out", "b_in"}, {"product"});
  NodeProto* node = b.node("Scan", {"h", "a", "b"}, {"last", "all"});
  set_graph(node, "body", body);
  OnnxBuilder::set_int(node, "num_scan_inputs", 2);
  set_ints(node, "scan_input_axes", {0, 1});
  b.output("last");
  b.output("all");
  return b;
}
const std::map<std::string, Numbers> kScanned = {
    {"h", {10, 20}}, {"a", {1, 2, 3, 4, 5, 6}}, {"b", {1, 2, 3, -1, -2, -3}}};

TEST(OnnxControl, AScanGoesThroughItsInputs) {
  ConvertedModel m(scanning().finish());
  std::vector<Numbers> results = m.run(kScanned);
  // h: (11, 22), (14, 26), (19, 32).
  EXPECT_EQ(results[0], (Numbers{19, 32}));
  EXPECT_EQ(results[1], (Numbers{11, -22, 28, -52, 57, -96}));
}

TEST(OnnxControl, AScanGoesBackwardsAndStacksAlongAnyAxis) {
  OnnxBuilder b = scanning();
  NodeProto* node = b.graph().mutable_node(0);
  set_ints(node, "scan_input_directions", {1, 0});
  set_ints(node, "scan_output_directions", {1});
  set_ints(node, "scan_output_axes", {1});
  ConvertedModel m(b.finish());
  std::vector<Numbers> results = m.run(kScanned);
  // h: (15, 26), (18, 30), (19, 32); the last turn stands first, a column each.
  EXPECT_EQ(results[0], (Numbers{19, 32}));
  EXPECT_EQ(results[1], (Numbers{57, 36, 15, -96, -60, -26}));
}

}  // namespace
}  // namespace mote::test
