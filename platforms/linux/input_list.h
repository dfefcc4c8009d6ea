// Which file belongs to which input of `mote run`.
#pragma once

#include <string>
#include <vector>

#include "input_file.h"

namespace mote::tool {

struct LoadedInput {
  const Port* port = nullptr;
  std::string file;    // as given; empty: filled
  std::string source;  // for people: "picture, 640x480 pixels"
};

// `files`: FILE in the model's order, NAME=FILE, or a .npz whose arrays have the inputs' names
// (or are all unnamed: arr_0, arr_1, ...). `fills`: NAME=VALUE, a value for every element. Each
// input is given once. Throws Failure. In the model's order.
std::vector<LoadedInput> load_inputs(Runner& runner, const std::vector<std::string>& files,
                                     const std::vector<std::string>& fills,
                                     const InputOptions& options);

}  // namespace mote::tool
