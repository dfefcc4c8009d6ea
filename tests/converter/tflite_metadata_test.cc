// What TensorFlow Lite Metadata say of a model is kept, unless the caller says otherwise.
#include <gtest/gtest.h>

#include "mote/converter.h"
#include "mote/trainer.h"
#include "support/built_model.h"
#include "support/golden.h"

namespace mote::test {
namespace {

class TfliteMetadata : public testing::Test {
 protected:
  void SetUp() override {
    if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
    file =
        read_file(std::string(material_dir()) + "/models/coral/mobilenet_v2_1.0_224_quant.tflite");
  }
  std::string text(const char* key) {
    ConvertResult result = convert({file.data(), file.size()}, options);
    EXPECT_TRUE(result.ok()) << result.text();
    AlignedBytes bytes(result.bytes);
    Model model = must(Model::load(bytes.span(), inference_operators()));
    const char* found = model.metadata(key);
    return found == nullptr ? "absent" : found;
  }

  std::vector<uint8_t> file;
  ConvertOptions options;
};

TEST_F(TfliteMetadata, LabelsComeFromThePackedFile) {
  std::string labels = text("labels");
  EXPECT_EQ(labels.substr(0, labels.find('\n')), "background");
  EXPECT_NE(labels.find("tabby"), std::string::npos);
}

// The file says (pixel - 128) / 128.
TEST_F(TfliteMetadata, NormalizationIsOfPixelsOver255) {
  auto normalization = parse_normalization(text("normalization").c_str());
  ASSERT_TRUE(normalization.has_value());
  EXPECT_EQ(normalization->mean, std::vector<float>{127.5f / 255});
  EXPECT_EQ(normalization->deviation, std::vector<float>{127.5f / 255});
}

TEST_F(TfliteMetadata, TheCallersEntriesWin) {
  options.metadata["labels"] = "own";
  EXPECT_EQ(text("labels"), "own");
}

TEST_F(TfliteMetadata, AFileThatIsCutHasNoLabels) {
  // The archive's directory stands at the end.
  file.resize(file.size() - 20);
  EXPECT_EQ(text("labels"), "absent");
}

}  // namespace
}  // namespace mote::test
