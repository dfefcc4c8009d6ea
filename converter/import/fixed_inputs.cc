#include "import/fixed_inputs.h"

#include <nlohmann/json.hpp>

namespace mote {

std::string fixed_inputs_text(const std::map<std::string, FixedInput>& inputs,
                              const ConvertOptions& options) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& [name, input] : inputs) {
    const std::vector<int32_t> dims(input.shape.dims, input.shape.dims + input.shape.rank);
    json.push_back({{"name", name},
                    {"place", input.place},
                    {"type", type_name(input.type)},
                    {"shape", dims},
                    {"values", options.fixed_inputs.at(name)}});
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace mote
