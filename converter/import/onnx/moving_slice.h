// A Slice whose place is known at run, and its size now.
#pragma once

#include "import/onnx/node_import.h"

namespace mote::onnx_import {

// x[.., start : start + n, ..] along one axis: `ends` is `starts` and a number. False where the
// node is another slice; nothing was defined then. A start behind the last place where n elements
// are left counts as that place: ONNX would give fewer elements.
bool define_moving(NodeImport& c);

}  // namespace mote::onnx_import
