// A .mote file read back as a module is the same model.
#include <gtest/gtest.h>

#include "import/mote/mote.h"
#include "ir/evaluator.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

ir::Module small_module() {
  GraphMaker train("train");
  ir::ValueId x = train.input("x", ir::shape_of({2, 3}));
  ir::ValueId unused = train.input("unused", ir::shape_of({1}));
  (void)unused;
  ir::ValueId weights = train.state("weights", ir::shape_of({2, 3}));
  ir::ValueId bias = train.constant("bias", ir::shape_of({3}), {1, 2, 3});
  ir::ValueId sum = train.add(train.add(x, bias), train.read_state(weights));
  train.assign_state(weights, sum);
  train.output(train.softmax(sum));
  ir::Module module;
  module.graphs.push_back(train.graph());
  GraphMaker derive("derive");
  weights = derive.state("weights", ir::shape_of({2, 3}));
  derive.assign_state(derive.state("derived", ir::shape_of({2, 3})),
                      derive.relu(derive.read_state(weights)));
  module.derives.push_back(derive.graph());
  module.metadata["labels"] = "a\nb\nc";
  return module;
}

TEST(MoteImport, GivesTheSameModel) {
  Diagnostics diagnostics;
  std::vector<uint8_t> bytes = export_module(small_module(), diagnostics);
  ir::Module module = import_mote({bytes.data(), bytes.size()}, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  ASSERT_EQ(module.graphs.size(), 1u);
  ASSERT_EQ(module.derives.size(), 1u);
  EXPECT_EQ(module.metadata["labels"], "a\nb\nc");
  const ir::Graph& graph = module.graphs[0];
  EXPECT_EQ(graph.name, "train");
  ASSERT_EQ(graph.inputs.size(), 2u);
  EXPECT_EQ(graph.inputs[1].name, "unused");

  std::vector<float> x = {1, -2, 3, -4, 5, -6};
  Evaluated input{ir::shape_of({2, 3}).max(), ir::Bytes(sizeof(float) * 6)};
  memcpy(input.bytes.data(), x.data(), input.bytes.size());
  Evaluated other{ir::shape_of({1}).max(), ir::Bytes(sizeof(float))};
  std::vector<Evaluated> before = evaluate(small_module().graphs[0], {input, other}, diagnostics);
  std::vector<Evaluated> after = evaluate(graph, {input, other}, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(before[0].bytes, after[0].bytes);
}

TEST(MoteImport, WritesTheSameBytesAgain) {
  Diagnostics diagnostics;
  std::vector<uint8_t> first = export_module(small_module(), diagnostics);
  ir::Module module = import_mote({first.data(), first.size()}, diagnostics);
  std::vector<uint8_t> second = export_module(module, diagnostics);
  ir::Module again = import_mote({second.data(), second.size()}, diagnostics);
  EXPECT_EQ(second, export_module(again, diagnostics));
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
}

TEST(MoteImport, RefusesDamagedFiles) {
  Diagnostics diagnostics;
  std::vector<uint8_t> bytes = export_module(small_module(), diagnostics);
  bytes[bytes.size() / 2] ^= 1;
  import_mote({bytes.data(), bytes.size()}, diagnostics);
  EXPECT_FALSE(diagnostics.empty());
}

}  // namespace
}  // namespace mote::test
