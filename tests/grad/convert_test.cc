// TFLite models with training.
#include <gtest/gtest.h>

#include "mote/converter.h"
#include "support/built_model.h"
#include "support/golden.h"

namespace mote::test {
namespace {

ConvertResult convert_trainable(const std::string& name, const TrainingOptions& training) {
  std::vector<uint8_t> bytes =
      read_file(std::string(material_dir()) + "/models/" + name + ".tflite");
  ConvertOptions options;
  options.trainable = true;
  options.training = training;
  return convert({bytes.data(), bytes.size()}, options);
}

TEST(ConvertTrainable, FloatModelsLearnOneBatch) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  struct {
    const char* name;
    Loss loss;
    Optimizer optimizer;
    float rate;
  } models[] = {
      {"mlperf_tiny/pretrainedResnet", Loss::softmax_cross_entropy, Optimizer::sgd, 0.0001f},
      {"mlperf_tiny/kws_ref_model_float32", Loss::softmax_cross_entropy, Optimizer::adam, 0.001f},
      {"mlperf_tiny/vww_96_float", Loss::softmax_cross_entropy, Optimizer::adamw, 0.001f},
      {"mlperf_tiny/ad01_fp32", Loss::mse, Optimizer::adam, 0.001f},
      {"tflm/hello_world_float", Loss::mse, Optimizer::sgd, 0.01f},
  };
  for (const auto& m : models) {
    SCOPED_TRACE(m.name);
    TrainingOptions training;
    training.loss = m.loss;
    training.optimizer = m.optimizer;
    training.momentum = 0;  // eight steps that only go down
    training.train_batch = 3;
    ConvertResult result = convert_trainable(m.name, training);
    ASSERT_TRUE(result.ok()) << result.text();
    AlignedBytes bytes(result.bytes);
    Model model = must(Model::load(bytes.span(), training_operators()));
    Plan plan = must(Plan::create(model, {}));
    Session session = must(Session::create(plan, {}));
    Result<uint32_t> train = model.find_entry_point("train");
    ASSERT_TRUE(train.ok());
    std::vector<float> losses;
    for (int step = 0; step < 8; ++step) {
      Shape x = must(session.input_shape(train.value(), 0));
      std::vector<float> pixels(static_cast<size_t>(x.elements()));
      for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<float>(i % 17) / 17;
      write(session, train.value(), 0, pixels);
      Shape target = must(session.input_shape(train.value(), 1));
      if (m.loss == Loss::mse) {
        write(session, train.value(), 1,
              std::vector<float>(static_cast<size_t>(target.elements()), 0.5f));
      } else {
        std::vector<int32_t> labels = {0, 1, 1};
        Span<uint8_t> memory = must(session.input(train.value(), 1));
        memcpy(memory.data, labels.data(), memory.size);
      }
      write(session, train.value(), 2, {m.rate});
      Status status = session.run(train.value());
      ASSERT_TRUE(status.ok()) << text_of(status);
      losses.push_back(read(session, train.value(), 0)[0]);
    }
    EXPECT_LT(losses.back(), losses.front());
  }
}

TEST(ConvertTrainable, RefusesQuantizedModels) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  ConvertResult result = convert_trainable("mlperf_tiny/vww_96_int8", {});
  EXPECT_TRUE(result.bytes.empty());
  EXPECT_NE(result.text().find("the model is quantized (train the float model"), std::string::npos)
      << result.text();
}

}  // namespace
}  // namespace mote::test
