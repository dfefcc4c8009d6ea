// The one in-memory graph of the converter: importers make it, passes rewrite it, the exporter
// writes it. Values are tensors, nodes are operators in execution order.
#pragma once

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mote/types.h"
#include "ops/op_codes.h"

namespace mote::ir {

using ValueId = int32_t;
inline constexpr ValueId kNone = -1;  // an absent optional operand

using Bytes = std::vector<uint8_t>;

struct Quantization {
  std::vector<float> scales;         // empty: not quantized
  std::vector<int32_t> zero_points;  // as many as scales
  int32_t axis = -1;                 // of the scales, when there are several
  bool quantized() const { return !scales.empty(); }
  bool operator==(const Quantization&) const = default;
};

struct Value {
  std::string name;
  Type type = Type::float32;
  TensorKind kind = TensorKind::activation;
  ShapeBounds shape;
  Quantization quantization;
  std::shared_ptr<const Bytes> data;  // constants, initial values of states (null: zero)
  bool trainable = false;             // constants: a parameter that training may change

  template <class T>
  const T* as() const {
    return reinterpret_cast<const T*>(data->data());
  }
};

struct Graph;

struct Node {
  uint16_t op = 0;   // op_code::conv2d, ...
  Bytes attributes;  // the operator's C struct
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
  std::string location;  // where it came from: "subgraph 0, operator 12 (CONV_2D)"
  // Of control flow: the graphs that it calls (core/ops/control_attributes.h). They are the node's
  // alone and see nothing outside: what they need is an input of theirs. No states in them.
  std::vector<Graph> graphs;

  template <class A>
  A attrs() const {
    A a{};
    memcpy(&a, attributes.data(), sizeof a);
    return a;
  }
  template <class A>
  void set_attrs(const A& a) {
    attributes.resize(sizeof a);
    memcpy(attributes.data(), &a, sizeof a);
  }
};

struct Port {
  std::string name;
  ValueId value = kNone;
};

struct Graph {
  std::string name;
  std::vector<Value> values;
  std::vector<Node> nodes;
  std::vector<Port> inputs;
  std::vector<Port> outputs;

  Value& value(ValueId id) { return values[static_cast<size_t>(id)]; }
  const Value& value(ValueId id) const { return values[static_cast<size_t>(id)]; }
  ValueId add_value(Value v) {
    values.push_back(std::move(v));
    return static_cast<ValueId>(values.size()) - 1;
  }
  template <class T>
  ValueId add_constant(std::string name, Type type, const ShapeBounds& shape,
                       const std::vector<T>& elements, Quantization q = {}) {
    Bytes bytes(elements.size() * sizeof(T));
    if (!bytes.empty()) memcpy(bytes.data(), elements.data(), bytes.size());
    return add_value({std::move(name), type, TensorKind::constant, shape, std::move(q),
                      std::make_shared<const Bytes>(std::move(bytes))});
  }
};

// A model: graphs with an entry point each, of the graph's name ("infer"). States of the same name
// are the same state.
struct Module {
  std::vector<Graph> graphs;
  // Graphs without ports: they read states and write those that are computed from them.
  std::vector<Graph> derives;
  std::map<std::string, std::string> metadata;  // "labels", "licence", "provenance", ...
};

// A static shape.
inline ShapeBounds shape_of(std::initializer_list<int32_t> dims) {
  ShapeBounds s;
  for (int32_t d : dims) s.dims[s.rank++] = {d, d};
  return s;
}
inline ShapeBounds shape_of(const std::vector<int32_t>& dims) {
  ShapeBounds s;
  for (int32_t d : dims) s.dims[s.rank++] = {d, d};
  return s;
}

// Value indices that each graph's nodes write, -1 for none: producer[v] = node.
std::vector<int32_t> producers(const Graph& graph);
// Number of readers of each value, graph outputs included.
std::vector<int32_t> use_counts(const Graph& graph);
// Removes values that nothing names and renumbers the rest.
void remove_unused_values(Graph& graph);

}  // namespace mote::ir
