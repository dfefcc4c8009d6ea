#include "export/exporter.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "graph_builder.h"
#include "ir/op_view.h"
#include "model/container.h"

namespace mote::test {
namespace {

struct ExporterTest : testing::Test {
  GraphBuilder b;
  Diagnostics diagnostics;
  std::vector<uint8_t> bytes;

  Header header() const {
    Header h;
    memcpy(&h, bytes.data(), sizeof h);
    return h;
  }
  const file::Model& root() const { return *file::GetModel(bytes.data() + kHeaderBytes); }
  void write(std::vector<ir::Graph> graphs) {
    ir::Module module;
    module.graphs = std::move(graphs);
    module.metadata["licence"] = "MIT";
    bytes = export_module(module, diagnostics);
  }
  void expect_loads() const {
    Result<Model> model = Model::load({bytes.data(), bytes.size()}, inference_operators());
    EXPECT_TRUE(model.ok()) << ir::describe_status(model.status());
  }
};

TEST_F(ExporterTest, TheHeaderDescribesTheFile) {
  b.output(b.relu(b.conv(b.input(ir::shape_of({1, 2, 2, 2})))));
  write({b.graph});
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  Header h = header();
  EXPECT_EQ(memcmp(h.magic, kMagic, 8), 0);
  EXPECT_EQ(h.file_bytes, bytes.size());
  EXPECT_EQ(h.structure_hash, xxh64(bytes.data() + 64, h.structure_bytes));
  EXPECT_EQ(h.header_hash, xxh64(bytes.data(), 56));
  expect_loads();
}

TEST_F(ExporterTest, SegmentsAreAlignedAndTheLastEndsTheFile) {
  b.output(b.conv(b.input(ir::shape_of({1, 2, 2, 2}))));
  write({b.graph});
  ASSERT_EQ(root().segments()->size(), 1u);
  const file::Segment& s = *root().segments()->Get(0);
  EXPECT_EQ(s.offset() % 64, 0u);
  EXPECT_EQ(s.offset() + s.bytes(), bytes.size());
}

TEST_F(ExporterTest, AFileWithoutConstantsEndsWithTheStructure) {
  b.output(b.relu(b.input(ir::shape_of({4}))));
  write({b.graph});
  EXPECT_EQ(root().segments()->size(), 0u);
  EXPECT_EQ(bytes.size(), 64 + header().structure_bytes);
  expect_loads();
}

TEST_F(ExporterTest, EqualConstantsAreStoredOnce) {
  b.output(b.conv(b.conv(b.input(ir::shape_of({1, 2, 2, 2})))));
  write({b.graph});
  EXPECT_EQ(root().segments()->Get(0)->bytes(), 16u);
  expect_loads();
}

ir::Graph stateful(const std::string& name, const std::vector<float>& initial) {
  GraphBuilder b;
  b.graph.name = name;
  ir::ValueId s = b.value(ir::shape_of({2})), x = b.value(ir::shape_of({2}));
  ir::Value& state = b.graph.value(s);
  state.name = "counter";
  state.kind = TensorKind::state;
  ir::Bytes bytes(8);
  memcpy(bytes.data(), initial.data(), 8);
  state.data = std::make_shared<const ir::Bytes>(bytes);
  b.node(op_code::read_state, {s}, x);
  ir::ValueId y = b.relu(x);
  b.output(y);
  b.node(op_code::assign_state, {s, y}, y).outputs.clear();
  return b.graph;
}

TEST_F(ExporterTest, GraphsShareStatesByName) {
  write({stateful("first", {1, 2}), stateful("second", {1, 2})});
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  int states = 0;
  for (const file::Tensor* t : *root().tensors()) states += t->kind() == file::Kind::state;
  EXPECT_EQ(states, 1);
  ASSERT_EQ(root().segments()->size(), 1u);
  EXPECT_EQ(root().segments()->Get(0)->kind(), static_cast<uint32_t>(file::SegmentKind::state));
  EXPECT_EQ(root().entry_points()->size(), 2u);
  expect_loads();
}

TEST_F(ExporterTest, ZeroStatesTakeNoBytes) {
  write({stateful("infer", {0, 0})});
  EXPECT_EQ(root().segments()->size(), 0u);
  expect_loads();
}

TEST_F(ExporterTest, PortsGetNamesAndEachItsOwn) {
  ir::ValueId x = b.input(ir::shape_of({4})), y = b.input(ir::shape_of({4}));
  b.graph.inputs[0].name = b.graph.inputs[1].name = "";
  b.output(b.relu(x));
  b.output(b.relu(y));
  b.graph.outputs[0].name = b.graph.outputs[1].name = "same";
  write({b.graph});
  const file::EntryPoint& e = *root().entry_points()->Get(0);
  EXPECT_STREQ(e.inputs()->Get(0)->name()->c_str(), "input");
  EXPECT_STREQ(e.inputs()->Get(1)->name()->c_str(), "input_1");
  EXPECT_STREQ(e.outputs()->Get(1)->name()->c_str(), "same_1");
  expect_loads();
}

TEST_F(ExporterTest, EqualModulesGiveEqualBytes) {
  b.output(b.relu(b.conv(b.input(ir::shape_of({1, 2, 2, 2})))));
  write({b.graph});
  std::vector<uint8_t> first = bytes;
  write({b.graph});
  EXPECT_EQ(first, bytes);
}

TEST_F(ExporterTest, AConstantWhoseDataDoNotFitItsShapeIsRefused) {
  b.output(b.conv(b.input(ir::shape_of({1, 2, 2, 2}))));
  for (ir::Value& v : b.graph.values)
    if (v.kind == TensorKind::constant) v.shape = ir::shape_of({3, 1, 1, 2});
  write({b.graph});
  EXPECT_TRUE(bytes.empty());
  EXPECT_EQ(diagnostics.list().size(), 1u);
}

}  // namespace
}  // namespace mote::test
