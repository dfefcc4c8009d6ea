// If and Loop whose course is known at run only: branches and bodies become graphs of their own.
#pragma once

#include "import/onnx/graph_importer.h"
#include "import/onnx/node_import.h"

namespace mote::onnx_import {

void import_branches(NodeImport& c, ir::ValueId condition);

// Operands of a loop but for the number of turns.
struct LoopStart {
  Slot condition;  // unknown: always true
  std::vector<Slot> carried;
};
void import_run_time_loop(NodeImport& c, const onnx::GraphProto& body, LoopStart start);

}  // namespace mote::onnx_import
