// What the user can settle about an ONNX model, and what the importer tolerates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "converter/onnx_builder.h"
#include "import/onnx/onnx.h"
#include "ir/op_view.h"
#include "mote/converter.h"
#include "ops/attributes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

using testing::HasSubstr;

struct OnnxOptions : testing::Test {
  OnnxBuilder b;
  ConvertOptions options;
  Diagnostics diagnostics;

  ir::Graph import() {
    const std::vector<uint8_t> bytes = b.finish();
    ir::Module m = import_onnx({bytes.data(), bytes.size()}, options, diagnostics);
    return m.graphs.empty() ? ir::Graph{} : m.graphs[0];
  }
  static std::string shape(const ir::Graph& g, size_t output = 0) {
    return ir::shape_text(g.value(g.outputs.at(output).value).shape);
  }
};

TEST_F(OnnxOptions, NodesMayStandInAnyOrder) {
  b.input("x", {2, 3});
  b.node("Neg", {"b"}, {"y"});
  b.node("Transpose", {"a"}, {"b"});
  b.node("Relu", {"x"}, {"a"});
  b.output("y");
  const ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  ASSERT_EQ(g.nodes.size(), 3u);
  EXPECT_EQ(g.nodes[0].op, op_code::activation);
  EXPECT_EQ(g.nodes[1].op, op_code::transpose);
}

TEST_F(OnnxOptions, DoublesBecomeFloatsOnlyWhenTheUserSaysSo) {
  b.input("x", {2}, onnx::TensorProto::DOUBLE);
  onnx::TensorProto factor;
  factor.set_name("factor");
  factor.set_data_type(onnx::TensorProto::DOUBLE);
  factor.add_dims(2);
  for (double d : {0.5, 1e300}) factor.add_double_data(d);
  b.constant(factor);
  b.node("Mul", {"x", "factor"}, {"y"});
  b.output("y");
  import();
  EXPECT_THAT(diagnostics.text(), HasSubstr("--double-as-float"));
  diagnostics = {};
  options.double_as_float = true;
  const ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(g.value(g.inputs[0].value).type, Type::float32);
  const ir::Value& constant = g.value(g.nodes.at(0).inputs[1]);
  EXPECT_EQ(constant.as<float>()[0], 0.5F);
  EXPECT_EQ(constant.as<float>()[1], std::numeric_limits<float>::infinity());
}

TEST_F(OnnxOptions, AnInputCanBeFixedToNoElements) {
  b.input("x", {2, 3});
  b.input("axes", {-1}, onnx::TensorProto::INT64);
  b.node("ReduceSum", {"x", "axes"}, {"y"});
  b.output("y");
  options.fixed_inputs["axes"] = {};
  const ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(g.inputs.size(), 1u);
  EXPECT_EQ(shape(g), "[1, 1]");
}

TEST_F(OnnxOptions, AnInputOfKnownSizesIsNotWithoutElements) {
  b.input("x", {2, 3});
  b.node("Neg", {"x"}, {"y"});
  b.output("y");
  options.fixed_inputs["x"] = {};
  import();
  EXPECT_THAT(diagnostics.text(), HasSubstr("fixed to 0 elements"));
}

struct OnnxSelection : OnnxOptions {
  OnnxSelection() {
    b.input("boxes", {2, 5, 4});
    b.input("scores", {2, 3, 5});
    b.constant(OnnxBuilder::ints("most", {4}));
    b.node("NonMaxSuppression", {"boxes", "scores", "most"}, {"selected"});
    b.output("selected");
  }
};

TEST_F(OnnxSelection, SelectedBoxesArePaddedAndCounted) {
  options.pad_selections = true;
  const ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  ASSERT_EQ(g.outputs.size(), 2u);
  EXPECT_EQ(g.outputs[0].name, "selected");
  EXPECT_EQ(shape(g, 0), "[24, 3]");  // 4 boxes of 3 classes in 2 images
  EXPECT_EQ(g.outputs[1].name, "selected.count");
  EXPECT_EQ(shape(g, 1), "[1]");
}

TEST_F(OnnxSelection, WithoutTheUsersWordTheyAreRefused) {
  import();
  EXPECT_THAT(diagnostics.text(), HasSubstr("--pad-selections"));
}

struct OnnxMovingSlice : OnnxOptions {
  // x[start : start + size] where both are computed.
  void slice(int64_t size) {
    b.input("x", {8, 3});
    b.input("start", {1}, onnx::TensorProto::INT64);
    b.constant(OnnxBuilder::ints("size", {size}));
    b.node("Add", {"start", "size"}, {"end"});
    b.node("Slice", {"x", "start", "end"}, {"y"});
    b.output("y");
  }
};

TEST_F(OnnxMovingSlice, IsADynamicSliceWhereItsSizeIsKnown) {
  slice(5);
  const ir::Graph g = import();
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(g.nodes.back().op, op_code::dynamic_slice);
  EXPECT_EQ(shape(g), "[5, 3]");
}

TEST_F(OnnxMovingSlice, OfMoreThanThereIsIsRefused) {
  slice(9);
  import();
  EXPECT_THAT(diagnostics.text(), HasSubstr("must be known when the model is converted"));
}

TEST_F(OnnxOptions, MoreIsSaidOfOperatorsThatOnlyHalfFit) {
  b.input("x", {2, 7, 7});
  b.node("Det", {"x"}, {"y"});
  b.output("y");
  import();
  EXPECT_THAT(diagnostics.text(), HasSubstr("at most 6 rows"));
}

}  // namespace
}  // namespace mote::test
