// TensorFlow Lite Micro's LSTM examples read a digit row by row; each of the ten samples is read
// right, as float and with an int16 cell.
#include <stb_image.h>

#include <algorithm>
#include <string>

#include "mote/converter.h"
#include "support/built_model.h"
#include "support/golden.h"

namespace mote::test {
namespace {

constexpr size_t kSide = 28;

std::vector<uint8_t> pixels(const std::string& path) {
  std::vector<uint8_t> file = read_file(path);
  int width = 0, height = 0, channels = 0;
  uint8_t* grey = stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &width, &height,
                                        &channels, 1);
  EXPECT_NE(grey, nullptr) << path;
  EXPECT_EQ(width * height, static_cast<int>(kSide * kSide));
  std::vector<uint8_t> image(grey, grey + kSide * kSide);
  stbi_image_free(grey);
  return image;
}

std::string sample(int digit) {
  return std::string(material_dir()) + "/data/mnist_samples/sample" + std::to_string(digit) +
         ".png";
}

template <class T>
int largest(Span<const uint8_t> bytes) {
  const T* y = reinterpret_cast<const T*>(bytes.data);
  return static_cast<int>(std::max_element(y, y + bytes.size / sizeof(T)) - y);
}

class Digits : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
    std::vector<uint8_t> file =
        read_file(std::string(material_dir()) + "/models/tflm/" + GetParam() + ".tflite");
    ConvertResult result = convert({file.data(), file.size()});
    ASSERT_TRUE(result.ok()) << result.text();
    bytes = AlignedBytes(result.bytes);
    model = must(Model::load(bytes.span(), inference_operators()));
    plan = must(Plan::create(model));
  }

  // What the session reads in the sample after those that it has read before.
  int read(Session& session, int digit) {
    std::vector<uint8_t> image = pixels(sample(digit));
    Span<uint8_t> input = must(session.input(0, 0));
    bool is_float = input.size == image.size() * sizeof(float);
    for (size_t i = 0; i < image.size(); ++i) {
      // The quantized model's scale is 1/255 and its zero point -128.
      if (is_float) {
        reinterpret_cast<float*>(input.data)[i] = static_cast<float>(image[i]) / 255;
      } else {
        input.data[i] = static_cast<uint8_t>(image[i] - 128);
      }
    }
    EXPECT_TRUE(session.run().ok());
    Span<const uint8_t> output = must(session.output(0, 0));
    return is_float ? largest<float>(output) : largest<int8_t>(output);
  }

  AlignedBytes bytes;
  Model model;
  Plan plan;
};

TEST_P(Digits, AllTenAreReadRight) {
  Session session = must(Session::create(plan));
  for (int digit = 0; digit < 10; ++digit) {
    session.reset_states();
    EXPECT_EQ(read(session, digit), digit);
  }
}

TEST_P(Digits, TheStateOutlivesARun) {
  Session session = must(Session::create(plan));
  auto read_three = [&] {
    read(session, 3);
    Span<const uint8_t> y = must(session.output(0, 0));
    return std::vector<uint8_t>(y.begin(), y.end());
  };
  std::vector<uint8_t> first = read_three();
  EXPECT_NE(read_three(), first);
  session.reset_states();
  EXPECT_EQ(read_three(), first);
}

INSTANTIATE_TEST_SUITE_P(, Digits, testing::Values("trained_lstm", "trained_lstm_int8"));

}  // namespace
}  // namespace mote::test
