// The fields of `mote inspect --json`, documented in README.md.
#pragma once

#include "json.h"
#include "runner.h"

namespace mote::tool {

Json inspect_json(const LoadedModel& loaded, const Runner& runner);

}  // namespace mote::tool
