// The runtime that a source model was made for, as a second opinion: LiteRT or ONNX Runtime in
// Python, where they are installed.
#pragma once

#include <string>

#include "reference_set.h"
#include "runner.h"

namespace mote::tool {

// Whole-number inputs of 0 and 1, which are valid indices mostly, and normally distributed real
// ones, for each input of `runner` at its largest shape. The same for every call.
ReferenceSet random_inputs(const Runner& runner, size_t cases);

// Fills in the outputs of `set` (matched by index) by running `model` in its own runtime. The
// interpreter is $MOTE_PYTHON, else python3. Throws Failure: kBadInput when the runtime is missing
// or refuses the model, with what to install.
void run_source(const std::string& model, const Runner& runner, ReferenceSet& set);

}  // namespace mote::tool
