// Where the largest elements of a MaxPool's windows lie.
#pragma once

#include "import/onnx/places.h"

namespace mote::onnx_import {

// int64: places in `x` [n, c, places...] taken as one line, which is in C's order, or within a
// channel in Fortran's. kNone and an error where a size is dynamic or the window is too large.
ir::ValueId largest_places(NodeImport& c, ir::ValueId x, const Places& p, bool column_major);

// The slices of `x` (padded, with `p.after` and `p.extra`), one for each place of the window, in
// C's order; empty, with an error, where they cannot be made.
std::vector<ir::ValueId> window_taps(NodeImport& c, ir::ValueId x, const Places& p);

}  // namespace mote::onnx_import
