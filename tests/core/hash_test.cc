#include "base/hash.h"

#include <gtest/gtest.h>
#define XXH_INLINE_ALL  // header only
#include <xxhash.h>

#include <random>
#include <vector>

namespace mote {
namespace {

// Against the reference implementation (Debian's libxxhash).
TEST(Hash, EqualsTheReferenceForEveryLength) {
  std::mt19937 random(1);
  std::vector<uint8_t> data(600);
  for (uint8_t& b : data) b = static_cast<uint8_t>(random());
  for (size_t n = 0; n <= data.size(); ++n) {
    EXPECT_EQ(xxh64(data.data(), n, 0), XXH64(data.data(), n, 0)) << n;
    EXPECT_EQ(xxh64(data.data(), n, 77), XXH64(data.data(), n, 77)) << n;
  }
}

}  // namespace
}  // namespace mote
