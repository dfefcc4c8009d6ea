#include "sound.h"

#include <samplerate.h>
#include <sndfile.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "failure.h"

namespace mote::tool {
namespace {

// An hour at 48 kHz, several times over: what fits in memory beside a model.
constexpr sf_count_t kMaxSamples = sf_count_t{1} << 30;

// libsndfile reads through calls; the file lies in memory.
struct Memory {
  Span<const uint8_t> bytes;
  sf_count_t at = 0;
  sf_count_t size() const { return static_cast<sf_count_t>(bytes.size); }
};

sf_count_t length_of(void* m) { return static_cast<Memory*>(m)->size(); }
sf_count_t seek(sf_count_t offset, int whence, void* context) {
  auto* m = static_cast<Memory*>(context);
  const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? m->at : m->size();
  sf_count_t at = 0;
  if (__builtin_add_overflow(base, offset, &at)) at = offset < 0 ? 0 : m->size();
  m->at = std::clamp<sf_count_t>(at, 0, m->size());
  return m->at;
}
sf_count_t read(void* target, sf_count_t count, void* context) {
  auto* m = static_cast<Memory*>(context);
  count = std::min(count, m->size() - m->at);
  std::memcpy(target, m->bytes.data + m->at, static_cast<size_t>(count));
  m->at += count;
  return count;
}
sf_count_t tell(void* m) { return static_cast<Memory*>(m)->at; }

struct File {
  Memory memory;
  SF_INFO info = {};
  std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> handle{nullptr, sf_close};

  explicit File(Span<const uint8_t> bytes) : memory{bytes} {
    SF_VIRTUAL_IO io = {length_of, seek, read, nullptr, tell};
    handle.reset(sf_open_virtual(&io, SFM_READ, &info, &memory));
  }
};

std::vector<float> mixed(File& file, const std::string& subject) {
  const sf_count_t frames = file.info.frames, channels = file.info.channels;
  if (frames < 1 || channels < 1 || frames > kMaxSamples / channels) {
    bad_input(subject + ": has " + std::to_string(frames) + " samples of " +
              std::to_string(channels) + " channels; expected 1 to 2^30 in all");
  }
  // A header may promise more than the file holds: memory follows what is read.
  constexpr sf_count_t kBlock = 1 << 16;
  std::vector<float> block(static_cast<size_t>(kBlock * channels)), samples;
  while (const sf_count_t n = sf_readf_float(file.handle.get(), block.data(), kBlock)) {
    for (sf_count_t i = 0; i < n; ++i) {
      const float* frame = block.data() + i * channels;
      double sum = 0;
      for (sf_count_t c = 0; c < channels; ++c) sum += static_cast<double>(frame[c]);
      samples.push_back(static_cast<float>(sum / static_cast<double>(channels)));
    }
  }
  if (samples.empty()) bad_input(subject + ": holds no samples");
  return samples;
}

std::vector<float> resampled(const std::vector<float>& samples, int from, int to,
                             const std::string& subject) {
  const double ratio = static_cast<double>(to) / from;
  const bool possible =
      src_is_valid_ratio(ratio) != 0 &&
      static_cast<double>(samples.size()) * ratio < static_cast<double>(kMaxSamples);
  if (!possible)
    bad_input(subject + ": cannot be resampled from " + std::to_string(from) + " to " +
              std::to_string(to) + " Hz: more than 256 times the rate, or 2^30 samples");
  std::vector<float> out(static_cast<size_t>(static_cast<double>(samples.size()) * ratio) + 1);
  SRC_DATA data = {};
  data.data_in = samples.data();
  data.input_frames = static_cast<long>(samples.size());
  data.data_out = out.data();
  data.output_frames = static_cast<long>(out.size());
  data.src_ratio = ratio;
  if (const int failed = src_simple(&data, SRC_SINC_BEST_QUALITY, 1); failed != 0) {
    bad_input(subject + ": cannot be resampled from " + std::to_string(from) + " to " +
              std::to_string(to) + " Hz: " + src_strerror(failed));
  }
  out.resize(static_cast<size_t>(data.output_frames_gen));
  return out;
}

}  // namespace

bool is_sound(Span<const uint8_t> bytes) { return File(bytes).handle != nullptr; }

Sound load_sound(Span<const uint8_t> bytes, int rate, const std::string& subject) {
  File file(bytes);
  if (file.handle == nullptr) {
    bad_input(subject + ": is no sound file (WAV, FLAC, Ogg, ...): " + sf_strerror(nullptr));
  }
  Sound sound;
  sound.source_rate = file.info.samplerate;
  sound.source_channels = file.info.channels;
  if (sound.source_rate < 1) bad_input(subject + ": says a rate of 0 samples per second");
  sound.rate = rate > 0 ? rate : sound.source_rate;
  sound.samples = mixed(file, subject);
  if (sound.rate != sound.source_rate)
    sound.samples = resampled(sound.samples, sound.source_rate, sound.rate, subject);
  return sound;
}

}  // namespace mote::tool
