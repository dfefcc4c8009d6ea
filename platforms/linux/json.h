// JSON output: fields in the order of the documentation, one line.
#pragma once

#include <iostream>
#include <nlohmann/json.hpp>

namespace mote::tool {

using Json = nlohmann::ordered_json;

// Names in a model may hold bytes that are no UTF-8; they are replaced. NaN and infinity, which
// JSON lacks, become null.
inline void print(const Json& json, std::ostream& stream = std::cout) {
  stream << json.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace mote::tool
