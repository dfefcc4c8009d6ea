// Any bytes are refused with an error or converted; none crashes or hangs.
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <random>

#include "converter/tflite_builder.h"
#include "mote/converter.h"
#include "support/golden.h"

namespace mote::test {
namespace {

void expect_an_answer(const std::vector<uint8_t>& bytes) {
  ConvertResult result = convert({bytes.data(), bytes.size()});
  EXPECT_EQ(result.ok(), !result.bytes.empty());
}

TEST(TfliteMalformed, ShortAndForeignFilesAreRefused) {
  for (const std::string& text : {std::string(), std::string("\x1c\0\0\0TFL3", 8),
                                  std::string(64, '\xff'), std::string("MOTE\r\n\x1a\n")}) {
    std::vector<uint8_t> bytes(text.begin(), text.end());
    ConvertResult result = convert({bytes.data(), bytes.size()});
    EXPECT_FALSE(result.ok());
    EXPECT_FALSE(result.text().empty());
  }
}

// A vector of 64-bit numbers that starts 4 bytes off: the verifier lets it pass.
TEST(TfliteMalformed, MisalignedZeroPointsAreRead) {
  TfliteBuilder builder;
  TensorSpec x = {"x", {4}, tfl::TensorType::INT8, {0.5f}, {1}};
  TensorSpec y = x;
  y.name = "y";
  int32_t in = builder.tensor(x), out = builder.tensor(y);
  builder.op(19 /* RELU */, {in}, {out});
  builder.subgraph({in}, {out});
  std::vector<uint8_t> bytes = builder.finish();
  const tfl::Model* model = tfl::GetModel(bytes.data());
  const auto* q = (*(*model->subgraphs())[0]->tensors())[0]->quantization();
  const auto* table = reinterpret_cast<const flatbuffers::Table*>(q);
  auto* field =
      const_cast<uint8_t*>(table->GetAddressOf(tfl::QuantizationParameters::VT_ZERO_POINT));
  uint32_t offset;
  memcpy(&offset, field, 4);
  offset += 4;  // the length is read from the zero point 1, the number from 4 bytes further on
  memcpy(field, &offset, 4);
  expect_an_answer(bytes);
}

template <class T>
std::vector<uint8_t> range(tfl::TensorType type, T start, T limit, T delta) {
  TfliteBuilder b;
  std::vector<int32_t> operands;
  for (T n : {start, limit, delta})
    operands.push_back(b.tensor({"n", {}, type, {}, {}, 0, bytes_of(std::vector<T>{n})}));
  int32_t numbers = b.tensor({"numbers", {1}, type}), x = b.tensor({"x", {1}, type}),
          y = b.tensor({"y", {1}, type});
  b.op(96 /* RANGE */, operands, {numbers});
  b.op(0 /* ADD */, {x, numbers}, {y});
  b.subgraph({x}, {y});
  return b.finish();
}

// The sum behind the last element is beyond the type.
TEST(TfliteMalformed, RangesReachTheEndsOfTheirType) {
  constexpr int64_t kStep = int64_t{1} << 62;
  for (const std::vector<uint8_t>& bytes :
       {range<int32_t>(tfl::TensorType::INT32, INT32_MAX - 5, INT32_MAX, 3),
        range<int64_t>(tfl::TensorType::INT64, INT64_MIN, INT64_MAX, kStep),
        range<int64_t>(tfl::TensorType::INT64, INT64_MAX, INT64_MIN, -kStep)}) {
    ConvertResult result = convert({bytes.data(), bytes.size()});
    EXPECT_TRUE(result.ok()) << result.text();
  }
  for (const std::vector<uint8_t>& bytes :
       {range<int64_t>(tfl::TensorType::INT64, INT64_MIN, INT64_MAX, 1),
        range<int32_t>(tfl::TensorType::INT32, 0, 5, 0),
        range<int32_t>(tfl::TensorType::INT32, 0, -5, 1)}) {
    ConvertResult result = convert({bytes.data(), bytes.size()});
    EXPECT_FALSE(result.ok());
  }
}

TEST(TfliteMalformed, OddFilesGetAnAnswer) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  namespace fs = std::filesystem;
  for (const auto& e : fs::directory_iterator(std::string(material_dir()) + "/robustness"))
    expect_an_answer(read_file(e.path().string()));
}

TEST(TfliteMalformed, CutFilesGetAnAnswer) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  std::vector<uint8_t> bytes =
      read_file(std::string(material_dir()) + "/models/tflm/hello_world_int8.tflite");
  for (size_t n = 0; n < bytes.size(); n += 7)
    expect_an_answer({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)});
}

TEST(TfliteMalformed, ChangedFilesGetAnAnswer) {
  if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
  constexpr uint32_t kOddWords[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 65536};
  std::mt19937 random(1);
  for (const char* name : {"models/tflm/hello_world_int8.tflite", "robustness/call_once_mul.bin",
                           "models/tflm/hello_world_float.tflite",
                           "robustness/multi_signatures.bin", "robustness/dynamic_shapes.bin"}) {
    std::vector<uint8_t> original = read_file(std::string(material_dir()) + "/" + name);
    for (int i = 0; i < 1000; ++i) {
      std::vector<uint8_t> bytes = original;
      for (uint32_t k = 0; k <= random() % 4; ++k) {
        size_t at = random() % bytes.size() & ~size_t{3};
        uint32_t word = kOddWords[random() % std::size(kOddWords)];
        if (random() % 2 == 0)
          bytes[at] = static_cast<uint8_t>(random());
        else if (at + 4 <= bytes.size())
          memcpy(&bytes[at], &word, 4);
      }
      expect_an_answer(bytes);
    }
  }
}

}  // namespace
}  // namespace mote::test
