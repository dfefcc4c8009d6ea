// Small ONNX files that ask for much: what they take of memory and time has a bound, and numbers at
// the ends of their types are no surprise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "converter/onnx_builder.h"
#include "import/onnx/onnx.h"
#include "ir/builder.h"
#include "mote/converter.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

using testing::HasSubstr;

ConvertResult converted(const OnnxBuilder& builder, const ConvertOptions& options = {}) {
  std::vector<uint8_t> bytes = builder.finish();
  return convert_onnx({bytes.data(), bytes.size()}, options);
}

onnx::TensorProto scalar(const std::string& name, int64_t value) {
  onnx::TensorProto t = OnnxBuilder::ints(name, {value});
  t.clear_dims();
  return t;
}

// The elements of Range(start, limit, delta); the diagnostics when it is refused.
std::vector<int64_t> range(int64_t start, int64_t limit, int64_t delta, std::string* errors) {
  OnnxBuilder b;
  b.constant(scalar("start", start));
  b.constant(scalar("limit", limit));
  b.constant(scalar("delta", delta));
  b.node("Range", {"start", "limit", "delta"}, {"y"});
  b.output("y");
  std::vector<uint8_t> bytes = b.finish();
  Diagnostics diagnostics;
  ir::Module module = import_onnx({bytes.data(), bytes.size()}, {}, diagnostics);
  *errors = diagnostics.text();
  if (!diagnostics.empty()) return {};
  const ir::Graph& graph = module.graphs.at(0);
  const ir::Value& made = graph.value(graph.nodes.back().inputs.at(0));
  return {made.as<int64_t>(), made.as<int64_t>() + made.data->size() / sizeof(int64_t)};
}

TEST(OnnxHostile, RangesReachTheEndsOfTheirType) {
  std::string errors;
  const int64_t step = int64_t{1} << 62;
  EXPECT_EQ(range(INT64_MIN, INT64_MAX, step, &errors),
            (std::vector<int64_t>{INT64_MIN, -step, 0, step}));
  EXPECT_EQ(errors, "");
  // Two of them do not differ in double.
  EXPECT_EQ(range(INT64_MAX - 5, INT64_MAX, 3, &errors),
            (std::vector<int64_t>{INT64_MAX - 5, INT64_MAX - 2}));
  EXPECT_EQ(range(INT64_MAX, INT64_MIN, -step, &errors),
            (std::vector<int64_t>{INT64_MAX, INT64_MAX - step, -1, -1 - step}));
  EXPECT_EQ(range(0, -7, -3, &errors), (std::vector<int64_t>{0, -3, -6}));
  EXPECT_EQ(errors, "");
}

TEST(OnnxHostile, RangesThatAreTooLongAreRefused) {
  std::string errors;
  for (int64_t limit : {int64_t{1} << 21, INT64_MAX}) {
    range(INT64_MIN, limit, 1, &errors);
    EXPECT_THAT(errors, HasSubstr("a range of too many elements"));
  }
  range(0, 5, 0, &errors);
  EXPECT_THAT(errors, HasSubstr("delta is 0"));
}

TEST(OnnxHostile, AScanOverNothingIsRefused) {
  OnnxBuilder b;
  b.input("x", {3});
  b.constant(OnnxBuilder::floats("nothing", {0, 3}, {}));
  onnx::NodeProto* scan = b.node("Scan", {"x", "nothing"}, {"last", "y"});
  OnnxBuilder::set_int(scan, "num_scan_inputs", 1);
  auto* body = OnnxBuilder::attribute(scan, "body", onnx::AttributeProto::GRAPH)->mutable_g();
  OnnxBuilder::describe(body->add_input(), "state", {3});
  OnnxBuilder::describe(body->add_input(), "element", {3});
  OnnxBuilder::add(body->add_node(), "Add", {"state", "element"}, {"sum"});
  for (const char* name : {"sum", "element"}) body->add_output()->set_name(name);
  b.output("y");
  EXPECT_THAT(converted(b).text(), HasSubstr("a scanned input without elements"));
}

// The importers look at operands that are not there.
TEST(OnnxHostile, OperandsWithoutElementsAreRefused) {
  for (const char* op : {"Adagrad", "Adam", "Momentum"}) {
    OnnxBuilder b;
    b.import_opset("ai.onnx.preview.training", 1);
    b.input("x", {3});
    b.constant(OnnxBuilder::floats("nothing", {0}, {}));
    for (size_t count : {5, 6}) {
      std::vector<std::string> operands(count, "x");
      operands.back() = "nothing";
      b.node(op, operands, {"y" + std::to_string(count)})->set_domain("ai.onnx.preview.training");
    }
    b.output("y5");
    EXPECT_NE(converted(b).text(), "") << op;
  }
}

TEST(OnnxHostile, ZeroPointsAlongADimensionOfAScalarAreRefused) {
  OnnxBuilder b;
  b.input("x", {}, onnx::TensorProto::UINT8);
  b.input("w", {1, 1, 1, 1}, onnx::TensorProto::UINT8);
  b.input("zero", {2}, onnx::TensorProto::UINT8);
  b.node("ConvInteger", {"x", "w", "zero"}, {"y"});
  b.output("y");
  EXPECT_THAT(converted(b).text(), HasSubstr("a tensor of rank 0"));
}

// Each node doubles a constant of 4 KiB: the last would have 4 GiB.
TEST(OnnxHostile, ConstantsThatDoubleAreNotAllComputed) {
  constexpr int kDoublings = 20;
  OnnxBuilder b;
  b.input("x", {1});
  b.constant(OnnxBuilder::floats("c0", {1024}, std::vector<float>(1024, 1)));
  for (int i = 0; i < kDoublings; ++i) {
    const std::string from = "c" + std::to_string(i);
    OnnxBuilder::set_int(b.node("Concat", {from, from}, {"c" + std::to_string(i + 1)}), "axis", 0);
  }
  b.node("Add", {"x", "c" + std::to_string(kDoublings)}, {"y"});
  b.output("y");
  ConvertResult result = converted(b);
  EXPECT_EQ(result.text(), "");
  // Of the 4 GiB that the file asks for.
  EXPECT_LT(result.bytes.size(), (size_t{128} << 20) + 65536);
}

// With a search from the first number on, each of these would take longer than the one before.
TEST(OnnxHostile, ManyOperatorsOfOneNodeGetTheirNames) {
  constexpr size_t kOperands = 100'000;
  OnnxBuilder b;
  b.input("x", {2});
  b.node("Sum", std::vector<std::string>(kOperands, "x"), {"y"});
  b.output("y");
  EXPECT_EQ(converted(b).text(), "");
}

TEST(OnnxHostile, NamesAreNumberedWithoutGaps) {
  ir::Graph graph;
  Diagnostics diagnostics;
  Builder builder(graph, diagnostics);
  EXPECT_EQ(builder.unique_name("x"), "x");
  for (int i = 1; i <= 100; ++i) EXPECT_EQ(builder.unique_name("x"), "x_" + std::to_string(i));
  EXPECT_EQ(builder.unique_name("y_1"), "y_1");
  EXPECT_EQ(builder.unique_name("y"), "y");
  EXPECT_EQ(builder.unique_name("y"), "y_2");
}

// A sparse file takes no room on the disk, but its 32 GiB would in memory.
TEST(OnnxHostile, ExternalDataLargerThanMemoryAreRefused) {
  std::string folder = testing::TempDir() + "/onnx_XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/weights.bin";
  std::ofstream(path, std::ios::binary) << '\0';
  std::filesystem::resize_file(path, uintmax_t{1} << 35);
  onnx::TensorProto t = OnnxBuilder::floats("w", {int64_t{1} << 33}, {});
  t.set_data_location(onnx::TensorProto::EXTERNAL);
  auto* entry = t.add_external_data();
  entry->set_key("location");
  entry->set_value("weights.bin");
  OnnxBuilder b;
  b.input("x", {1});
  b.constant(t);
  b.node("Add", {"x", "w"}, {"y"});
  b.output("y");
  ConvertOptions options;
  options.external_data_directory = folder;
  EXPECT_THAT(converted(b, options).text(), HasSubstr("a constant of more than 4 GiB"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace mote::test
