// Names for the steps of a plan.
#pragma once

#include <string>

#include "mote/model.h"

namespace mote::tool {

// The operator's place in the source, else its first output's name.
inline std::string step_name(const Model& model, const OperatorInfo& info) {
  if (info.location[0] != '\0') return info.location;
  if (info.outputs.empty() || info.outputs[0] < 0) return "";
  return model.tensor(static_cast<uint32_t>(info.outputs[0])).name;
}

}  // namespace mote::tool
