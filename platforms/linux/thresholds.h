// --max-err, --max-lsb and --min-equal, of verify and convert.
#pragma once

#include <CLI/CLI.hpp>

#include "comparison.h"

namespace mote::tool {

void add_threshold_options(CLI::App& command, Thresholds& thresholds);
// Throws Failure(kWrongUse) for a threshold that could never fail.
void require_applicable(const std::vector<OutputComparison>& outputs, const Thresholds& thresholds);
// Throws Failure(kCheckFailed) that lists every violation.
void require_thresholds(const std::vector<OutputComparison>& outputs, const Thresholds& thresholds);

}  // namespace mote::tool
