// dequantize, a float operator, quantize: one operator on integers (core/NUMERICS.md).
#include <algorithm>
#include <map>
#include <tuple>

#include "passes/passes.h"
#include "passes/qdq/operators.h"

namespace mote {
namespace {

using qdq::as_int8;
using qdq::drops_quantization;
using qdq::gives_quantization;

class Fuser {
 public:
  Fuser(ir::Graph& graph, Diagnostics& diagnostics)
      : source_(graph),
        graph_(graph),
        constants_(without_nodes(graph), diagnostics),
        ranges_(graph.values.size()),
        groups_(ranges_),
        targets_(source_),
        rewriter_(graph, constants_, groups_) {}

  void run() {
    const qdq::Fusion fusion{graph_, source_, constants_, targets_, groups_, rewriter_};
    for (const ir::Node& node : source_.nodes) {
      rewriter_.begin(node);
      if (convert(node) || keeps_view(fusion, node) || clamp_elements(fusion, node) ||
          average(fusion, node) || compute(fusion, node) || compare_elements(fusion, node))
        continue;
      for (ir::ValueId v : node.inputs) end_view(v);
      rewriter_.keep(node);
    }
    rewriter_.finish(/*int8_ports=*/false);
  }

 private:
  // What nodes compute stays unknown: it may be a loop without end.
  static ir::Graph without_nodes(const ir::Graph& graph) {
    ir::Graph constants = graph;
    constants.nodes.clear();
    return constants;
  }

  // The model's own conversions become names for one int8 value.
  bool convert(const ir::Node& node) {
    if (node.inputs.size() != 1 || node.outputs.size() != 1) return false;
    ir::ValueId x = node.inputs[0], y = node.outputs[0];
    if (constants_.contains(x)) return false;
    if (targets_.is_quantize(source_, node))
      return name(y, quantized(x, as_int8(source_.value(y))));
    if (!rewriter_.has_int8(x)) return gives_scale_to_port(node);
    if (node.op == op_code::cast && views(x, y)) return name(y, rewriter_.int8(x));
    if (node.op == op_code::dequantize || drops_quantization(source_, node))
      return name(y, rewriter_.int8(x));
    if (!gives_quantization(source_, node)) return false;
    const ir::Quantization q = as_int8(source_.value(y));
    ir::ValueId known = rewriter_.int8(x);
    bool same = graph_.value(known).quantization == q;
    return name(y, same ? known : rewriter_.converted(op_code::cast, known, q));
  }

  // Bytes that are only moved as floats, and are bytes again afterwards: their scale plays no part.
  bool views(ir::ValueId x, ir::ValueId y) {
    const Type from = source_.value(x).type, to = source_.value(y).type;
    if (from == Type::float32) return views_.count(x) != 0;
    const bool begins = to == Type::float32 && !source_.value(x).quantization.quantized() &&
                        targets_.returns_as(y) == from;
    if (begins) views_[y] = from;
    return begins;
  }

  bool keeps_view(const qdq::Fusion& fusion, const ir::Node& node) {
    if (!move_elements(fusion, node)) return false;
    auto view = views_.find(node.inputs[0]);
    if (view != views_.end()) views_[node.outputs[0]] = view->second;
    return true;
  }

  // The floats are the integers themselves.
  void end_view(ir::ValueId v) {
    auto view = views_.find(v);
    if (view == views_.end()) return;
    const int32_t zero = view->second == Type::uint8 ? -128 : 0;
    name(v, rewriter_.converted(op_code::cast, rewriter_.int8(v), {{1.0f}, {zero}, -1}));
    views_.erase(view);
  }

  // Integers that come from elsewhere: an input of the model.
  bool gives_scale_to_port(const ir::Node& node) {
    if (!gives_quantization(source_, node)) return false;
    ir::ValueId y = node.outputs[0];
    const ir::Value value = source_.value(y);
    rewriter_.keep(node);
    return name(y, value.type == Type::int8
                       ? y
                       : rewriter_.converted(op_code::requantize, y, as_int8(value)));
  }

  ir::ValueId quantized(ir::ValueId x, const ir::Quantization& q) {
    if (rewriter_.has_int8(x)) return rewriter_.rounded_int8(x, q);
    ir::ValueId& made = quantized_[{x, q.scales[0], q.zero_points[0]}];
    if (made == 0) made = rewriter_.converted(op_code::quantize, rewriter_.real(x), q);
    return made;
  }

  bool name(ir::ValueId v, ir::ValueId int8) {
    groups_.give(v, graph_.value(int8).quantization);
    rewriter_.set_int8(v, int8);
    return true;
  }

  ir::Graph source_;
  ir::Graph& graph_;
  const StaticValues constants_;
  const std::vector<ValueRange> ranges_;
  ScaleGroups groups_;
  const qdq::Targets targets_;
  Rewriter rewriter_;
  std::map<ir::ValueId, Type> views_;  // float values, with the type of their bytes
  // Float values by scale and zero point. A new value's number is never 0: the graph had some.
  std::map<std::tuple<ir::ValueId, float, int32_t>, ir::ValueId> quantized_;
};

}  // namespace

void fuse_qdq(ir::Graph& graph, Diagnostics& diagnostics) {
  auto is_conversion = [&](const ir::Node& node) {
    return drops_quantization(graph, node) || gives_quantization(graph, node);
  };
  if (std::any_of(graph.nodes.begin(), graph.nodes.end(), is_conversion))
    Fuser(graph, diagnostics).run();
}

void forget_stored_scales(ir::Graph& graph, Diagnostics&) {
  for (ir::Value& v : graph.values)
    if (v.type == Type::float32) v.quantization = {};
}

}  // namespace mote
