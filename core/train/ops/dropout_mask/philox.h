// Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as
// easy as 1, 2, 3; SC 2011): any block can be drawn by itself, so tiles need no order.
#pragma once

#include <cstdint>

namespace mote {

struct PhiloxKey {
  uint32_t words[2];
};
struct PhiloxBlock {
  uint32_t words[4];
};

inline PhiloxBlock philox(PhiloxBlock counter, PhiloxKey key) {
  // Multipliers and increments of the paper; the increments are the golden ratio and sqrt(3) - 1.
  constexpr uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr uint32_t kIncrement0 = 0x9E3779B9, kIncrement1 = 0xBB67AE85;
  constexpr int kRounds = 10;
  PhiloxBlock x = counter;
  for (int round = 0; round < kRounds; ++round) {
    uint64_t a = kMultiplier0 * x.words[0], b = kMultiplier1 * x.words[2];
    x = {{static_cast<uint32_t>(b >> 32) ^ x.words[1] ^ key.words[0], static_cast<uint32_t>(b),
          static_cast<uint32_t>(a >> 32) ^ x.words[3] ^ key.words[1], static_cast<uint32_t>(a)}};
    key.words[0] += kIncrement0;
    key.words[1] += kIncrement1;
  }
  return x;
}

}  // namespace mote
