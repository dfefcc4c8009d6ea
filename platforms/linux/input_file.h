// Pictures, .npy files and raw bytes as the inputs of a model.
#pragma once

#include <string>

#include "picture.h"
#include "runner.h"

namespace mote::tool {

struct InputOptions {
  std::string format = "auto";  // auto, picture, npy, raw
  PixelMapping mapping;
};

// Fills the input from the file ("-": standard input), setting its shape where the file has one.
// Returns what was read, for people: "picture, 640x480 resized". Throws Failure.
std::string load_input(Runner& runner, const Port& port, const std::string& path,
                       const InputOptions& options);

}  // namespace mote::tool
