// Float operators between dequantize and quantize as int8 ones. What the quantizer knows of an
// operator (quantize/rewrites) is used as it stands; here is what follows from given scales.
#pragma once

#include "passes/qdq/places.h"
#include "quantize/rewrites/rewrite.h"

namespace mote::qdq {

struct Fusion {
  ir::Graph& graph;   // gets values and constants
  ir::Graph& source;  // the graph as it was; notes at weights may change
  const StaticValues& constants;
  const Targets& targets;
  ScaleGroups& groups;
  Rewriter& rewriter;
};

// Each adds an int8 operator and returns true, or returns false and leaves the node to the others.
// A result is at most one step of its scale from the float operator's, quantized.
bool move_elements(const Fusion& f, const ir::Node& node);
bool clamp_elements(const Fusion& f, const ir::Node& node);
bool average(const Fusion& f, const ir::Node& node);
bool compute(const Fusion& f, const ir::Node& node);
bool compare_elements(const Fusion& f, const ir::Node& node);

// ---- Parts of these ----

// The node with this result; false where the runtime would refuse it.
bool add_int8(const Fusion& f, const ir::Node& node, const ir::Quantization& q,
              std::vector<ir::ValueId> inputs);
// A constant that the model stores with one scale.
bool has_note(const Fusion& f, ir::ValueId v);
// Weights that the model stores as int8 kernels take them, and no sum can leave int32. Channels
// without weights worth the name may get another scale for it.
bool weights_fit(const Fusion& f, const ir::Node& node);
// The dimension of the weights' output channels.
int32_t channel_axis(const ir::Node& node);

}  // namespace mote::qdq
