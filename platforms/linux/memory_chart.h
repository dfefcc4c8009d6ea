// The arena as text: a row per buffer, columns are steps.
#pragma once

#include <string>

#include "mote/session.h"

namespace mote::tool {

// `limit`: rows, the largest buffers are kept; 0: all.
std::string memory_chart(const Model& model, const Plan& plan, uint32_t entry_point, size_t limit);

}  // namespace mote::tool
