// Control flow: operators that call graphs of the file (Operator::graphs). The validator and the
// converter ask the same of those graphs; the session runs them itself, without a kernel.
#pragma once

#include "ops/check.h"

namespace mote {

// The ports of a called graph.
struct CalledGraph {
  Span<const TensorInfo* const> inputs;
  Span<const TensorInfo* const> outputs;
};

// Which input of the operator is input 0 of the graphs: if_else keeps its condition.
uint32_t first_passed_input(const OpView& view);

// Numbers, types, quantization and bounds of the ports against the operands that they stand for:
// equal everywhere, but for the one result of a loop's condition. Only after Operator::check.
// `graphs`: Operator::graphs many. Errors: call_ports, call_port_type, call_port_shape; `a` is the
// place in `graphs`, `b` the port (inputs first).
Status check_called_graphs(const OpView& view, Span<const CalledGraph> graphs);

// A boolean that decides: static, of one element, not quantized.
bool is_condition(const TensorInfo& t);

namespace control {

Status read(const void* table, void* attrs);
// Attribute max_steps is for loops.
Status check_no_steps(const OpView& view);
// What the file or the importer says; check_called_graphs holds it against the graphs.
Status declared_shapes(const OpView& view, Span<const ShapeBounds> in, Span<ShapeBounds> out);
inline bool any(const OpView&) { return true; }

}  // namespace control

}  // namespace mote

// A row of kernels.inc: what the plan reports. There is nothing to call.
#define MOTE_CONTROL_ROW(name) \
  MOTE_KERNEL(name##_reference, scalar, .reference = true, .accepts = control::any)
