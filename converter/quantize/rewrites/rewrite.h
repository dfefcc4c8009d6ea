// How one operator becomes int8. A family of operators is one file here; `rewrites.cc` lists them.
#pragma once

#include <string>
#include <vector>

#include "ir/graph.h"
#include "quantize/rewriter.h"
#include "quantize/scale_groups.h"
#include "quantize/static_values.h"

namespace mote {

// An operator of the float graph, as a rewrite looks at it.
struct Site {
  const ir::Graph& graph;
  const ir::Node& node;
  const StaticValues& statics;
  bool trainable;  // static values may change later: nothing may rest on what they are now

  bool has(size_t input) const {
    return input < node.inputs.size() && node.inputs[input] != ir::kNone;
  }
  ir::ValueId in(size_t i) const { return node.inputs[i]; }
  ir::ValueId out() const { return node.outputs[0]; }
  const ir::Value& input(size_t i) const { return graph.value(node.inputs[i]); }
};

struct QuantizeRow {
  uint16_t op = 0;
  // Why the operator always stays as it is. With this the rest is empty.
  const char* reason = nullptr;
  // Quantized only where the values it reads are int8 anyway: it does not compute with them.
  bool follows = false;
  // Why this one stays as it is; empty when it can be quantized. The first input is float32.
  std::string (*refuse)(const Site&) = nullptr;
  // Which values share one scale, and which results have one of their own.
  void (*relate)(const Site&, ScaleGroups&) = nullptr;
  // The smallest scale that the result may have, for given scales of the inputs; null: any.
  float (*least_scale)(const Site&, const ScaleGroups&) = nullptr;
  // Why it stays as it is with the scales that were chosen; empty when they fit. Null: any do.
  std::string (*misfit)(const Site&, const ScaleGroups&) = nullptr;
  // Adds the int8 operator.
  void (*rewrite)(const Site&, Rewriter&) = nullptr;
};

// The int8 weights and int32 bias (kNone: none) of a node, by nodes that compute them.
struct StoredWeights {
  ir::Quantization quantization;  // of the weights: with their note's scales, else with the best
  ir::ValueId weights = ir::kNone, bias = ir::kNone;
};
// `axis`: the dimension of the output channels.
StoredWeights store_weights(const Site& s, Rewriter& r, int32_t axis);

// Null when nobody has thought of the operator yet.
const QuantizeRow* find_quantize_row(uint16_t op);

// The families.
Span<const QuantizeRow> weighted_rows();
Span<const QuantizeRow> binary_rows();
Span<const QuantizeRow> function_rows();
Span<const QuantizeRow> window_rows();
Span<const QuantizeRow> movement_rows();
Span<const QuantizeRow> float_rows();

}  // namespace mote
