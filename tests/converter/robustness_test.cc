// Odd TFLite files of other projects: each is refused with a clear error, or runs as LiteRT runs
// it.
#include <gtest/gtest.h>

#include <cstring>

#include "mote/converter.h"
#include "support/built_model.h"
#include "support/golden.h"

namespace mote::test {
namespace {

std::vector<uint8_t> file_of(const std::string& name) {
  return read_file(std::string(material_dir()) + "/robustness/" + name);
}

struct Robustness : testing::Test {
  void SetUp() override {
    if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  }
  // Fails the test when the file is not converted.
  void load(const std::string& name) {
    std::vector<uint8_t> source = file_of(name);
    ConvertResult result = convert({source.data(), source.size()});
    ASSERT_TRUE(result.ok()) << result.text();
    bytes = AlignedBytes(result.bytes);
    model = must(Model::load(bytes.span(), inference_operators()));
    plan = must(Plan::create(model));
    session = must(Session::create(plan));
  }
  void expect_refused(const std::string& name, const std::string& text) {
    std::vector<uint8_t> source = file_of(name);
    ConvertResult result = convert({source.data(), source.size()});
    EXPECT_FALSE(result.ok());
    EXPECT_NE(result.text().find(text), std::string::npos) << result.text();
  }

  AlignedBytes bytes;
  Model model;
  Plan plan;
  Session session;
};

TEST_F(Robustness, EmptyModelRunsNothing) {
  load("empty_model.bin");
  EXPECT_TRUE(session.run().ok());
}
TEST_F(Robustness, DamagedFilesAreRefused) {
  expect_refused("invalid_model.bin", "the format is unknown");
  expect_refused("test_model_broken.bin", "the format is unknown");
}
TEST_F(Robustness, ModelWithoutSubgraphsIsRefused) {
  expect_refused("no_subgraphs.bin", "the model has no subgraph");
}
TEST_F(Robustness, ShapesThatAreDataAreRefused) {
  expect_refused("dynamic_shapes.bin", "must be a constant");
}

// A reshape to no dimensions.
TEST_F(Robustness, ShapeWithoutElementsIsAScalar) {
  load("zero_size_constant.bin");
  const int32_t x = 42;
  memcpy(must(session.input(0, 0)).data, &x, sizeof x);
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(must(session.output_shape(0, 0)).rank, 0);
  int32_t y = 0;
  memcpy(&y, must(session.output(0, 0)).data, sizeof y);
  EXPECT_EQ(y, 42);
}

// The value is doubled twice, then the counter ends the loop; LiteRT gives 2 and 4 x.
TEST_F(Robustness, LoopRuns) {
  load("multi_subgraphs_while.bin");
  for (float x : {1.0f, 3.0f}) {
    write(session, 0, 0, {x});
    ASSERT_TRUE(session.run().ok());
    uint32_t count = must(session.find_output(0, "output_0"));
    int32_t turns = 0;
    memcpy(&turns, must(session.output(0, count)).data, sizeof turns);
    EXPECT_EQ(turns, 2);
    EXPECT_EQ(read(session, 0, must(session.find_output(0, "output_1"))),
              std::vector<float>{4 * x});
  }
}

// The variable begins with 2 and becomes the input.
TEST_F(Robustness, VariableKeepsItsValue) {
  load("call_once_mul.bin");
  write(session, 0, 0, {1});
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(read(session, 0, 0), std::vector<float>{2});
  write(session, 0, 0, {5});
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(read(session, 0, 0), std::vector<float>{5});
}

TEST_F(Robustness, SignaturesAreEntryPoints) {
  load("multi_signatures.bin");
  uint32_t add = must(model.find_entry_point("add")), sub = must(model.find_entry_point("sub"));
  write(session, add, 0, {1});
  ASSERT_TRUE(session.run(add).ok());
  EXPECT_EQ(read(session, add, 0), std::vector<float>{3});
  write(session, sub, 0, {1});
  ASSERT_TRUE(session.run(sub).ok());
  EXPECT_EQ(read(session, sub, 0), std::vector<float>{-2});
}

TEST_F(Robustness, UnknownOperatorIsNamed) {
  expect_refused("test_model_versioned_ops.bin", "testing_op");
}

}  // namespace
}  // namespace mote::test
