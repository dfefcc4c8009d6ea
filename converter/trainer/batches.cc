#include "trainer/batches.h"

#include <numeric>

#include "trainer/failure.h"
#include "trainer/random.h"

namespace mote::trainer {
namespace {

std::vector<float> per_channel(const std::vector<float>& values, size_t channels,
                               const std::string& name) {
  if (values.size() == channels) return values;
  if (values.size() == 1) return std::vector<float>(channels, values[0]);
  wrong_use(name,
            "the normalization has " + std::to_string(values.size()) + " numbers, the samples " +
                std::to_string(channels) + " channels",
            "give one number, or one per channel");
}

}  // namespace

std::vector<uint32_t> epoch_order(uint64_t seed, uint32_t epoch, size_t samples) {
  std::vector<uint32_t> order(samples);
  std::iota(order.begin(), order.end(), 0u);
  Random random(seed, Stream::order, epoch);
  // Fisher and Yates.
  for (size_t i = samples; i > 1; --i) {
    std::swap(order[i - 1], order[random.below(i, static_cast<uint32_t>(i))]);
  }
  return order;
}

bool is_flipped(uint64_t seed, uint32_t epoch, uint32_t sample) {
  return (Random(seed, Stream::flips, epoch).bits(sample) & 1) != 0;
}

SampleWriter::SampleWriter(const Dataset& data, const Normalization& normalization)
    : data_(data),
      elements_(data.sample_elements()),
      channels_(data.sample_shape.empty() ? 1 : static_cast<size_t>(data.sample_shape.back())),
      width_(data.sample_shape.size() < 2
                 ? 1
                 : static_cast<size_t>(data.sample_shape[data.sample_shape.size() - 2])),
      mean_(per_channel(normalization.mean, channels_, data.name)),
      deviation_(per_channel(normalization.deviation, channels_, data.name)) {
  if (data.pixels.empty()) return;
  for (size_t c = 0; c < channels_; ++c) {
    for (int p = 0; p < 256; ++p) {
      table_.push_back((static_cast<float>(p) / 255.0f - mean_[c]) / deviation_[c]);
    }
  }
}

void SampleWriter::write(size_t sample, bool flipped, float* out) const {
  const size_t begin = sample * elements_, row = width_ * channels_;
  for (size_t r = begin; r < begin + elements_; r += row) {
    for (size_t x = 0; x < width_; ++x) {
      size_t from = r + (flipped ? width_ - 1 - x : x) * channels_;
      for (size_t c = 0; c < channels_; ++c) *out++ = value(from + c, c);
    }
  }
}

}  // namespace mote::trainer

namespace mote {

void normalize(const Dataset& data, const Normalization& normalization, size_t first, size_t count,
               float* out) {
  trainer::SampleWriter writer(data, normalization);
  for (size_t i = 0; i < count; ++i) {
    writer.write(first + i, false, out + i * data.sample_elements());
  }
}

}  // namespace mote
