// Random numbers that are a function of (seed, stream, index): Philox4x32-10 (Salmon et al. 2011,
// "Parallel random numbers: as easy as 1, 2, 3"), the same on every machine and in every order.
#pragma once

#include <array>
#include <cstdint>

namespace mote::trainer {

// What the numbers are for: no two uses share them.
enum class Stream : uint32_t { initial_weights = 1, order = 2, flips = 3 };

class Random {
 public:
  // `part` tells apart the uses of one stream: the layer, the epoch.
  Random(uint64_t seed, Stream stream, uint32_t part)
      : key_{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)},
        stream_(static_cast<uint32_t>(stream)),
        part_(part) {}

  // 32 random bits for every index.
  uint32_t bits(uint64_t index) const { return block(index / 4)[index % 4]; }
  // In [0, 1), a multiple of 2^-24.
  float uniform(uint64_t index) const {
    return static_cast<float>(bits(index) >> 8) * (1.0f / 16777216.0f);
  }
  // In [0, n); n < 2^32. Of 64 bits, so that no value is favoured by more than 2^-32.
  uint32_t below(uint64_t index, uint32_t n) const;

 private:
  std::array<uint32_t, 4> block(uint64_t number) const;

  uint32_t key_[2];
  uint32_t stream_;
  uint32_t part_;
};

}  // namespace mote::trainer
