// Which samples a step sees: functions of (seed, epoch), so that training can go on anywhere.
#pragma once

#include <cstdint>
#include <vector>

#include "mote/trainer.h"

namespace mote::trainer {

// The permutation of `samples` indices for an epoch (from 0).
std::vector<uint32_t> epoch_order(uint64_t seed, uint32_t epoch, size_t samples);
// Whether a sample is mirrored in an epoch.
bool is_flipped(uint64_t seed, uint32_t epoch, uint32_t sample);

// Writes samples as a model's float32 input takes them.
class SampleWriter {
 public:
  // Both must outlive this object; throws when they do not fit each other.
  SampleWriter(const Dataset& data, const Normalization& normalization);
  void write(size_t sample, bool flipped, float* out) const;

 private:
  float value(size_t element, size_t channel) const {
    return table_.empty() ? (data_.values[element] - mean_[channel]) / deviation_[channel]
                          : table_[channel * 256 + data_.pixels[element]];
  }

  const Dataset& data_;
  size_t elements_, channels_, width_;
  std::vector<float> mean_, deviation_;  // per channel
  std::vector<float> table_;             // channel, pixel -> value
};

}  // namespace mote::trainer
