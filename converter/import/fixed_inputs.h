// Inputs that became constants, for the file's metadata: who compares it with its source must know.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mote/converter.h"

namespace mote {

struct FixedInput {
  size_t place = 0;  // among the source's inputs
  Type type = Type::float32;
  Shape shape;
};

inline constexpr const char* kFixedInputsKey = "fixed_inputs";
// [{"name":"sr","place":1,"type":"int64","shape":[],"values":[16000]}]
std::string fixed_inputs_text(const std::map<std::string, FixedInput>& inputs,
                              const ConvertOptions& options);

}  // namespace mote
