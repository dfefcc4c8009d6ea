// Makes the int8 graph beside the float one: the values of the float graph keep their numbers, int8
// values and the nodes that compute them are added.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ir/graph.h"
#include "quantize/scale_groups.h"
#include "quantize/static_values.h"

namespace mote {

// Of a static value that is stored in int8 with a scale of its own: that of its note
// (ir/stored_scales.h), else what its elements need.
ir::Quantization static_quantization(const ir::Graph& graph, const StaticValues& statics,
                                     ir::ValueId v);

class Rewriter {
 public:
  // Adds to `graph`, whose nodes are replaced by finish().
  Rewriter(ir::Graph& graph, const StaticValues& statics, const ScaleGroups& groups);

  // The node that is rewritten next: what is added for it has its place.
  void begin(const ir::Node& node) { location_ = node.location; }
  // Whether `v` has an int8 value already.
  bool has_int8(ir::ValueId v) const { return int8_[static_cast<size_t>(v)] != ir::kNone; }
  // The int8 value of the float value `v`, with its group's scale or with `q`: a quantize or
  // requantize node is added where there is none yet.
  ir::ValueId int8(ir::ValueId v);
  ir::ValueId int8(ir::ValueId v, const ir::Quantization& q);
  // As int8(v, q), but rounded as real numbers are: requantize may be a step off.
  ir::ValueId rounded_int8(ir::ValueId v, const ir::Quantization& q);
  // The float value, behind a dequantize node where it exists in int8 alone.
  ir::ValueId real(ir::ValueId v);
  // Whichever exists: for operands of which only the shape is read.
  ir::ValueId any(ir::ValueId v);
  // Weights or biases: a quantize node of a static value; one scale per element of `axis`.
  ir::ValueId stored(ir::ValueId v, Type type, const std::vector<float>& scales, int32_t axis);
  ir::ValueId stored(ir::ValueId v, Type type, const ir::Quantization& q);
  // `from`, a value of the new graph, as int8 by one operator without attributes.
  ir::ValueId converted(uint16_t op, ir::ValueId from, const ir::Quantization& q);
  // `v` stands for what `made` stores, so that it need not exist. Integers of a model have such a
  // value too: real() gives them as they were.
  void set_int8(ir::ValueId v, ir::ValueId made) { int8_[static_cast<size_t>(v)] = made; }
  template <class T>
  ir::ValueId constant(const std::string& name, Type type, const std::vector<T>& elements) {
    return graph_.add_constant(name, type, ir::shape_of({static_cast<int32_t>(elements.size())}),
                               elements);
  }

  // The quantization of the int8 value of `v`.
  const ir::Quantization& quantization(ir::ValueId v) const { return groups_.of(v); }
  // Adds `node` with these inputs; its result is the int8 value of its output.
  void add_int8(const ir::Node& node, std::vector<ir::ValueId> inputs);
  // False where the runtime would refuse what add_int8 added last: it is taken back.
  bool is_accepted(const ir::Node& node);
  // Adds `node` with these inputs and its outputs as they are.
  void add(const ir::Node& node, std::vector<ir::ValueId> inputs);
  // As it stands, on float inputs.
  void keep(const ir::Node& node);

  // The input ports become int8, those of `ports` that are float32 and observed.
  void make_int8_input(ir::Port& port);
  // Ends at the output ports and sets the graph's nodes. With `int8_ports` they are int8 where
  // the result is.
  void finish(bool int8_ports);

  // Float value and its int8 value, in the order in which they were made.
  const std::vector<std::pair<ir::ValueId, ir::ValueId>>& results() const { return results_; }

 private:
  ir::ValueId add_value(std::string name, Type type, const ShapeBounds& shape, ir::Quantization q);
  void convert(uint16_t op, ir::ValueId from, ir::ValueId to);

  ir::Graph& graph_;
  const StaticValues& statics_;
  const ScaleGroups& groups_;
  std::vector<ir::Node> nodes_;
  std::string location_;  // of the node that is being rewritten
  std::vector<ir::ValueId> int8_, real_;
  // Further int8 values of a value, by scale and zero point.
  std::map<std::tuple<ir::ValueId, float, int32_t>, ir::ValueId> requantized_;
  std::set<std::string> names_;  // states of one name would become one
  std::vector<std::pair<ir::ValueId, ir::ValueId>> results_;
};

}  // namespace mote
