// TensorFlow Lite files (schema version 3) as modules.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// `bytes` may hold anything. What is unsupported or malformed is added to `diagnostics`, all of it;
// the module is to be used only when nothing was added.
ir::Module import_tflite(Span<const uint8_t> bytes, const ConvertOptions& options,
                         Diagnostics& diagnostics);

// Of the inputs of the first entry point's subgraph; none when the file is damaged.
std::vector<std::string> tflite_input_names(Span<const uint8_t> bytes);

}  // namespace mote
