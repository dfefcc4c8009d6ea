// Writes a module as the bytes of a .mote file.
#pragma once

#include <cstdint>
#include <vector>

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// Values and nodes are written in their order; constants of equal bytes are stored once. Graph
// constraints are not checked here: loading the result does. Adds to `diagnostics` what the format
// cannot hold and returns no bytes then.
std::vector<uint8_t> export_module(const ir::Module& module, Diagnostics& diagnostics);

}  // namespace mote
