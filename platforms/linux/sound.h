// Sound files as network inputs: decoded by libsndfile, mixed to one channel, resampled by
// libsamplerate.
#pragma once

#include <string>
#include <vector>

#include "files.h"
#include "mote/types.h"

namespace mote::tool {

// WAV, FLAC, Ogg and the like by their first bytes.
bool is_sound(Span<const uint8_t> bytes);

struct Sound {
  int rate = 0;                // samples per second
  std::vector<float> samples;  // one channel, -1 to 1
  int source_rate = 0;
  int source_channels = 0;
};

// `rate` 0: that of the file. Throws Failure(kBadInput).
Sound load_sound(Span<const uint8_t> file, int rate, const std::string& subject);

}  // namespace mote::tool
