// What a training's course is made of: random numbers, orders, flips, schedules, normalization.
#include <gmock/gmock.h>

#include <algorithm>

#include "data.h"
#include "trainer/batches.h"
#include "trainer/dataset.h"

namespace mote::test {
namespace {

using testing::HasSubstr;

TEST(Random, EqualsTheGeneratorsPublishedValues) {
  // Random123's known answer for philox4x32-10 of counter and key zero.
  trainer::Random zero(0, trainer::Stream{0}, 0);
  EXPECT_EQ(zero.bits(0), 0x6627e8d5u);
  EXPECT_EQ(zero.bits(1), 0xe169c58du);
  EXPECT_EQ(zero.bits(2), 0xbc57ac4cu);
  EXPECT_EQ(zero.bits(3), 0x9b00dbd8u);
}

TEST(Random, BelowStaysBelowAndReachesEveryValue) {
  trainer::Random random(3, trainer::Stream::order, 7);
  std::vector<int> seen(10, 0);
  for (uint64_t i = 0; i < 10000; ++i) ++seen.at(random.below(i, 10));
  // 1000 expected, deviation 30: six of them.
  for (int n : seen) EXPECT_NEAR(n, 1000, 180);
}

TEST(Order, IsAPermutationOfItsOwnPerEpochAndSeed) {
  std::vector<uint32_t> a = trainer::epoch_order(1, 0, 1000);
  EXPECT_EQ(a, trainer::epoch_order(1, 0, 1000));
  EXPECT_NE(a, trainer::epoch_order(1, 1, 1000));
  EXPECT_NE(a, trainer::epoch_order(2, 0, 1000));
  std::sort(a.begin(), a.end());
  for (uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(a[i], i);
}

TEST(Order, IsTheSameOnEveryMachine) {
  // From a model in Python of the generator and of Fisher and Yates's loop.
  EXPECT_EQ(trainer::epoch_order(42, 3, 8), (std::vector<uint32_t>{1, 5, 7, 4, 3, 0, 6, 2}));
}

TEST(Flips, AreAboutHalfAndDifferPerEpoch) {
  int flipped = 0, same = 0;
  for (uint32_t i = 0; i < 10000; ++i) {
    flipped += trainer::is_flipped(1, 0, i);
    same += trainer::is_flipped(1, 0, i) == trainer::is_flipped(1, 1, i);
  }
  // Deviation 50: six of them.
  EXPECT_NEAR(flipped, 5000, 300);
  EXPECT_NEAR(same, 5000, 300);
}

TEST(Schedule, ConstantAndLinear) {
  Schedule s{Schedule::Kind::constant, 0.5, 0, 0.2};
  EXPECT_EQ(learning_rate(s, 0, 10), 0.5f);
  EXPECT_EQ(learning_rate(s, 9, 10), 0.5f);
  s = {Schedule::Kind::linear, 1.0, 0.5, 0};
  EXPECT_EQ(learning_rate(s, 0, 10), 1.0f);
  EXPECT_EQ(learning_rate(s, 5, 10), 0.75f);
}

TEST(Schedule, OneCycleRisesOverItsShareAndFallsToZero) {
  Schedule s{Schedule::Kind::one_cycle, 1.0, 0, 0.25};
  EXPECT_EQ(learning_rate(s, 0, 16), 0.0f);
  EXPECT_EQ(learning_rate(s, 2, 16), 0.5f);
  EXPECT_EQ(learning_rate(s, 4, 16), 1.0f);
  EXPECT_EQ(learning_rate(s, 10, 16), 0.5f);
  EXPECT_EQ(learning_rate(s, 16, 16), 0.0f);
  s.warm_up = 0;
  EXPECT_EQ(learning_rate(s, 0, 16), 1.0f);
}

TEST(Normalization, IsThatOfTheFormulaAndSurvivesItsText) {
  Dataset data;
  data.sample_shape = {1, 2, 2};
  data.pixels = {0, 255, 51, 102};
  data.labels = {0};
  Normalization n{{0.25f, 0.5f}, {0.5f, 0.1f}};
  float out[4];
  normalize(data, n, 0, 1, out);
  EXPECT_FLOAT_EQ(out[0], -0.5f);
  EXPECT_FLOAT_EQ(out[1], 5.0f);
  EXPECT_FLOAT_EQ(out[2], -0.1f);
  EXPECT_FLOAT_EQ(out[3], -1.0f);
  std::optional<Normalization> back = parse_normalization(normalization_text(n).c_str());
  EXPECT_EQ(back->mean, n.mean);
  EXPECT_EQ(back->deviation, n.deviation);
}

TEST(Normalization, TextThatIsNoneIsRefused) {
  EXPECT_FALSE(parse_normalization(nullptr).has_value());
  for (const char* text :
       {"", "1", "{}", "{\"mean\":[0]}", "{\"mean\":[],\"deviation\":[1]}",
        "{\"mean\":[0],\"deviation\":[0]}", "{\"mean\":[1e999],\"deviation\":[1]}",
        "{\"mean\":[\"x\"],\"deviation\":[1]}", "{\"mean\":[0],\"deviation\":[1e99]}"})
    EXPECT_NE(error_of([&] { parse_normalization(text); }), "") << text;
}

TEST(Samples, AreMirroredByRows) {
  Dataset data;
  data.sample_shape = {2, 3, 2};
  data.values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  data.labels = {0};
  trainer::SampleWriter writer(data, {});
  std::vector<float> out(12);
  writer.write(0, true, out.data());
  EXPECT_EQ(out, (std::vector<float>{4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7}));
}

TEST(Data, ThatDoNotFitTheModelAreRefused) {
  Dataset data = quarters(4);
  EXPECT_EQ(error_of([&] { trainer::check_dataset(data, {8, 8, 1}, 4); }), "");
  EXPECT_EQ(error_of([&] { trainer::check_dataset(data, {8, 8}, 4); }), "");
  EXPECT_NE(error_of([&] { trainer::check_dataset(data, {64}, 4); }), "");
  EXPECT_THAT(error_of([&] { trainer::check_dataset(data, {28, 28, 1}, 4); }),
              HasSubstr("the samples are 8x8x1, the model takes 28x28x1"));
  data.labels[2] = 4;
  EXPECT_THAT(error_of([&] { trainer::check_dataset(data, {8, 8, 1}, 4); }),
              HasSubstr("label 2 is 4, the model has the classes 0 to 3"));
  data.labels[2] = -1;
  EXPECT_THAT(error_of([&] { trainer::check_dataset(data, {8, 8, 1}, 4); }),
              HasSubstr("label 2 is -1"));
  data = quarters(4);
  data.pixels.pop_back();
  EXPECT_THAT(error_of([&] { trainer::check_dataset(data, {8, 8, 1}, 4); }),
              HasSubstr("255 pixels"));
  data = quarters(4);
  data.values.assign(256, 0);
  EXPECT_NE(error_of([&] { trainer::check_dataset(data, {8, 8, 1}, 4); }), "");
}

}  // namespace
}  // namespace mote::test
