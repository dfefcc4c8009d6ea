// Whole convolutional networks of ONNX: nothing but the input changes its layout, and the networks
// with generated weights give their published results.
#include <utility>

#include "mote/converter.h"
#include "mote/platform.h"
#include "support/built_model.h"
#include "support/golden.h"

namespace mote::test {
namespace {

struct Network {
  const char* path;
  size_t transposes;
  const char* why;
  std::vector<std::pair<const char*, int32_t>> sizes = {};  // that the model leaves open
};

constexpr const char* kInput = "the input";
// A shuffle of channels is a transpose itself.
constexpr const char* kShuffles = "the input and 16 shuffles of channels";

// Where the weights are made at run they cannot be stored in another order.
constexpr const char* kGeneratedWeights = "the input and the flatten before generated weights";

const Network kNetworks[] = {
    {"onnx_light/light_bvlc_alexnet", 2, kGeneratedWeights},
    {"onnx_light/light_densenet121", 1, kInput},
    {"onnx_light/light_inception_v1", 1, kInput},
    {"onnx_light/light_inception_v2", 1, kInput},
    {"onnx_light/light_resnet50", 1, kInput},
    {"onnx_light/light_shufflenet", 17, kShuffles},
    {"onnx_light/light_squeezenet", 1, kInput},
    {"onnx_light/light_vgg19", 2, kGeneratedWeights},
    {"onnx_light/light_zfnet512", 2, kGeneratedWeights},
    {"pytorch/kws_model", 0, "one channel needs none"},
    {"pytorch/resnet20_cifar10", 1, kInput, {{"n", 1}}},
    {"ppocr/ch_ppocr_mobile_v2.0_cls_infer",
     1,
     kInput,
     {{"p2o.DynamicDimension.0", 1},
      {"p2o.DynamicDimension.1", 48},
      {"p2o.DynamicDimension.2", 192}}},
    {"basic_pitch/nmp", 0, "one channel needs none", {{"unk__749", 1}}},
};

class OnnxNetwork : public testing::TestWithParam<Network> {
 protected:
  void SetUp() override {
    if (material_dir() == nullptr) GTEST_SKIP() << "MOTE_MATERIAL_DIR is not set";
    path = std::string(material_dir()) + "/models/" + GetParam().path;
    std::vector<uint8_t> source = read_file(path + ".onnx");
    ConvertOptions options;
    for (const auto& [name, size] : GetParam().sizes) options.dimension_bounds[name] = {size, size};
    ConvertResult result = convert({source.data(), source.size()}, options);
    ASSERT_TRUE(result.ok()) << result.text();
    bytes = AlignedBytes(result.bytes);
    model = must(Model::load(bytes.span(), inference_operators()));
  }

  std::string path;
  AlignedBytes bytes;
  Model model;
};

TEST_P(OnnxNetwork, StaysChannelsLast) {
  size_t count = 0;
  std::string places;
  for (uint32_t i = 0; i < model.operator_count(); ++i) {
    OperatorInfo op = model.operator_info(i);
    if (std::string(op.name) != "transpose") continue;
    ++count;
    places += std::string(op.location) + "; ";
  }
  EXPECT_EQ(count, GetParam().transposes) << GetParam().why << "; found: " << places;
}

// ONNX's own backend tests give these networks 0, 1/n, 2/n, ...
class LightNetwork : public OnnxNetwork {};

TEST_P(LightNetwork, GivesItsPublishedResult) {
  Plan plan = must(Plan::create(model));
  Session session = must(Session::create(plan));
  Span<uint8_t> input = must(session.input(0, 0u));
  const size_t count = input.size / sizeof(float);
  for (size_t i = 0; i < count; ++i) {
    auto x = static_cast<float>(static_cast<double>(i) / static_cast<double>(count));
    memcpy(input.data + i * sizeof x, &x, sizeof x);
  }
  Status status = session.run();
  ASSERT_TRUE(status.ok()) << text_of(status);
  // A TensorProto ends with its elements.
  std::vector<uint8_t> expected = read_file(path + "_output_0.pb");
  Span<const uint8_t> got = must(session.output(0, 0u));
  ASSERT_LT(got.size, expected.size());
  const uint8_t* elements = expected.data() + expected.size() - got.size;
  for (size_t i = 0; i < got.size; i += sizeof(float)) {
    float a, b;
    memcpy(&a, got.data + i, sizeof a);
    memcpy(&b, elements + i, sizeof b);
    // The reference's tolerance for these networks is 1e-3 of the value.
    ASSERT_NEAR(a, b, 1e-4 * std::abs(b) + 1e-7) << "element " << i / sizeof(float);
  }
}

// The others have golden sets of their own.
std::vector<Network> light_networks() {
  std::vector<Network> list(std::begin(kNetworks), std::end(kNetworks));
  std::erase_if(list, [](const Network& n) {
    return std::string(n.path).find("light_") == std::string::npos;
  });
  return list;
}

INSTANTIATE_TEST_SUITE_P(Networks, LightNetwork, testing::ValuesIn(light_networks()),
                         [](const auto& info) { return test_name(info.param.path); });
INSTANTIATE_TEST_SUITE_P(Networks, OnnxNetwork, testing::ValuesIn(kNetworks),
                         [](const auto& info) { return test_name(info.param.path); });

}  // namespace
}  // namespace mote::test
