#include "trainer/random.h"

#include "train/ops/dropout_mask/philox.h"

namespace mote::trainer {

std::array<uint32_t, 4> Random::block(uint64_t number) const {
  PhiloxBlock counter = {
      {static_cast<uint32_t>(number), static_cast<uint32_t>(number >> 32), part_, stream_}};
  PhiloxBlock x = philox(counter, {{key_[0], key_[1]}});
  return {x.words[0], x.words[1], x.words[2], x.words[3]};
}

uint32_t Random::below(uint64_t index, uint32_t n) const {
  std::array<uint32_t, 4> b = block(index);
  // The integer part of n times the fraction of the two words.
  return static_cast<uint32_t>((b[0] * uint64_t{n} + ((b[1] * uint64_t{n}) >> 32)) >> 32);
}

}  // namespace mote::trainer
