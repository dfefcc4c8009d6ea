// Any bytes are refused with an error or converted; none crashes, hangs or takes memory without
// bound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "converter/onnx_builder.h"
#include "mote/converter.h"

namespace mote::test {
namespace {

using testing::HasSubstr;

std::string errors_of(const std::vector<uint8_t>& bytes, const ConvertOptions& options = {}) {
  ConvertResult result = convert_onnx({bytes.data(), bytes.size()}, options);
  EXPECT_EQ(result.ok(), !result.bytes.empty());
  return result.text();
}
std::string errors_of(const OnnxBuilder& builder, const ConvertOptions& options = {}) {
  return errors_of(builder.finish(), options);
}

// y = Reshape(x, shape) with this initializer as the shape.
OnnxBuilder reshaping(const onnx::TensorProto& shape) {
  OnnxBuilder b;
  b.input("x", {2, 3});
  b.constant(shape);
  b.node("Reshape", {"x", "shape"}, {"y"});
  b.output("y");
  return b;
}

TEST(OnnxMalformed, TheBuildersFileConverts) {
  EXPECT_EQ(errors_of(reshaping(OnnxBuilder::ints("shape", {6}))), "");
}

TEST(OnnxMalformed, CutFilesGetAnAnswer) {
  std::vector<uint8_t> bytes = reshaping(OnnxBuilder::ints("shape", {6})).finish();
  for (size_t n = 0; n < bytes.size(); ++n)
    errors_of({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)});
}

TEST(OnnxMalformed, ChangedFilesGetAnAnswer) {
  std::vector<uint8_t> original = reshaping(OnnxBuilder::ints("shape", {6})).finish();
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::vector<uint8_t> bytes = original;
    for (uint32_t k = 0; k <= random() % 4; ++k)
      bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    errors_of(bytes);
  }
}

constexpr const char* kOperators[] = {
#define MOTE_ONNX_IMPORTER(name, function) #name,
#include "import/onnx/importers.inc"
#undef MOTE_ONNX_IMPORTER
};

// A node of `op` whose `count` inputs are x, but for the one at `missing`.
OnnxBuilder with_missing_input(const std::string& op, size_t count, size_t missing,
                               const std::vector<int64_t>& shape) {
  OnnxBuilder b;
  b.import_opset("com.microsoft", 1);
  b.input("x", shape);
  std::vector<std::string> inputs(count, "x");
  if (missing < count) inputs[missing] = "";
  b.node(op, inputs, {"y", "z"});
  b.output("y");
  return b;
}

TEST(OnnxMalformed, EveryOperatorAnswersWithoutOneOfItsInputs) {
  const std::vector<std::vector<int64_t>> shapes = {{}, {2}, {2, 3}, {1, 2, 4, 4}};
  for (const char* op : kOperators) {
    SCOPED_TRACE(op);
    for (const auto& shape : shapes)
      for (size_t count = 0; count <= 7; ++count)
        for (size_t missing = 0; missing <= count; ++missing)
          errors_of(with_missing_input(op, count, missing, shape));
  }
}

TEST(OnnxMalformed, BlocksThatDoNotFitTheImageAreRefused) {
  for (const char* op : {"SpaceToDepth", "DepthToSpace"}) {
    OnnxBuilder b;
    b.input("x", {1, 1, 4, 6});
    OnnxBuilder::set_int(b.node(op, {"x"}, {"y"}), "blocksize", 8);
    b.output("y");
    EXPECT_THAT(errors_of(b), HasSubstr(op));
  }
}

TEST(OnnxMalformed, RepeatsAreNotNegative) {
  OnnxBuilder b;
  b.input("x", {4, 4});
  b.constant(OnnxBuilder::ints("repeats", {0, INT64_MIN}));
  b.node("Tile", {"x", "repeats"}, {"y"});
  b.output("y");
  EXPECT_THAT(errors_of(b), HasSubstr("-9223372036854775808 repeats"));
}

TEST(OnnxMalformed, DeepMessagesAreRefused) {
  onnx::ModelProto model;
  onnx::GraphProto* graph = model.mutable_graph();
  for (int i = 0; i < 1000; ++i) graph = graph->add_node()->add_attribute()->mutable_g();
  std::string bytes = model.SerializeAsString();
  EXPECT_THAT(errors_of(std::vector<uint8_t>(bytes.begin(), bytes.end())),
              HasSubstr("cut or damaged"));
}

TEST(OnnxMalformed, DataMustHaveTheElementsOfTheirShape) {
  onnx::TensorProto t = OnnxBuilder::ints("shape", {6});
  t.set_dims(0, 2);
  EXPECT_THAT(errors_of(reshaping(t)), HasSubstr("do not have the 2 elements"));
  t.clear_int64_data();
  t.set_raw_data("1234567");
  EXPECT_THAT(errors_of(reshaping(t)), HasSubstr("do not have the 2 elements"));
  for (int64_t size : {int64_t{-1}, INT64_MAX, int64_t{1} << 40}) {
    t.set_dims(0, size);
    EXPECT_NE(errors_of(reshaping(t)), "");
  }
}

TEST(OnnxMalformed, NamesMustBeWrittenOnceAndNotByTheirReaders) {
  OnnxBuilder b = reshaping(OnnxBuilder::ints("shape", {6}));
  b.node("Identity", {"x"}, {"y"});
  EXPECT_THAT(errors_of(b), HasSubstr("a second time"));
  OnnxBuilder cycle;
  cycle.input("x", {2});
  cycle.node("Identity", {"b"}, {"a"});
  cycle.node("Identity", {"a"}, {"b"});
  cycle.output("b");
  EXPECT_THAT(errors_of(cycle), HasSubstr("nothing before writes it"));
}

TEST(OnnxMalformed, TypesWithoutAnEqualAreNamed) {
  OnnxBuilder b;
  b.input("x", {2}, onnx::TensorProto::DOUBLE);
  b.node("Identity", {"x"}, {"y"});
  b.output("y");
  EXPECT_THAT(errors_of(b), HasSubstr("double is not supported"));
  OnnxBuilder sequence;
  auto* port = sequence.graph().add_input();
  port->set_name("x");
  port->mutable_type()->mutable_sequence_type();
  sequence.node("Identity", {"x"}, {"y"});
  sequence.output("y");
  EXPECT_THAT(errors_of(sequence), HasSubstr("a sequence"));
}

// Each level calls the next twice: 2 to the power of 30 nodes.
TEST(OnnxMalformed, FunctionsThatExplodeAreRefused) {
  OnnxBuilder b;
  b.import_opset("local", 1);
  for (int level = 0; level < 30; ++level) {
    auto* f = b.model.add_functions();
    f->set_domain("local");
    f->set_name("F" + std::to_string(level));
    f->add_input("in");
    f->add_output("out");
    f->add_opset_import()->set_version(17);
    const std::string next = level == 29 ? "Identity" : "F" + std::to_string(level + 1);
    for (auto [from, to] : {std::pair{"in", "middle"}, std::pair{"middle", "out"}})
      OnnxBuilder::add(f->add_node(), next, {from}, {to})->set_domain(level == 29 ? "" : "local");
  }
  b.input("x", {2});
  b.node("F0", {"x"}, {"y"})->set_domain("local");
  b.output("y");
  EXPECT_THAT(errors_of(b), HasSubstr("too many nodes"));
}

// ---- External data ----

class OnnxExternalData : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = testing::TempDir() + "/onnx_XXXXXX";
    folder_ = mkdtemp(path.data());
    options_.external_data_directory = folder_ + "/model";
    std::filesystem::create_directory(options_.external_data_directory);
    write("model/weights.bin");
    write("secret.bin");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // 8 zero bytes, then the number 6.
  void write(const std::string& name) {
    std::ofstream(folder_ + "/" + name, std::ios::binary)
        << std::string(8, '\0') << '\x06' << std::string(7, '\0');
  }
  std::string errors(const std::string& location, const std::string& offset = "8",
                     const std::string& length = "8") {
    onnx::TensorProto t = OnnxBuilder::ints("shape", {6});
    t.clear_int64_data();
    t.set_data_location(onnx::TensorProto::EXTERNAL);
    for (auto [key, value] : {std::pair{"location", location}, std::pair{"offset", offset},
                              std::pair{"length", length}}) {
      auto* entry = t.add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    }
    return errors_of(reshaping(t), options_);
  }

  std::string folder_;
  ConvertOptions options_;
};

TEST_F(OnnxExternalData, IsReadFromTheDirectoryThatWasGiven) {
  EXPECT_EQ(errors("weights.bin"), "");
  options_.external_data_directory.clear();
  EXPECT_THAT(errors("weights.bin"), HasSubstr("no directory was given"));
}

TEST_F(OnnxExternalData, IsNeverReadFromElsewhere) {
  std::filesystem::create_symlink("../secret.bin", options_.external_data_directory + "/link.bin");
  for (const std::string& path :
       {std::string("../secret.bin"), folder_ + "/secret.bin", std::string("link.bin"),
        std::string("a/../../secret.bin"), std::string("../model/weights.bin")})
    EXPECT_THAT(errors(path), HasSubstr("not inside the model's directory")) << path;
  EXPECT_THAT(errors("missing.bin"), HasSubstr("cannot be read"));
  EXPECT_NE(errors(""), "");
  EXPECT_NE(errors("."), "");
}

TEST_F(OnnxExternalData, MustLieWithinTheFile) {
  for (const char* offset : {"9", "16", "999999999999999999", "18446744073709551615", "-1", "x"})
    EXPECT_NE(errors("weights.bin", offset), "") << offset;
  for (const char* length : {"7", "9", "-8", "999999999999999999"})
    EXPECT_NE(errors("weights.bin", "0", length), "") << length;
}

}  // namespace
}  // namespace mote::test
