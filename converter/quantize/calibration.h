// Ranges of the values of a float graph over calibration data.
#pragma once

#include <vector>

#include "diagnostics.h"
#include "quantize/observers/observer.h"
#include "quantize/samples.h"
#include "quantize/static_values.h"

namespace mote {

// The float32 activations that data flow through: the ones to observe.
std::vector<ir::ValueId> observable_values(const ir::Graph& graph, const StaticValues& statics);

// The range of each value of `module.graphs[graph]` over all samples; empty where nothing is
// observed. Values that are not finite, or too large for int8 scales, are complained about.
std::vector<ValueRange> calibrate(const ir::Module& module, size_t graph,
                                  const StaticValues& statics, const ObserverRow& observer,
                                  const Samples& samples, Diagnostics& diagnostics);

}  // namespace mote
