// Small graphs for the tests of passes and of the exporter.
#pragma once

#include <string>
#include <vector>

#include "ir/graph.h"
#include "ops/attributes.h"

namespace mote::test {

struct GraphBuilder {
  ir::Graph graph;

  GraphBuilder() { graph.name = "infer"; }

  static ir::Quantization per_tensor(float scale, int32_t zero_point = 0) {
    return {{scale}, {zero_point}, -1};
  }
  ir::ValueId value(const ShapeBounds& shape, Type type = Type::float32, ir::Quantization q = {}) {
    ir::Value v;
    v.name = "v" + std::to_string(graph.values.size());
    v.type = type;
    v.shape = shape;
    v.quantization = std::move(q);
    return graph.add_value(std::move(v));
  }
  ir::ValueId input(const ShapeBounds& shape, Type type = Type::float32, ir::Quantization q = {}) {
    ir::ValueId v = value(shape, type, std::move(q));
    graph.inputs.push_back({graph.value(v).name, v});
    return v;
  }
  void output(ir::ValueId v) { graph.outputs.push_back({graph.value(v).name, v}); }
  template <class Attrs>
  ir::Node& node(uint16_t op, const Attrs& attrs, std::vector<ir::ValueId> inputs, ir::ValueId y) {
    ir::Node& n = node(op, std::move(inputs), y);
    n.set_attrs(attrs);
    return n;
  }
  ir::Node& node(uint16_t op, std::vector<ir::ValueId> inputs, ir::ValueId y) {
    ir::Node n;
    n.op = op;
    n.inputs = std::move(inputs);
    n.outputs = {y};
    n.location = "node " + std::to_string(graph.nodes.size());
    graph.nodes.push_back(std::move(n));
    return graph.nodes.back();
  }

  // 1x1 convolution of two channels with an optional activation after it.
  ir::ValueId conv(ir::ValueId x) {
    ir::ValueId w = graph.add_constant("w", Type::float32, ir::shape_of({2, 1, 1, 2}),
                                       std::vector<float>{1, 2, 3, 4});
    ir::ValueId y = value(graph.value(x).shape);
    Conv2dAttrs a{1, 1, 1, 1, 0, 0, 0, 0, 1, kMoteActivationNone};
    node(op_code::conv2d, a, {x, w}, y);
    return y;
  }
  ir::ValueId relu(ir::ValueId x) {
    ir::ValueId y = value(graph.value(x).shape);
    node(op_code::activation, ActivationAttrs{kMoteRelu}, {x}, y);
    return y;
  }
  ir::ValueId transpose(ir::ValueId x, const std::vector<int32_t>& permutation) {
    ShapeBounds in = graph.value(x).shape, out = in;
    TransposeAttrs a{};
    for (int32_t p : permutation) {
      out.dims[a.count] = in.dims[p];
      a.permutation[a.count++] = p;
    }
    ir::ValueId y = value(out);
    node(op_code::transpose, a, {x}, y);
    return y;
  }
  ir::ValueId reshape(ir::ValueId x, const std::vector<int32_t>& shape) {
    ReshapeAttrs a{};
    for (int32_t d : shape) a.shape[a.count++] = d;
    ir::ValueId y = value(ir::shape_of(shape), graph.value(x).type, graph.value(x).quantization);
    node(op_code::reshape, a, {x}, y);
    return y;
  }
};

}  // namespace mote::test
