// Small graphs for the cases of control flow.
#pragma once

#include <utility>

#include "ops/attributes.h"
#include "ops/case.h"

namespace mote::test {

// A graph under construction: values in the order in which they are added.
class CalledBuilder {
 public:
  explicit CalledBuilder(const char* name) { graph_.name = name; }

  ir::ValueId input(const Operand& o) {
    ir::ValueId id = value(o.type, ir::shape_of(o.shape), o.quantization);
    graph_.inputs.push_back({graph_.value(id).name, id});
    return id;
  }
  template <class T>
  ir::ValueId constant(Type type, const std::vector<int32_t>& shape, const std::vector<T>& data) {
    return graph_.add_constant(next_name(), type, ir::shape_of(shape), data);
  }
  // With the quantization of `like`, unless it is kNone. The shape is inferred.
  template <class A>
  ir::ValueId node(uint16_t op, const A& attributes, std::vector<ir::ValueId> inputs, Type type,
                   ir::ValueId like = ir::kNone) {
    ir::Node node;
    node.op = op;
    node.set_attrs(attributes);
    return add(std::move(node), std::move(inputs), type, like);
  }
  ir::ValueId add(ir::Node node, std::vector<ir::ValueId> inputs, Type type,
                  ir::ValueId like = ir::kNone) {
    node.inputs = std::move(inputs);
    ir::Quantization q = like == ir::kNone ? ir::Quantization{} : graph_.value(like).quantization;
    node.outputs = {value(type, {}, std::move(q))};
    graph_.nodes.push_back(std::move(node));
    return graph_.nodes.back().outputs[0];
  }
  void output(ir::ValueId v) { graph_.outputs.push_back({graph_.value(v).name, v}); }
  // The same value under another number: results of a graph are not its inputs.
  void output_copy(ir::ValueId v, const std::vector<int32_t>& shape) {
    ReshapeAttrs a = {};
    for (int32_t d : shape) a.shape[a.count++] = d;
    output(node(op_code::reshape, a, {v}, graph_.value(v).type, v));
  }
  ir::Graph take() { return std::move(graph_); }

 private:
  std::string next_name() { return graph_.name + std::to_string(graph_.values.size()); }
  ir::ValueId value(Type type, const ShapeBounds& shape, ir::Quantization q) {
    return graph_.add_value(
        {next_name(), type, TensorKind::activation, shape, std::move(q), nullptr});
  }

  ir::Graph graph_;
};

inline ir::Graph reversed(const Operand& x, const char* name) {
  CalledBuilder b(name);
  StridedSliceAttrs a = {};
  a.count = static_cast<int32_t>(x.shape.size());
  for (int32_t i = 0; i < a.count; ++i) a.strides[i] = -1;
  a.begin_mask = a.end_mask = (1u << a.count) - 1;
  ir::ValueId in = b.input(x);
  b.output(b.node(op_code::strided_slice, a, {in}, x.type, in));
  return b.take();
}

inline ir::Graph copied(const Operand& x, const char* name) {
  CalledBuilder b(name);
  b.output_copy(b.input(x), x.shape);
  return b.take();
}

}  // namespace mote::test
