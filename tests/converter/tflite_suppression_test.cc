// NON_MAX_SUPPRESSION_V4 and V5, with the results of LiteRT 2.3.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "mote/converter.h"
#include "mote/session.h"
#include "support/aligned_bytes.h"
#include "tflite_builder.h"

namespace mote::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

enum : int32_t { kV4 = 120, kV5 = 121 };

struct TfliteSuppression : testing::Test {
  // Boxes 0 and 1 overlap by a half.
  const std::vector<float> boxes = {0, 0, 1, 2, 0, 0, 1, 1, 5, 5, 6, 6};
  const std::vector<float> scores = {0.9F, 0.8F, 0.7F};

  static ConvertResult converted(int32_t code, float iou, float sigma = 0) {
    TfliteBuilder b;
    auto real = [&](float value) {
      return b.tensor({"real", {}, {}, {}, {}, 0, bytes_of(std::vector<float>{value})});
    };
    std::vector<int32_t> in = {b.tensor({"boxes", {3, 4}}), b.tensor({"scores", {3}})};
    std::vector<int32_t> operands = {in[0], in[1], b.ints({4}), real(iou), real(0)};
    std::vector<int32_t> out = {b.tensor({"selected", {4}, tfl::TensorType::INT32})};
    if (code == kV5) {
      operands.push_back(real(sigma));
      out.push_back(b.tensor({"chosen", {4}}));
    }
    out.push_back(b.tensor({"count", {}, tfl::TensorType::INT32}));
    b.op(code, operands, out);
    b.subgraph(in, out);
    const std::vector<uint8_t> bytes = b.finish();
    return convert_tflite({bytes.data(), bytes.size()});
  }

  template <class T>
  static std::vector<T> output(const Session& session, const char* name) {
    const Span<const uint8_t> bytes =
        session.output(0, session.find_output(0, name).value()).value();
    std::vector<T> list(bytes.size / sizeof(T));
    memcpy(list.data(), bytes.data, bytes.size);
    return list;
  }
  // Runs the model and hands its session to `look`.
  template <class Look>
  void run(int32_t code, float iou, Look&& look) {
    ConvertResult result = converted(code, iou);
    ASSERT_TRUE(result.ok()) << result.text();
    AlignedBytes bytes(result.bytes);
    Result<Model> model = Model::load(bytes.span(), inference_operators());
    ASSERT_TRUE(model.ok());
    Result<Plan> plan = Plan::create(model.value());
    ASSERT_TRUE(plan.ok());
    Result<Session> session = Session::create(plan.value());
    ASSERT_TRUE(session.ok());
    memcpy(session.value().input(0, 0).value().data, boxes.data(), boxes.size() * sizeof(float));
    memcpy(session.value().input(0, 1).value().data, scores.data(), scores.size() * sizeof(float));
    ASSERT_TRUE(session.value().run(0).ok());
    look(session.value());
  }
};

TEST_F(TfliteSuppression, BoxesOfJustTheThresholdAreDropped) {
  run(kV4, 0.5F, [](const Session& s) {
    EXPECT_THAT(output<int32_t>(s, "selected"), ElementsAre(0, 2, 0, 0));
    EXPECT_THAT(output<int32_t>(s, "count"), ElementsAre(2));
  });
}

TEST_F(TfliteSuppression, BoxesBelowItStay) {
  run(kV4, std::nextafter(0.5F, 1.0F), [](const Session& s) {
    EXPECT_THAT(output<int32_t>(s, "selected"), ElementsAre(0, 1, 2, 0));
    EXPECT_THAT(output<int32_t>(s, "count"), ElementsAre(3));
  });
}

TEST_F(TfliteSuppression, AThresholdOfZeroLeavesOneBox) {
  run(kV4, 0, [](const Session& s) { EXPECT_THAT(output<int32_t>(s, "count"), ElementsAre(1)); });
}

TEST_F(TfliteSuppression, ScoresBehindTheCountAreZero) {
  run(kV5, 0.5F, [](const Session& s) {
    EXPECT_THAT(output<int32_t>(s, "selected"), ElementsAre(0, 2, 0, 0));
    EXPECT_THAT(output<float>(s, "chosen"), ElementsAre(0.9F, 0.7F, 0, 0));
    EXPECT_THAT(output<int32_t>(s, "count"), ElementsAre(2));
  });
}

TEST_F(TfliteSuppression, SoftSuppressionIsRefused) {
  EXPECT_THAT(converted(kV5, 0.5F, 0.5F).text(), HasSubstr("only a sigma of 0"));
}

}  // namespace
}  // namespace mote::test
