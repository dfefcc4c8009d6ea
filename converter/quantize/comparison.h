// How far the int8 values are from those of the float model, on calibration samples.
#pragma once

#include "quantize/quantize.h"

namespace mote {

// Fills in sqnr_db and max_error of result->tensors, which are parallel to `pairs` (a value of
// `real.graphs[graph]` and its int8 value in `int8.graphs[graph]`), and sorts them, worst first.
void compare_with_float(const ir::Module& real, const ir::Module& int8, size_t graph,
                        const std::vector<std::pair<ir::ValueId, ir::ValueId>>& pairs,
                        const Samples& samples, size_t limit, QuantizeResult* result,
                        Diagnostics& diagnostics);

// The graph with states that it only reads as constants, and what they determine folded: what
// runs until a state changes. Values keep their numbers.
ir::Graph folded(ir::Graph graph, Diagnostics& diagnostics);

}  // namespace mote
