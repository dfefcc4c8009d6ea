// What the ONNX importer makes of a model: ports, shapes, constants, scopes, and what it says of
// models that it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "converter/onnx_builder.h"
#include "import/onnx/onnx.h"
#include "ir/op_view.h"
#include "mote/converter.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

using testing::HasSubstr;

struct Imported {
  ir::Module module;
  Diagnostics diagnostics;
  const ir::Graph& graph() const { return module.graphs.at(0); }
  const ShapeBounds& output_shape(size_t i = 0) const {
    return graph().value(graph().outputs.at(i).value).shape;
  }
};

Imported import(const OnnxBuilder& builder, const ConvertOptions& options = {}) {
  std::vector<uint8_t> bytes = builder.finish();
  Imported out;
  out.module = import_onnx({bytes.data(), bytes.size()}, options, out.diagnostics);
  return out;
}

std::vector<uint16_t> operators(const ir::Graph& graph) {
  std::vector<uint16_t> list;
  for (const ir::Node& n : graph.nodes) list.push_back(n.op);
  return list;
}

using Ops = std::vector<uint16_t>;

TEST(OnnxImport, PortsHaveTheModelsNamesAndShapes) {
  OnnxBuilder b;
  b.input("x", {2, 3});
  b.node("Transpose", {"x"}, {"y"});
  b.output("y");
  Imported m = import(b);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(m.graph().name, "infer");
  EXPECT_EQ(m.graph().inputs[0].name, "x");
  EXPECT_EQ(m.graph().outputs[0].name, "y");
  EXPECT_EQ(ir::shape_text(m.output_shape()), "[3, 2]");
}

TEST(OnnxImport, AnInputThatIsAnOutputIsCopied) {
  OnnxBuilder b;
  b.input("x", {2});
  b.node("Identity", {"x"}, {"y"});
  b.output("y");
  Imported m = import(b);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_NE(m.graph().outputs[0].value, m.graph().inputs[0].value);
}

TEST(OnnxImport, MetadataIsKept) {
  OnnxBuilder b;
  b.input("x", {2});
  b.node("Relu", {"x"}, {"y"});
  b.output("y");
  auto* entry = b.model.add_metadata_props();
  entry->set_key("character");
  entry->set_value("a\nb");
  b.model.add_metadata_props()->set_value("without a key");
  Imported m = import(b);
  EXPECT_EQ(m.module.metadata, (std::map<std::string, std::string>{{"character", "a\nb"}}));
}

TEST(OnnxImport, InitializersAmongTheInputsAreConstants) {
  OnnxBuilder b;
  b.input("shape", {2}, onnx::TensorProto::INT64);
  b.input("x", {2, 3});
  b.constant(OnnxBuilder::ints("shape", {3, -1}));
  b.node("Reshape", {"x", "shape"}, {"y"});
  b.output("y");
  Imported m = import(b);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(m.graph().inputs.size(), 1u);
  EXPECT_EQ(ir::shape_text(m.output_shape()), "[3, 2]");
}

TEST(OnnxImport, OpenDimensionsAreListedOnceWithARemedy) {
  OnnxBuilder b;
  b.input("x", {-1, 3, -1});
  b.name_dimension(0, "batch");
  b.input("z", {-1});
  b.name_dimension(0, "batch");
  b.node("Identity", {"x"}, {"y"});
  b.output("y");
  Imported m = import(b);
  ASSERT_EQ(m.diagnostics.list().size(), 1u) << m.diagnostics.text();
  EXPECT_THAT(m.diagnostics.text(), HasSubstr("'batch' of x z"));
  EXPECT_THAT(m.diagnostics.text(), HasSubstr("'x.dim2'"));
  EXPECT_THAT(m.diagnostics.text(), HasSubstr("--bound batch="));
  ConvertOptions options;
  options.dimension_bounds = {{"batch", {1, 8}}, {"x.dim2", {5, 5}}};
  m = import(b, options);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(ir::shape_text(m.output_shape()), "[1..8, 3, 5]");
}

TEST(OnnxImport, NamesInOptionsMustExist) {
  OnnxBuilder b;
  b.input("x", {2});
  b.node("Identity", {"x"}, {"y"});
  b.output("y");
  ConvertOptions options;
  options.dimension_bounds["batch"] = {1, 8};
  options.fixed_inputs["sr"] = {16000};
  options.input_shapes["z"] = ir::shape_of({1});
  Imported m = import(b, options);
  EXPECT_EQ(m.diagnostics.list().size(), 3u) << m.diagnostics.text();
}

// Reshape(x, [Shape(x)[0], -1]) with a dynamic batch.
TEST(OnnxImport, ShapeArithmeticKeepsADynamicBatch) {
  OnnxBuilder b;
  b.input("x", {-1, 3, 4});
  b.constant(OnnxBuilder::ints("zero", {0}));
  b.constant(OnnxBuilder::ints("rest", {-1}));
  b.node("Shape", {"x"}, {"shape"});
  b.node("Gather", {"shape", "zero"}, {"batch"});
  b.node("Concat", {"batch", "rest"}, {"target"});
  OnnxBuilder::set_int(b.graph().mutable_node(2), "axis", 0);
  b.node("Reshape", {"x", "target"}, {"y"});
  b.output("y");
  ConvertOptions options;
  options.dimension_bounds["x.dim0"] = {1, 8};
  Imported m = import(b, options);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(ir::shape_text(m.output_shape()), "[1..8, 12]");
}

TEST(OnnxImport, StaticShapeArithmeticLeavesNoOperators) {
  OnnxBuilder b;
  b.input("x", {2, 3, 4});
  b.constant(OnnxBuilder::ints("starts", {0}));
  b.constant(OnnxBuilder::ints("ends", {1}));
  b.constant(OnnxBuilder::ints("rest", {-1}));
  b.node("Shape", {"x"}, {"shape"});
  b.node("Slice", {"shape", "starts", "ends"}, {"batch"});
  OnnxBuilder::set_int(b.node("Concat", {"batch", "rest"}, {"target"}), "axis", 0);
  b.node("Reshape", {"x", "target"}, {"y"});
  b.output("y");
  Imported m = import(b);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(operators(m.graph()), Ops{op_code::reshape});
  EXPECT_EQ(ir::shape_text(m.output_shape()), "[2, 12]");
}

// Two dynamic sizes that change their places are no reshape; ones are appended and moved.
TEST(OnnxImport, UnsqueezeAndSqueezeKeepSeveralDynamicSizes) {
  OnnxBuilder b;
  b.input("x", {-1, -1});
  b.constant(OnnxBuilder::ints("axes", {0, 2}));
  b.node("Unsqueeze", {"x", "axes"}, {"y"});
  b.node("Squeeze", {"y", "axes"}, {"z"});
  b.output("y");
  b.output("z");
  ConvertOptions options;
  options.dimension_bounds = {{"x.dim0", {1, 8}}, {"x.dim1", {2, 9}}};
  Imported m = import(b, options);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(ir::shape_text(m.output_shape(0)), "[1, 1..8, 1, 2..9]");
  EXPECT_EQ(ir::shape_text(m.output_shape(1)), "[1..8, 2..9]");
}

TEST(OnnxImport, TensorsWithoutElementsAreFollowed) {
  OnnxBuilder b;
  b.input("x", {1, 1});
  b.constant(OnnxBuilder::ints("none", {}));
  b.node("Reshape", {"x", "none"}, {"scalar"});
  b.node("Shape", {"scalar"}, {"shape"});
  OnnxBuilder::set_int(b.node("Concat", {"shape", "none"}, {"still_none"}), "axis", 0);
  b.node("Reshape", {"x", "still_none"}, {"y"});
  b.output("y");
  Imported m = import(b);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(ir::shape_text(m.output_shape()), "[]");
}

TEST(OnnxImport, PartsOfTensorsWithoutElementsAreFollowed) {
  OnnxBuilder b;
  b.input("x", {2, 3});
  b.constant(OnnxBuilder::ints("none", {}));
  b.constant(OnnxBuilder::ints("zero", {0}));
  b.constant(OnnxBuilder::ints("one", {1}));
  b.constant(OnnxBuilder::ints("six", {6}));
  b.node("Slice", {"none", "zero", "one"}, {"part"});
  b.node("Concat", {"part", "six"}, {"shape"});
  OnnxBuilder::set_int(b.graph().mutable_node(1), "axis", 0);
  b.node("Reshape", {"x", "shape"}, {"y"});
  b.output("y");
  Imported m = import(b);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(ir::shape_text(m.output_shape()), "[6]");
}

TEST(OnnxImport, UnsupportedOperatorsAreListedTogether) {
  OnnxBuilder b;
  b.input("x", {2});
  b.node("Foo", {"x"}, {"a"});
  b.node("Foo", {"a"}, {"b"});
  b.node("Bar", {"x"}, {"c"})->set_domain("com.example");
  b.node("Transpose", {"c"}, {"y"});
  b.output("y");
  Imported m = import(b);
  ASSERT_EQ(m.diagnostics.list().size(), 1u) << m.diagnostics.text();
  EXPECT_THAT(m.diagnostics.text(), HasSubstr("Foo (2 times, first at node 0 (Foo))"));
  EXPECT_THAT(m.diagnostics.text(), HasSubstr("com.example.Bar (1 time"));
}

TEST(OnnxImport, AllErrorsAreReported) {
  OnnxBuilder b;
  b.input("x", {2, 3});
  OnnxBuilder::set_int(b.node("Flatten", {"x"}, {"a"}), "axis", 7);
  OnnxBuilder::set_int(b.node("Gather", {"x", "x"}, {"c"}), "axis", -9);
  b.output("a");
  Imported m = import(b);
  EXPECT_EQ(m.diagnostics.list().size(), 2u) << m.diagnostics.text();
}

// ---- Control flow ----

void set_graph(onnx::NodeProto* node, const std::string& name, const onnx::GraphProto& graph) {
  *OnnxBuilder::attribute(node, name, onnx::AttributeProto::GRAPH)->mutable_g() = graph;
}

onnx::GraphProto branch(const std::string& op, const std::string& input) {
  onnx::GraphProto g;
  OnnxBuilder::add(g.add_node(), op, {input}, {"result"});
  g.add_output()->set_name("result");
  return g;
}

OnnxBuilder branching() {
  OnnxBuilder b;
  b.input("x", {2, 3});
  b.input("flag", {}, onnx::TensorProto::BOOL);
  auto* node = b.node("If", {"flag"}, {"y"});
  set_graph(node, "then_branch", branch("Transpose", "x"));
  set_graph(node, "else_branch", branch("Flatten", "x"));
  b.output("y");
  return b;
}

TEST(OnnxImport, AFixedInputSettlesABranch) {
  ConvertOptions options;
  options.fixed_inputs["flag"] = {1};
  Imported m = import(branching(), options);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(operators(m.graph()), Ops{op_code::transpose});
  EXPECT_EQ(m.graph().inputs.size(), 1u);
}

onnx::GraphProto loop_body() {
  onnx::GraphProto g;
  for (const char* name : {"i", "go", "state"}) g.add_input()->set_name(name);
  OnnxBuilder::add(g.add_node(), "Transpose", {"state"}, {"next"});
  for (const char* name : {"go", "next", "state"}) g.add_output()->set_name(name);
  return g;
}

TEST(OnnxImport, ALoopOfKnownTurnsIsUnfolded) {
  OnnxBuilder b;
  b.input("x", {2, 2});
  b.constant(OnnxBuilder::ints("turns", {3}));
  auto* node = b.node("Loop", {"turns", "", "x"}, {"last", "all"});
  set_graph(node, "body", loop_body());
  b.output("last");
  b.output("all");
  Imported m = import(b);
  ASSERT_TRUE(m.diagnostics.empty()) << m.diagnostics.text();
  EXPECT_EQ(ir::shape_text(m.output_shape(0)), "[2, 2]");
  EXPECT_EQ(ir::shape_text(m.output_shape(1)), "[3, 2, 2]");
}

TEST(OnnxImport, LongLoopsAreRefused) {
  OnnxBuilder b;
  b.input("x", {2, 2});
  b.constant(OnnxBuilder::ints("turns", {INT64_MAX}));
  set_graph(b.node("Loop", {"turns", "", "x"}, {"last"}), "body", loop_body());
  b.output("last");
  EXPECT_THAT(import(b).diagnostics.text(), HasSubstr("1000 turns"));
}

// ---- Functions ----

OnnxBuilder with_function() {
  OnnxBuilder b;
  b.import_opset("local", 1);
  auto* f = b.model.add_functions();
  f->set_domain("local");
  f->set_name("Turn");
  f->add_input("in");
  f->add_output("out");
  f->add_attribute("axis");
  auto* opset = f->add_opset_import();
  opset->set_version(17);
  auto* node = OnnxBuilder::add(f->add_node(), "Flatten", {"in"}, {"out"});
  OnnxBuilder::attribute(node, "axis", onnx::AttributeProto::INT)->set_ref_attr_name("axis");
  b.input("x", {2, 3, 4});
  b.node("Turn", {"x"}, {"y"})->set_domain("local");
  b.output("y");
  return b;
}

TEST(OnnxImport, FunctionsSeeTheAttributesOfTheirCall) {
  OnnxBuilder b = with_function();
  EXPECT_EQ(ir::shape_text(import(b).output_shape()), "[2, 12]");  // the operator's default
  OnnxBuilder::set_int(b.graph().mutable_node(0), "axis", 2);
  EXPECT_EQ(ir::shape_text(import(b).output_shape()), "[6, 4]");
}

TEST(OnnxImport, AFunctionThatCallsItselfIsRefused) {
  OnnxBuilder b = with_function();
  auto* node = b.model.mutable_functions(0)->mutable_node(0);
  node->set_op_type("Turn");
  node->set_domain("local");
  EXPECT_THAT(import(b).diagnostics.text(), HasSubstr("nested too deep"));
}

}  // namespace
}  // namespace mote::test
