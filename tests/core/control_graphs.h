// Graphs that call others, for tests.
#pragma once

#include <random>

#include "support/built_model.h"

namespace mote::test {

// A node of `maker` that calls `graphs`; its outputs have the shapes given.
inline std::vector<ir::ValueId> call_graphs(GraphMaker& maker, uint16_t op, int32_t max_steps,
                                            std::vector<ir::ValueId> inputs,
                                            std::vector<ir::Graph> graphs,
                                            const std::vector<ShapeBounds>& shapes) {
  ir::Graph& graph = maker.graph();
  ir::Node node;
  node.op = op;
  node.set_attrs(ControlAttrs{max_steps});
  node.inputs = std::move(inputs);
  node.graphs = std::move(graphs);
  for (const ShapeBounds& shape : shapes) {
    ir::Value v;
    v.name = "v" + std::to_string(graph.values.size());
    v.shape = shape;
    node.outputs.push_back(graph.add_value(v));
  }
  graph.nodes.push_back(node);
  return graph.nodes.back().outputs;
}

// a < b of one element each.
inline ir::ValueId less(GraphMaker& maker, ir::ValueId a, ir::ValueId b) {
  return maker.node(op_code::compare, CompareAttrs{kMoteLess}, {a, b}, ir::shape_of({1}),
                    Type::boolean);
}

// counter < end, for a loop of a counter and `values` other states.
inline ir::Graph counter_below(float end, const std::vector<ShapeBounds>& values) {
  GraphMaker maker("condition");
  ir::ValueId counter = maker.input("counter", ir::shape_of({1}));
  for (size_t i = 0; i < values.size(); ++i) maker.input("x" + std::to_string(i), values[i]);
  maker.output(less(maker, counter, maker.constant("end", ir::shape_of({1}), {end})));
  return maker.graph();
}

inline ir::ValueId plus_one(GraphMaker& maker, ir::ValueId counter) {
  return maker.add(counter, maker.constant("one", ir::shape_of({1}), {1}));
}

// Random programs on vectors: arithmetic in place, views, copies, and calls of graphs that
// are made the same way.
class RandomProgram {
 public:
  explicit RandomProgram(uint32_t seed, int32_t size = 4) : engine_(seed), size_(size) {}

  ir::Graph make(const char* name, int inputs, int outputs, int depth) {
    GraphMaker maker(name);
    return fill(maker, {}, inputs, outputs, depth);
  }

 private:
  using Values = std::vector<ir::ValueId>;

  int below(int n) { return static_cast<int>(engine_() % static_cast<uint32_t>(n)); }
  ir::ValueId any(const Values& values) {
    return values[static_cast<size_t>(below(static_cast<int>(values.size())))];
  }
  ShapeBounds shape() const { return ir::shape_of({size_}); }
  std::vector<ShapeBounds> shapes(int count) const {
    return std::vector<ShapeBounds>(static_cast<size_t>(count), shape());
  }
  ir::ValueId constant(GraphMaker& maker) const {
    std::vector<float> elements(static_cast<size_t>(size_));
    for (size_t i = 0; i < elements.size(); ++i)
      elements[i] = static_cast<float>(i % 4 + 1) * (i % 2 == 0 ? 1.0f : -1.0f);
    return maker.constant("constant", shape(), elements);
  }

  // `counter`: outputs that stand before the random ones.
  ir::Graph fill(GraphMaker& maker, const Values& first, int inputs, int outputs, int depth) {
    Values values;
    for (int i = 0; i < inputs; ++i)
      values.push_back(maker.input("input" + std::to_string(i), shape()));
    if (values.empty()) values.push_back(constant(maker));
    for (int i = 1 + below(6); i > 0; --i) step(maker, values, depth);
    for (ir::ValueId v : first) maker.output(v);
    // Views: where they may stand in the memory of their input is the plan's to find out.
    for (int i = 0; i < outputs; ++i) maker.output(result(maker, values));
    return maker.graph();
  }

  ir::ValueId result(GraphMaker& maker, const Values& values) {
    ir::ValueId v = any(values);
    bool port = maker.graph().value(v).kind != TensorKind::activation;
    for (const ir::Port& p : maker.graph().inputs) port = port || p.value == v;
    for (const ir::Port& p : maker.graph().outputs) port = port || p.value == v;
    return port ? maker.reshape(v, {size_}) : v;
  }

  void step(GraphMaker& maker, Values& values, int depth) {
    switch (below(depth > 0 ? 8 : 5)) {
      case 0:
        values.push_back(maker.add(any(values), any(values)));
        return;
      case 1:
        values.push_back(maker.relu(any(values)));
        return;
      case 2:
        values.push_back(maker.reshape(any(values), {size_}));
        return;
      case 3:
        values.push_back(maker.softmax(any(values)));
        return;
      case 4:
        values.push_back(reversed(maker, any(values)));
        return;
      case 5:
        return add_branches(maker, values, depth);
      case 6:
        return add_loop(maker, values, depth);
      default:
        return add_call(maker, values, depth);
    }
  }

  ir::ValueId reversed(GraphMaker& maker, ir::ValueId x) {
    StridedSliceAttrs a{};
    a.strides[0] = -1;
    a.count = 1;
    a.begin_mask = a.end_mask = 1;
    return maker.node(op_code::strided_slice, a, {x}, shape());
  }

  Values some(const Values& values, int count) {
    Values chosen;
    for (int i = 0; i < count; ++i) chosen.push_back(any(values));
    return chosen;
  }
  static void append(Values& values, const Values& more) {
    values.insert(values.end(), more.begin(), more.end());
  }

  void add_branches(GraphMaker& maker, Values& values, int depth) {
    StridedSliceAttrs first{};
    first.end[0] = first.strides[0] = first.count = 1;
    ir::ValueId head = maker.node(op_code::strided_slice, first, {any(values)}, ir::shape_of({1}));
    ir::ValueId zero = maker.constant("zero", ir::shape_of({1}), {0});
    int inputs = below(4), outputs = 1 + below(3);
    Values operands = some(values, inputs);
    operands.insert(operands.begin(), less(maker, head, zero));
    append(values, call_graphs(maker, op_code::if_else, 0, operands,
                               {make("then", inputs, outputs, depth - 1),
                                make("else", inputs, outputs, depth - 1)},
                               shapes(outputs)));
  }

  void add_loop(GraphMaker& maker, Values& values, int depth) {
    int states = 1 + below(3);
    GraphMaker body("body");
    Values next = {plus_one(body, body.input("counter", ir::shape_of({1})))};
    ir::Graph step = fill(body, next, states, states, depth - 1);
    Values operands = some(values, states);
    operands.insert(operands.begin(), maker.constant("begin", ir::shape_of({1}), {0}));
    std::vector<ShapeBounds> all = shapes(states);
    ir::Graph condition = counter_below(static_cast<float>(below(4)), all);
    all.insert(all.begin(), ir::shape_of({1}));
    Values results = call_graphs(maker, op_code::while_loop, 5, operands, {condition, step}, all);
    values.insert(values.end(), results.begin() + 1, results.end());
  }

  void add_call(GraphMaker& maker, Values& values, int depth) {
    int inputs = below(3), outputs = 1 + below(2);
    append(values, call_graphs(maker, op_code::call, 0, some(values, inputs),
                               {make("called", inputs, outputs, depth - 1)}, shapes(outputs)));
  }

  std::mt19937 engine_;
  int32_t size_;
};

}  // namespace mote::test
