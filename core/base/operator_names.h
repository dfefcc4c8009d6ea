// Names of the operators by number, for messages about files that name operators a build lacks.
#pragma once

#include <cstdint>

namespace mote {

// "conv2d"; "unknown" for a number outside core/ops/ops.inc.
const char* operator_name(uint16_t code);

}  // namespace mote
