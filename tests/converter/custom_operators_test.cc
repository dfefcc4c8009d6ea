// Operators that the caller imports, in both formats.
#include <flatbuffers/flexbuffers.h>
#include <gtest/gtest.h>

#include "import/import.h"
#include "ir/evaluator.h"
#include "mote/custom_operator.h"
#include "onnx_builder.h"
#include "tflite_builder.h"

namespace mote::test {
namespace {

// y = relu(scale * a + b)
void scaled_add(CustomOperator& c) {
  CustomValue scale = c.constant({}, std::vector<float>{static_cast<float>(c.real("scale", 1))});
  CustomValue product = c.add("mul", {c.input(0), scale});
  c.set_output(0, c.add("add", {product, c.input(1)}, {{"activation", "relu"}}));
}

std::vector<uint8_t> scale_options(double scale) {
  flexbuffers::Builder b;
  b.Map([&] { b.Double("scale", scale); });
  b.Finish();
  return b.GetBuffer();
}

std::vector<uint8_t> tflite_model(const std::vector<uint8_t>& options) {
  TfliteBuilder b;
  int32_t x = b.tensor({"x", {2, 2}}), z = b.tensor({"z", {2, 2}}), y = b.tensor({"y", {2, 2}});
  b.custom("ScaledAdd", {x, z}, {y}, options);
  b.subgraph({x, z}, {y});
  return b.finish();
}

std::vector<uint8_t> onnx_model(float scale) {
  OnnxBuilder b;
  b.import_opset("com.example", 1);
  b.input("x", {2, 2});
  b.input("z", {2, 2});
  onnx::NodeProto* node = b.node("ScaledAdd", {"x", "z"}, {"y"});
  node->set_domain("com.example");
  OnnxBuilder::attribute(node, "scale", onnx::AttributeProto::FLOAT)->set_f(scale);
  b.output("y");
  return b.finish();
}

struct CustomOperators : testing::Test {
  ConvertOptions options;
  Diagnostics diagnostics;

  void add(const std::string& name, std::function<void(CustomOperator&)> import) {
    options.custom_operators.push_back({CustomImporter::Format::any, name, std::move(import)});
  }
  ir::Graph import(const std::vector<uint8_t>& bytes) {
    ir::Module m = import_source({bytes.data(), bytes.size()}, options, diagnostics);
    return m.graphs.empty() ? ir::Graph{} : m.graphs[0];
  }
  // Of the inputs x = {1, -2, 3, 4} and z = {1, 1, 1, -20}.
  std::vector<float> result(const std::vector<uint8_t>& bytes) {
    ir::Graph g = import(bytes);
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
    if (!diagnostics.empty()) return {};
    Shape shape{{2, 2}, 2};
    std::vector<Evaluated> y = evaluate(g,
                                        {{shape, bytes_of(std::vector<float>{1, -2, 3, 4})},
                                         {shape, bytes_of(std::vector<float>{1, 1, 1, -20})}},
                                        diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
    if (y.size() != 1) return {};
    const auto* p = reinterpret_cast<const float*>(y[0].bytes.data());
    return {p, p + y[0].bytes.size() / sizeof(float)};
  }
  std::string first_error(const std::vector<uint8_t>& bytes) {
    import(bytes);
    return diagnostics.empty() ? "" : diagnostics.list()[0].what;
  }
};

const std::vector<float> kScaledBy3 = {4, 0, 10, 0};

TEST_F(CustomOperators, OfTfliteSeeTheirOptionsByName) {
  add("ScaledAdd", scaled_add);
  EXPECT_EQ(result(tflite_model(scale_options(3))), kScaledBy3);
}

TEST_F(CustomOperators, OfOnnxAreNamedByDomainAndType) {
  add("com.example.ScaledAdd", scaled_add);
  EXPECT_EQ(result(onnx_model(3)), kScaledBy3);
}

TEST_F(CustomOperators, HaveTheOptionsOfTfliteAsTheyStandInTheFile) {
  std::vector<uint8_t> seen;
  add("ScaledAdd", [&](CustomOperator& c) {
    seen.assign(c.options().begin(), c.options().end());
    c.set_output(0, c.add("add", {c.input(0), c.input(1)}));
  });
  import(tflite_model({1, 2, 3, 200}));
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(seen, (std::vector<uint8_t>{1, 2, 3, 200}));
}

TEST_F(CustomOperators, KnowTheirOperandsAndDeclaredOutputs) {
  add("ScaledAdd", [](CustomOperator& c) {
    EXPECT_EQ(c.input_count(), 2u);
    EXPECT_EQ(c.tensor(c.input(1)).name, "z");
    EXPECT_EQ(c.tensor(c.input(1)).shape.max(), (Shape{{2, 2}, 2}));
    ASSERT_TRUE(c.declared_output(0).has_value());
    EXPECT_EQ(c.declared_output(0)->name, "y");
    c.set_output(0, c.input(0));
  });
  EXPECT_EQ(result(tflite_model({})), (std::vector<float>{1, -2, 3, 4}));
}

TEST_F(CustomOperators, AreBesideMotesOwnAndBeforeThem) {
  OnnxBuilder b;
  b.input("x", {2, 2});
  b.input("z", {2, 2});
  b.node("Add", {"x", "z"}, {"y"});
  b.output("y");
  add("Add", [](CustomOperator& c) { c.set_output(0, c.add("sub", {c.input(0), c.input(1)})); });
  EXPECT_EQ(result(b.finish()), (std::vector<float>{0, -3, 2, 24}));
}

TEST_F(CustomOperators, OfTheOtherFormatDoNotCount) {
  options.custom_operators.push_back({CustomImporter::Format::onnx, "ScaledAdd", scaled_add});
  EXPECT_NE(first_error(tflite_model({})).find("custom operators that are not supported"),
            std::string::npos);
}

TEST_F(CustomOperators, FailWithAMessageAtTheirPlace) {
  add("ScaledAdd", [](CustomOperator& c) { c.fail("a scale is missing", "set it"); });
  import(tflite_model({}));
  ASSERT_EQ(diagnostics.list().size(), 1u);
  EXPECT_EQ(diagnostics.list()[0].where, "subgraph 0, operator 0 (custom operator 'ScaledAdd')");
  EXPECT_EQ(diagnostics.list()[0].what, "a scale is missing");
}

struct Misuse {
  const char* text;
  void (*import)(CustomOperator&);
};
struct CustomOperatorMisuse : CustomOperators, testing::WithParamInterface<Misuse> {};

TEST_P(CustomOperatorMisuse, IsAnError) {
  add("ScaledAdd", GetParam().import);
  EXPECT_NE(first_error(tflite_model(scale_options(1))).find(GetParam().text), std::string::npos)
      << diagnostics.text();
  EXPECT_EQ(diagnostics.list().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    All, CustomOperatorMisuse,
    testing::Values(
        Misuse{"does not set output 0", [](CustomOperator&) {}},
        Misuse{"input 2 is asked for", [](CustomOperator& c) { c.set_output(0, c.input(2)); }},
        Misuse{"Mote has none of this name",
               [](CustomOperator& c) { c.set_output(0, c.add("frobnicate", {c.input(0)})); }},
        Misuse{"unknown field",
               [](CustomOperator& c) {
                 c.set_output(0, c.add("softmax", {c.input(0)}, {{"gamma", 1.0}}));
               }},
        Misuse{"operator 'concat'",
               [](CustomOperator& c) {
                 c.set_output(0, c.add("concat", {c.input(0), c.input(1)}, {{"axis", 7}}));
               }},
        Misuse{"control flow and states",
               [](CustomOperator& c) { c.set_output(0, c.add("read_state", {c.input(0)})); }},
        Misuse{"an input is no value",
               [](CustomOperator& c) { c.set_output(0, c.add("softmax", {CustomValue{99}})); }},
        Misuse{"given 4 bytes",
               [](CustomOperator& c) { c.set_output(0, c.constant({2}, std::vector<float>{1})); }},
        Misuse{"output 1 is set", [](CustomOperator& c) { c.set_output(1, c.input(0)); }},
        Misuse{"attribute 'scale' is not a text", [](CustomOperator& c) { c.text("scale", ""); }}));

TEST_F(CustomOperators, TakeListsAndKindsAsAttributes) {
  add("ScaledAdd", [](CustomOperator& c) {
    CustomValue t = c.add("transpose", {c.input(0)}, {{"permutation", std::vector<int64_t>{1, 0}}});
    CustomValue s = c.add(
        "reduce", {t}, {{"kind", "sum"}, {"axes", std::vector<int64_t>{0}}, {"keep_dims", true}});
    c.set_output(0, c.add("add", {s, c.input(1)}));
  });
  EXPECT_EQ(result(tflite_model({})), (std::vector<float>{0, 8, 0, -13}));
}

TEST_F(CustomOperators, BecomeWhatAModelOfAnotherFormatComputes) {
  OnnxBuilder b;
  b.input("first", {-1, -1});
  b.input("second", {-1, -1});
  b.node("Mul", {"first", "second"}, {"product"});
  b.node("Relu", {"product"}, {"result"});
  b.output("result");
  options.custom_operators.push_back(custom_importer_from_model("ScaledAdd", b.finish()));
  EXPECT_EQ(result(tflite_model({})), (std::vector<float>{1, 0, 3, 0}));
}

TEST_F(CustomOperators, BecomeWhatAMoteFileComputes) {
  TfliteBuilder b;
  int32_t x = b.tensor({"x", {1, 2}}), z = b.tensor({"z", {1, 2}}), y = b.tensor({"y", {1, 2}});
  constexpr int32_t kMul = 18;
  b.op(kMul, {x, z}, {y});
  b.subgraph({x, z}, {y});
  std::vector<uint8_t> source = b.finish();
  ConvertResult converted = convert({source.data(), source.size()});
  ASSERT_TRUE(converted.ok()) << converted.text();
  options.custom_operators.push_back(
      custom_importer_from_model("com.example.ScaledAdd", converted.bytes));
  EXPECT_EQ(result(onnx_model(1)), (std::vector<float>{1, -2, 3, -80}));
}

TEST_F(CustomOperators, AModelInTheirPlaceMustFit) {
  OnnxBuilder b;
  b.input("x", {2, 2});
  b.node("Relu", {"x"}, {"y"});
  b.output("y");
  options.custom_operators.push_back(custom_importer_from_model("ScaledAdd", b.finish()));
  EXPECT_EQ(first_error(tflite_model({})),
            "it has 1 inputs and 1 outputs, the operator 2 inputs and 1 outputs");
}

TEST_F(CustomOperators, ErrorsOfTheModelInTheirPlaceAreReported) {
  options.custom_operators.push_back(custom_importer_from_model("ScaledAdd", {1, 2, 3}));
  EXPECT_NE(first_error(tflite_model({})).find("the format is unknown"), std::string::npos);
  EXPECT_NE(diagnostics.list()[0].where.find("the model in its place"), std::string::npos);
}

}  // namespace
}  // namespace mote::test
