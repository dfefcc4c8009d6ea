// How much memory converting a model takes: its weights are most of it, and are to be held at most
// twice at any time.
#include "memory/count_calls.h"
#include "mote/converter.h"
#include "support/built_model.h"
#include "support/onnx_maker.h"

namespace mote::test {
namespace {

constexpr int64_t kLayers = 8;

// Products with matrices: stored the other way around in ONNX, so that each is transposed.
std::vector<uint8_t> products() {
  constexpr int64_t kWidth = 512;
  OnnxMaker m("products");
  m.input("x", {"1", "512"});
  std::string x = "x";
  for (int64_t i = 0; i < kLayers; ++i) x = m.op("MatMul", {x, m.raw_weights({kWidth, kWidth})});
  m.output(x);
  return m.finish().bytes;
}

// Convolutions, whose weights are transposed, with batch normalization, which scales them.
std::vector<uint8_t> convolutions() {
  constexpr int64_t kChannels = 170;
  OnnxMaker m("convolutions");
  m.input("x", {"1", "170", "3", "3"});
  std::string x = "x";
  for (int64_t i = 0; i < kLayers; ++i) {
    std::string ones = m.floats({kChannels}, std::vector<float>(kChannels, 1));
    x = m.op("Conv", {x, m.raw_weights({kChannels, kChannels, 3, 3})}, {{"pads", {1, 1, 1, 1}}});
    x = m.op("Relu", {m.op("BatchNormalization", {x, ones, ones, ones, ones})});
  }
  m.output(x);
  return m.finish().bytes;
}

// The most bytes held while the model is converted, the source's included, per byte of the source.
double memory_ratio(std::vector<uint8_t> source) {
  const double bytes = static_cast<double>(source.size());
  start_measuring();
  ConvertResult result = convert_owned(std::move(source));
  const double most = bytes + static_cast<double>(most_bytes_held());
  EXPECT_TRUE(result.ok()) << result.text();
  return most / bytes;
}

// Twice, and a layer's weights more while it is computed.
TEST(ConversionMemory, IsTwiceTheSource) {
  EXPECT_LE(memory_ratio(products()), 2.5);
  EXPECT_LE(memory_ratio(convolutions()), 2.5);
}

}  // namespace
}  // namespace mote::test
