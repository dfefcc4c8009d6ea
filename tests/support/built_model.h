// A graph made by hand, exported and loaded: for tests of the plan and the session.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "export/exporter.h"
#include "ir/graph.h"
#include "mote/session.h"
#include "mote/train.h"
#include "ops/attributes.h"
#include "support/aligned_bytes.h"

namespace mote::test {

inline std::string text_of(const Status& s) {
  char text[512];
  describe(s, text, sizeof text);
  return std::string(code_name(s.code)) + ": " + text;
}

// Makes graphs of float32 operators.
class GraphMaker {
 public:
  explicit GraphMaker(std::string name = "infer") { graph_.name = std::move(name); }

  ir::ValueId input(const std::string& name, const ShapeBounds& shape, Type type = Type::float32) {
    ir::ValueId v = value(name, shape, type);
    graph_.inputs.push_back({name, v});
    return v;
  }
  ir::ValueId state(const std::string& name, const ShapeBounds& shape) {
    ir::Value v;
    v.name = name;
    v.kind = TensorKind::state;
    v.shape = shape;
    return graph_.add_value(v);
  }
  ir::ValueId constant(const std::string& name, const ShapeBounds& shape,
                       const std::vector<float>& elements) {
    return graph_.add_constant(name, Type::float32, shape, elements);
  }
  void output(ir::ValueId v) { graph_.outputs.push_back({graph_.value(v).name, v}); }

  ir::ValueId relu(ir::ValueId x) { return unary(op_code::activation, ActivationAttrs{}, x); }
  ir::ValueId softmax(ir::ValueId x) { return unary(op_code::softmax, SoftmaxAttrs{1}, x); }
  ir::ValueId add(ir::ValueId a, ir::ValueId b) {
    return node(op_code::add, BinaryAttrs{}, {a, b}, graph_.value(a).shape);
  }
  ir::ValueId reshape(ir::ValueId x, const std::vector<int32_t>& shape) {
    ReshapeAttrs attrs{};
    attrs.count = static_cast<int32_t>(shape.size());
    for (size_t i = 0; i < shape.size(); ++i) attrs.shape[i] = shape[i];
    return node(op_code::reshape, attrs, {x}, ir::shape_of(shape));
  }
  ir::ValueId read_state(ir::ValueId s) {
    return bare(op_code::read_state, {s}, {value(next(), graph_.value(s).shape)});
  }
  void assign_state(ir::ValueId s, ir::ValueId v) { bare(op_code::assign_state, {s, v}, {}); }

  template <class A>
  ir::ValueId unary(uint16_t op, const A& attrs, ir::ValueId x) {
    return node(op, attrs, {x}, graph_.value(x).shape);
  }
  template <class A>
  ir::ValueId node(uint16_t op, const A& attrs, std::vector<ir::ValueId> inputs,
                   const ShapeBounds& shape, Type type = Type::float32) {
    ir::Node n;
    n.op = op;
    n.set_attrs(attrs);
    n.inputs = std::move(inputs);
    n.outputs = {value(next(), shape, type)};
    graph_.nodes.push_back(n);
    return n.outputs[0];
  }

  ir::Graph& graph() { return graph_; }

 private:
  ir::ValueId bare(uint16_t op, std::vector<ir::ValueId> inputs, std::vector<ir::ValueId> outputs) {
    ir::Node n;
    n.op = op;
    n.inputs = std::move(inputs);
    n.outputs = std::move(outputs);
    graph_.nodes.push_back(n);
    return n.outputs.empty() ? ir::kNone : n.outputs[0];
  }
  ir::ValueId value(const std::string& name, const ShapeBounds& shape, Type type = Type::float32) {
    ir::Value v;
    v.name = name;
    v.type = type;
    v.shape = shape;
    return graph_.add_value(v);
  }
  std::string next() { return "v" + std::to_string(graph_.values.size()); }
  ir::Graph graph_;
};

// The loaded model with its bytes. Fails the test when the graph is refused.
struct BuiltModel {
  explicit BuiltModel(std::vector<ir::Graph> graphs) {
    ir::Module module;
    module.graphs = std::move(graphs);
    Diagnostics diagnostics;
    bytes = AlignedBytes(export_module(module, diagnostics));
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
    Result<Model> loaded = Model::load(bytes.span(), training_operators());
    EXPECT_TRUE(loaded.ok()) << text_of(loaded.status());
    if (loaded.ok()) model = std::move(loaded.value());
  }
  explicit BuiltModel(GraphMaker& maker) : BuiltModel(std::vector<ir::Graph>{maker.graph()}) {}

  // The tensor's index by name; -1 when there is none.
  int32_t tensor(const std::string& name) const {
    for (uint32_t t = 0; t < model.tensor_count(); ++t)
      if (name == model.tensor(t).name) return static_cast<int32_t>(t);
    return -1;
  }

  AlignedBytes bytes;
  Model model;
};

template <class T>
T must(Result<T>&& r) {
  EXPECT_TRUE(r.ok()) << text_of(r.status());
  return std::move(r.value());
}

inline void write(Session& s, uint32_t entry, uint32_t input, const std::vector<float>& values) {
  Status status = s.write_float(entry, input, {values.data(), values.size()});
  ASSERT_TRUE(status.ok()) << text_of(status);
}
inline std::vector<float> read(const Session& s, uint32_t entry, uint32_t output) {
  Result<Shape> shape = s.output_shape(entry, output);
  EXPECT_TRUE(shape.ok()) << text_of(shape.status());
  std::vector<float> values(static_cast<size_t>(shape.value().elements()));
  Status status = s.read_float(entry, output, {values.data(), values.size()});
  EXPECT_TRUE(status.ok()) << text_of(status);
  return values;
}

}  // namespace mote::test
