// The generator against its published vectors; masks depend on seed, step and stream alone.
#include <cmath>

#include "ops/op_codes.h"
#include "train/attributes.h"
#include "train/ops/dropout_mask/philox.h"
#include "training/doubles.h"

namespace mote::test {
namespace {

std::vector<uint32_t> words(const PhiloxBlock& b) { return {b.words, b.words + 4}; }

// Random123's known answers for philox4x32-10.
TEST(Philox, GivesThePublishedWords) {
  EXPECT_EQ(words(philox({{0, 0, 0, 0}}, {{0, 0}})),
            (std::vector<uint32_t>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(words(philox({{kOnes, kOnes, kOnes, kOnes}}, {{kOnes, kOnes}})),
            (std::vector<uint32_t>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  // Digits of pi.
  EXPECT_EQ(
      words(philox({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, {{0xa4093822, 0x299f31d0}})),
      (std::vector<uint32_t>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

struct Draw {
  std::vector<int32_t> shape = {10000};
  float rate = 0.5f;
  uint32_t stream = 0;
  std::vector<int32_t> seed = {1, 2};
  int32_t step = 1;
};

Doubles mask(const Draw& d) {
  Operands operands;
  Doubles x(static_cast<size_t>(ir::shape_of(d.shape).max().elements()), 7);
  ir::ValueId like = operands.input(d.shape, x);
  ir::ValueId seed = operands.input({2}, d.seed);
  operands.node(op_code::dropout_mask, DropoutMaskAttrs{d.rate, d.stream},
                {like, seed, operands.input({1}, std::vector<int32_t>{d.step})}, 1);
  return operands.run().at(0).second;
}

// Counter: block, 0, step, stream; key: the seed.
TEST(DropoutMask, TakesTheWordsInOrder) {
  Doubles got = mask({{11}, 0.5f, 3, {5, -6}, 9});
  for (uint32_t i = 0; i < 11; ++i) {
    PhiloxBlock block = philox({{i / 4, 0, 9, 3}}, {{5, 0xfffffffa}});
    EXPECT_EQ(got[i], block.words[i % 4] < 0x80000000 ? 0.0 : 2.0) << "element " << i;
  }
}

// However the tensor is cut into tiles, an element's place in row-major order decides.
TEST(DropoutMask, DoesNotDependOnTheShape) {
  Doubles whole = mask({{10000}});
  EXPECT_EQ(mask({{2, 50, 100}}), whole);
  Doubles part = mask({{4099}});
  EXPECT_EQ(part, Doubles(whole.begin(), whole.begin() + 4099));
}

TEST(DropoutMask, DiffersBySeedStepAndStream) {
  std::vector<Draw> draws(5);
  draws[1].stream = 1;
  draws[2].step = 2;
  draws[3].seed = {2, 2};
  draws[4].seed = {1, 3};
  for (size_t i = 0; i < draws.size(); ++i) {
    Doubles a = mask(draws[i]);
    EXPECT_EQ(a, mask(draws[i]));
    for (size_t k = 0; k < i; ++k) {
      Doubles b = mask(draws[k]);
      int equal = 0;
      for (size_t e = 0; e < a.size(); ++e) equal += a[e] == b[e] ? 1 : 0;
      // Independent fair coins: 5000 of 10000 with a deviation of 50; five of them are allowed.
      EXPECT_NEAR(equal, 5000, 250) << "draws " << i << " and " << k;
    }
  }
}

TEST(DropoutMask, DropsTheShareAndKeepsTheMean) {
  for (float rate : {0.1f, 0.25f, 0.9f}) {
    Draw d;
    d.rate = rate;
    auto share = static_cast<double>(rate);
    Doubles m = mask(d);
    double dropped = 0, n = static_cast<double>(m.size());
    for (double x : m) {
      EXPECT_TRUE(x == 0 || x == 1 / (1 - share)) << x;
      dropped += x == 0 ? 1 : 0;
    }
    // Five deviations of a binomial distribution.
    EXPECT_NEAR(dropped, n * share, 5 * std::sqrt(n * share * (1 - share))) << "rate " << rate;
  }
}

TEST(DropoutMask, OfRateZeroIsOne) {
  Draw d;
  d.rate = 0;
  EXPECT_EQ(mask(d), Doubles(10000, 1));
}

}  // namespace
}  // namespace mote::test
