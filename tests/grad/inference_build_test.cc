// A program that only infers loads a file that can also be trained, and says what it lacks.
#include <gmock/gmock.h>

#include "grad/networks.h"
#include "grad/training_module.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

TEST(InferenceBuild, InfersAndNamesWhatTrainLacks) {
  Diagnostics diagnostics;
  ir::Module module = make_training_module(SmallCnn().graph, {}, diagnostics);
  AlignedBytes bytes(export_module(module, diagnostics));
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  Model all = must(Model::load(bytes.span(), training_operators()));
  Model model = must(Model::load(bytes.span(), inference_operators()));
  uint32_t infer = must(model.find_entry_point("infer"));
  uint32_t train = must(model.find_entry_point("train"));

  const Status& lacking = model.entry_point(train).availability;
  EXPECT_EQ(lacking.code, Code::operator_not_in_build);
  EXPECT_THAT(text_of(lacking), testing::HasSubstr("is not part of this build"));
  EXPECT_EQ(Plan::create(model, {&train, 1}).status().code, Code::operator_not_in_build);
  EXPECT_TRUE(all.entry_point(train).availability.ok());

  // The same bits as in a build that has everything.
  std::vector<float> results[2];
  const Model* models[] = {&model, &all};
  for (int i = 0; i < 2; ++i) {
    Plan plan = must(Plan::create(*models[i], {&infer, 1}));
    Session session = must(Session::create(plan));
    Shape shape = must(session.input_shape(infer, 0));
    write(session, infer, 0, std::vector<float>(static_cast<size_t>(shape.elements()), 0.5f));
    Status ran = session.run(infer);
    ASSERT_TRUE(ran.ok()) << text_of(ran);
    results[i] = read(session, infer, 0);
  }
  EXPECT_EQ(results[0], results[1]);
}

}  // namespace
}  // namespace mote::test
