// Values of dynamic sizes: what the importers make where a size is only known at run.
#pragma once

#include "import/onnx/node_import.h"
#include "import/shape_values.h"

namespace mote::onnx_import {

using Element = ShapeValues::Element;

// The elements of an operand of integers: each a number, a size or unknown; nothing, without an
// error, when it is not known to be made of sizes.
std::optional<std::vector<Element>> size_elements(NodeImport& c, size_t i);
// A value float32 [size] of any elements.
ir::ValueId line_of(NodeImport& c, int32_t symbol);
// 0, 1, 2, ... [size]
ir::ValueId counting(NodeImport& c, int32_t symbol, Type type);

}  // namespace mote::onnx_import
