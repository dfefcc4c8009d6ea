// A small file cut at every byte and with every single bit flipped: refused where hashes are on;
// without a memory error, a leak or a hang where they are off.
#include <gtest/gtest.h>

#include <chrono>

#include "exact_bytes.h"
#include "exercise.h"
#include "mote/train.h"
#include "small_models.h"

namespace mote::test {
namespace {

std::vector<Bytes> small_files() { return {write_file(classifier()), write_file(dynamic_batch())}; }

bool loads_with_hashes(Span<const uint8_t> bytes) {
  LoadOptions options;
  options.integrity = Integrity::full;
  return Model::load(bytes, training_operators(), options).ok();
}

class Damage : public testing::TestWithParam<size_t> {
 protected:
  Bytes file_ = small_files()[GetParam()];
};

TEST_P(Damage, UndamagedRuns) {
  ExactBytes bytes(file_);
  EXPECT_TRUE(loads_with_hashes(bytes.span()));
  EXPECT_EQ(exercise(bytes.span()), Reached::run);
  EXPECT_LT(file_.size(), 8192u);
}

TEST_P(Damage, CutAtEveryByteIsRefused) {
  for (size_t n = 0; n < file_.size(); ++n) {
    ExactBytes bytes(file_.data(), n);
    EXPECT_FALSE(loads_with_hashes(bytes.span())) << n;
    EXPECT_EQ(exercise(bytes.span()), Reached::nothing) << n;
  }
}

TEST_P(Damage, EveryFlippedBitIsRefusedByHashes) {
  ExactBytes bytes(file_);
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto mask = static_cast<uint8_t>(1u << bit % 8);
    bytes.data()[bit / 8] ^= mask;
    EXPECT_FALSE(loads_with_hashes(bytes.span())) << "bit " << bit;
    bytes.data()[bit / 8] ^= mask;
  }
}

TEST_P(Damage, EveryFlippedBitIsHarmlessWithoutHashes) {
  using Clock = std::chrono::steady_clock;
  // A damaged file takes microseconds; a hang would take forever. Sanitizers and a busy machine
  // are slow.
  constexpr auto kLongest = std::chrono::seconds(20);
  ExactBytes bytes(file_);
  size_t ran = 0;
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto mask = static_cast<uint8_t>(1u << bit % 8);
    bytes.data()[bit / 8] ^= mask;
    ExerciseOptions options;
    options.structure = bit % 2 == 0 ? StructureMemory::copy : StructureMemory::in_place;
    Clock::time_point begin = Clock::now();
    ran += exercise(bytes.span(), options) == Reached::run ? 1 : 0;
    EXPECT_LT(Clock::now() - begin, kLongest) << "bit " << bit;
    bytes.data()[bit / 8] ^= mask;
  }
  // Flipped weights and names are no errors: the test reaches the kernels.
  EXPECT_GT(ran, bytes.size());
}

INSTANTIATE_TEST_SUITE_P(Files, Damage, testing::Range<size_t>(0, 2));

}  // namespace
}  // namespace mote::test
