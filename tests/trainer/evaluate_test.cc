// Evaluation of every kind of file that training leads to.
#include <gmock/gmock.h>

#include "data.h"
#include "export/exporter.h"
#include "grad/freeze.h"
#include "grad/rebatch.h"
#include "import/mote/mote.h"

namespace mote::test {
namespace {

using testing::HasSubstr;

const Dataset& data() {
  static const Dataset set = quarters(70, 2);
  return set;
}

const std::vector<uint8_t>& trained() {
  static const std::vector<uint8_t> model =
      fit(small_cnn(), quarters(200), data(), small_options()).model;
  return model;
}

Span<const uint8_t> span_of(const std::vector<uint8_t>& b) { return {b.data(), b.size()}; }

// `infer` alone, for `batch` samples at once.
std::vector<uint8_t> frozen(Dim batch) {
  Diagnostics diagnostics;
  ir::Module module = freeze(import_mote(span_of(trained()), diagnostics), diagnostics);
  set_batch(module.graphs[0], batch, diagnostics);
  std::vector<uint8_t> bytes = export_module(module, diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
  return bytes;
}

std::vector<uint8_t> quantized(bool trainable) {
  CalibrationData calibration;
  Dataset samples = quarters(100);
  calibration.inputs.emplace_back(100 * 64);
  normalize(samples, small_options().normalization, 0, 100, calibration.inputs[0].data());
  QuantizeOptions options;
  options.trainable = trainable;
  QuantizeResult result = quantize(span_of(trained()), options, calibration);
  EXPECT_TRUE(result.ok()) << result.text();
  return result.bytes;
}

TEST(Evaluate, InferGivesTheSameForEveryBatch) {
  Evaluation expected = evaluate(span_of(trained()), data());
  EXPECT_EQ(expected.predictions.size(), 70u);
  for (Dim batch : {Dim{1, 1}, Dim{7, 7}, Dim{16, 16}, Dim{100, 100}, Dim{1, 16}}) {
    std::vector<uint8_t> model = frozen(batch);
    Evaluation e = evaluate(span_of(model), data());
    EXPECT_EQ(e.entry_point, "infer");
    EXPECT_EQ(e.predictions, expected.predictions) << batch.max;
    EXPECT_EQ(e.confusion, expected.confusion) << batch.max;
    EXPECT_FALSE(e.loss.has_value());
  }
}

TEST(Evaluate, AnInt8FileIsNormalizedByItsMetadata) {
  std::vector<uint8_t> model = quantized(false);
  Evaluation e = evaluate(span_of(model), data());
  EXPECT_EQ(e.entry_point, "infer");
  // int8 moves the scores a little: two of 70 samples may stand on the border.
  EXPECT_NEAR(e.accuracy(), evaluate(span_of(trained()), data()).accuracy(), 2.1 / 70);
}

TEST(Evaluate, AnInt8FileThatStaysTrainableTrains) {
  std::vector<uint8_t> model = quantized(true);
  FitOptions o = small_options();
  o.epochs = 2;
  o.schedule = {Schedule::Kind::constant, 1e-3, 0, 0};
  FitResult result = fit(span_of(model), quarters(200), data(), o);
  EvaluationOptions infer;
  infer.entry_point = "infer";
  double before = evaluate(span_of(model), data(), infer).accuracy();
  // The file holds the int8 weights that belong to the new float ones.
  EXPECT_NEAR(evaluate(span_of(result.model), data(), infer).accuracy(),
              result.history.back().validation_accuracy, 3.1 / 70);
  EXPECT_GE(evaluate(span_of(result.model), data(), infer).accuracy(), before - 2.1 / 70);
}

TEST(Evaluate, FilesAndEntryPointsThatDoNotFitAreRefused) {
  std::vector<uint8_t> model = trained();
  EvaluationOptions absent;
  absent.entry_point = "absent";
  EXPECT_THAT(error_of([&] { evaluate(span_of(model), data(), absent); }), HasSubstr("absent"));
  EvaluationOptions train;
  train.entry_point = "train";
  train.model_name = "x.mote";
  EXPECT_THAT(error_of([&] { evaluate(span_of(model), data(), train); }),
              HasSubstr("x.mote, 'train': changes the model's states"));
  Dataset other = data();
  other.sample_shape = {4, 16, 1};
  EXPECT_THAT(error_of([&] { evaluate(span_of(model), other); }),
              HasSubstr("the samples are 4x16x1, the model takes 8x8x1"));
  model.resize(model.size() / 2);
  EXPECT_NE(error_of([&] { evaluate(span_of(model), data()); }), "");
  EXPECT_NE(error_of([&] { evaluate({}, data()); }), "");
}

}  // namespace
}  // namespace mote::test
