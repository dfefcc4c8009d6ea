// Pictures, sound, .npy files and raw bytes as the inputs of a model.
#pragma once

#include <string>

#include "picture.h"
#include "runner.h"

namespace mote::tool {

struct InputOptions {
  std::string format = "auto";  // auto, picture, sound, npy, raw
  PixelMapping mapping;
  int sample_rate = 0;  // of sound; 0: the model's metadata "sample_rate", else the file's own
  double offset_seconds = 0;  // of sound: where the input begins
};

// Fills the input from the file ("-": standard input), setting its shape where the file has one.
// Returns what was read, for people: "picture, 640x480 resized". Throws Failure.
std::string load_input(Runner& runner, const Port& port, const std::string& path,
                       const InputOptions& options);
// The same from a file's bytes; `suffix` as extension() gives it.
std::string load_input(Runner& runner, const Port& port, Span<const uint8_t> bytes,
                       const std::string& suffix, const std::string& subject,
                       const InputOptions& options);

}  // namespace mote::tool
