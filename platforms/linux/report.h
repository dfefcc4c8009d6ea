// One self-contained page about a conversion.
#pragma once

#include <string>

#include "json.h"

namespace mote::tool {

// `summary`: the fields of `mote convert --json`; `model`: those of `mote inspect --json`.
std::string report_page(const Json& summary, const Json& model);

}  // namespace mote::tool
