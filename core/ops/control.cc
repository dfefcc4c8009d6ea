#include "ops/control.h"

#include "mote_generated.h"
#include "ops/control_attributes.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

using Operands = Span<const TensorInfo* const>;

bool same_bounds(const ShapeBounds& a, const ShapeBounds& b) {
  if (a.rank != b.rank) return false;
  for (int i = 0; i < a.rank; ++i)
    if (a.dims[i].min != b.dims[i].min || a.dims[i].max != b.dims[i].max) return false;
  return true;
}

// `port`: the number of the first for messages.
Status check_ports(Operands expected, Operands ports, int64_t graph, int64_t port) {
  for (size_t i = 0; i < ports.size; ++i, ++port) {
    const TensorInfo &e = *expected[i], &p = *ports[i];
    if (e.type != p.type || !same_quantization(e, p))
      return error(Code::call_port_type, graph, port);
    if (!same_bounds(e.bounds, p.bounds)) return error(Code::call_port_shape, graph, port);
  }
  return {};
}

Status check_graph(Operands inputs, Operands outputs, const CalledGraph& graph, int64_t index) {
  if (graph.inputs.size != inputs.size || graph.outputs.size != outputs.size) {
    return error(Code::call_ports, index, static_cast<int64_t>(inputs.size + outputs.size));
  }
  MOTE_TRY(check_ports(inputs, graph.inputs, index, 0));
  return check_ports(outputs, graph.outputs, index, static_cast<int64_t>(inputs.size));
}

Status check_condition_graph(Operands inputs, const CalledGraph& graph) {
  if (graph.inputs.size != inputs.size || graph.outputs.size != 1)
    return error(Code::call_ports, 0, static_cast<int64_t>(inputs.size) + 1);
  MOTE_TRY(check_ports(inputs, graph.inputs, 0, 0));
  if (!is_condition(*graph.outputs[0]))
    return error(Code::call_port_type, 0, static_cast<int64_t>(inputs.size));
  return {};
}

}  // namespace

uint32_t first_passed_input(const OpView& view) {
  return view.op->code == op_code::if_else ? 1 : 0;
}

bool is_condition(const TensorInfo& t) {
  if (t.type != Type::boolean || t.quantization.quantized()) return false;
  for (int i = 0; i < t.bounds.rank; ++i)
    if (t.bounds.dims[i].max != 1) return false;
  return true;
}

Status check_called_graphs(const OpView& view, Span<const CalledGraph> graphs) {
  uint32_t first = first_passed_input(view);
  Operands inputs{view.inputs.data + first, view.inputs.size - first};
  bool loop = view.op->code == op_code::while_loop;
  if (loop) MOTE_TRY(check_condition_graph(inputs, graphs[0]));
  for (size_t g = loop ? 1 : 0; g < graphs.size; ++g)
    MOTE_TRY(check_graph(inputs, view.outputs, graphs[g], static_cast<int64_t>(g)));
  return {};
}

namespace control {

Status read(const void* table, void* attrs) {
  static_cast<ControlAttrs*>(attrs)->max_steps =
      static_cast<const file::Control*>(table)->max_steps();
  return {};
}

Status check_no_steps(const OpView& view) {
  return check_attribute("max_steps", view.attributes<ControlAttrs>().max_steps, 0, 0);
}

Status declared_shapes(const OpView& view, Span<const ShapeBounds>, Span<ShapeBounds> out) {
  for (size_t i = 0; i < out.size; ++i) out[i] = view.out(i).bounds;
  return {};
}

}  // namespace control
}  // namespace mote
