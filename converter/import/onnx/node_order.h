// ONNX asks for nodes in the order of execution; files of some tools have them in another.
#pragma once

#include <vector>

#include "import/onnx/source.h"

namespace mote::onnx_import {

using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

// The places of the nodes in an order in which each comes after those that write what it reads: the
// given one where it is so, and otherwise where there is none.
std::vector<int> node_order(const Nodes& nodes, Source& source);

}  // namespace mote::onnx_import
