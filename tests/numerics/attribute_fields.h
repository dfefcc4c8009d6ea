// The fields of the operators' attribute structs by name, for writing them as JSON.
#pragma once

#include <string>

#include "ir/graph.h"

namespace mote::test {

// {"stride_h": 2, "axes": [1, 2]}; {} for an operator without attributes.
std::string attributes_json(uint16_t op, const ir::Bytes& attributes);

}  // namespace mote::test
