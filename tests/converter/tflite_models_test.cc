// Real models: those within the operator set convert and load, the others are refused with a list.
#include <gtest/gtest.h>

#include "mote/converter.h"
#include "support/golden.h"

namespace mote::test {
namespace {

constexpr const char* kConverted[] = {
    "tflm/hello_world_float",
    "tflm/hello_world_int8",
    "tflm/person_detect",
    "tflm/trained_lstm",
    "tflm/trained_lstm_int8",
    "tflm/micro_speech_quantized",
    "mlperf_tiny/ad01_fp32",
    "mlperf_tiny/ad01_int8",
    "mlperf_tiny/kws_ref_model",
    "mlperf_tiny/kws_ref_model_float32",
    "mlperf_tiny/pretrainedResnet",
    "mlperf_tiny/pretrainedResnet_quant",
    "mlperf_tiny/vww_96_float",
    "mlperf_tiny/vww_96_int8",
    "coral/mobilenet_v1_0.25_128_quant",
    "coral/mobilenet_v2_1.0_224_quant",
    "coral/tf2_mobilenet_v2_1.0_224_ptq",
    "coral/deeplabv3_mnv2_dm05_pascal_quant",
    "mediapipe/face_detection_short_range",
    "mediapipe/hand_landmark_lite",
    "litert_blocks/attn_vec_einsum",
    "litert_blocks/ff",
    "litert_blocks/l2_norm_composite",
    "litert_blocks/norm",
    "litert_blocks/odml_sdpa_composite_mha",
    "litert_blocks/q_einsum",
    "litert_blocks/rope",
    "litert_blocks/simple_group_norm_op",
};

std::vector<uint8_t> model(const std::string& name) {
  return read_file(std::string(material_dir()) + "/" + name);
}

class ConvertsModel : public testing::TestWithParam<const char*> {};

TEST_P(ConvertsModel, WithAndWithoutOptimization) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  std::vector<uint8_t> bytes = model(std::string("models/") + GetParam() + ".tflite");
  for (bool optimize : {true, false}) {
    ConvertOptions options;
    options.optimize = optimize;
    ConvertResult result = convert({bytes.data(), bytes.size()}, options);
    EXPECT_TRUE(result.ok()) << result.text();
    EXPECT_FALSE(result.bytes.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(, ConvertsModel, testing::ValuesIn(kConverted),
                         [](const auto& i) { return test_name(i.param); });

TEST(RefusesModel, AndNamesEveryUnsupportedOperator) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  std::vector<uint8_t> bytes = model("models/tflm/audio_preprocessor_int8.tflite");
  ConvertResult result = convert({bytes.data(), bytes.size()});
  EXPECT_TRUE(result.bytes.empty());
  // One report for all custom operators, and one for a type.
  EXPECT_EQ(result.diagnostics.size(), 2u);
  for (const char* name :
       {"SignalWindow", "SignalFftAutoScale", "SignalRfft", "SignalEnergy", "SignalFilterBank",
        "SignalFilterBankSquareRoot", "SignalFilterBankSpectralSubtraction", "SignalPCAN",
        "SignalFilterBankLog"})
    EXPECT_NE(result.text().find(name), std::string::npos) << name;
}

TEST(Convert, PassesItsOwnFilesThrough) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  std::vector<uint8_t> bytes = model("models/tflm/hello_world_int8.tflite");
  ConvertResult first = convert({bytes.data(), bytes.size()});
  ConvertResult second = convert({first.bytes.data(), first.bytes.size()});
  EXPECT_TRUE(second.ok()) << second.text();
  EXPECT_EQ(first.bytes, second.bytes);
}

TEST(Convert, ADynamicBatchReachesEveryOperator) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  std::vector<uint8_t> bytes = model("models/coral/mobilenet_v1_0.25_128_quant.tflite");
  ConvertOptions options;
  ShapeBounds shape;
  shape.rank = 4;
  shape.dims[0] = {1, 8};
  shape.dims[1] = shape.dims[2] = {128, 128};
  shape.dims[3] = {3, 3};
  options.input_shapes["input"] = shape;
  ConvertResult result = convert({bytes.data(), bytes.size()}, options);
  EXPECT_TRUE(result.ok()) << result.text();
}

}  // namespace
}  // namespace mote::test
