// Composite operators: names for subgraphs that say what these compute.
#pragma once

#include <optional>

#include "import/tflite/source.h"

namespace mote::tflite_import {

// The graph of whole operators that computes what `body`, the decomposition of composite `name`,
// does; nothing when none is known, or when it gives other results. `attributes` is a FlexBuffer.
// `operands` are parallel to the inputs of `body`.
std::optional<ir::Graph> whole_operator(const std::string& name, Span<const uint8_t> attributes,
                                        const ir::Graph& body,
                                        const std::vector<const ir::Value*>& operands);

}  // namespace mote::tflite_import
