// Validation of calls: a called graph is one operator's alone, has the ports that the operator
// passes and no states. So calls form trees, and the plan can lay a graph out where it is called.
#include "base/checked.h"
#include "model/model_impl.h"
#include "ops/control.h"
#include "ops/control_attributes.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

Status mark_called(ModelImpl& m, const OpDesc& op) {
  for (uint32_t i = 0; i < size_of(op.source->graphs()); ++i) {
    GraphDesc& graph = m.graphs[op.source->graphs()->Get(i)];
    if (graph.called) return error(Code::graph_called_twice, 0, op.source->graphs()->Get(i));
    graph.called = true;
  }
  return {};
}

Status check_no_states(const ModelImpl& m, const GraphDesc& graph) {
  for (uint32_t i = 0; i < graph.op_count; ++i) {
    const OpDesc& op = m.ops[graph.first_op + i];
    if (op.view.op == nullptr || (op.view.op->flags & (kReadsState | kWritesState)) == 0) continue;
    return at(error(Code::state_in_called_graph), op);
  }
  return {};
}

Status find_ports(ModelImpl& m, Span<const int32_t> tensors, Span<const TensorInfo* const>* ports) {
  MOTE_TRY(m.visit(tensors.size));
  auto** infos = m.pool.take_array<const TensorInfo*>(tensors.size);
  if (infos == nullptr) return error(Code::out_of_memory);
  for (size_t i = 0; i < tensors.size; ++i) {
    infos[i] = &m.tensors[static_cast<size_t>(tensors[i])];
    MOTE_TRY(m.visit(infos[i]->quantization.scale_count));
  }
  *ports = {infos, tensors.size};
  return {};
}

Status check_ports(ModelImpl& m, const OpDesc& op) {
  constexpr uint32_t kMostGraphs = 2;
  CalledGraph called[kMostGraphs];
  uint32_t count = op.view.op->graphs;
  for (uint32_t i = 0; i < count; ++i) {
    const GraphDesc& graph = m.graphs[op.source->graphs()->Get(i)];
    MOTE_TRY(find_ports(m, graph.inputs, &called[i].inputs));
    MOTE_TRY(find_ports(m, graph.outputs, &called[i].outputs));
  }
  return check_called_graphs(op.view, {called, count});
}

int64_t times(int64_t work, int64_t steps) {
  return checked_mul(work, steps, &work) ? work : INT64_MAX;
}

// Each step of a loop also copies its states.
Status add_called_work(ModelImpl& m, uint32_t g) {
  GraphDesc& graph = m.graphs[g];
  for (uint32_t i = 0; i < graph.op_count; ++i) {
    const OpDesc& op = m.ops[graph.first_op + i];
    if (op.view.op == nullptr || op.view.op->graphs == 0) continue;
    bool loop = op.view.op->code == op_code::while_loop;
    int64_t steps = loop ? op.view.attributes<ControlAttrs>().max_steps : 1;
    for (const TensorInfo* t : op.view.outputs)
      MOTE_TRY(add_work(m, op, times(t->max_bytes, steps - 1), &graph.work));
    for (uint32_t k = 0; k < op.view.op->graphs; ++k) {
      uint32_t callee = op.source->graphs()->Get(k);
      MOTE_TRY(add_called_work(m, callee));
      MOTE_TRY(add_work(m, op, times(m.graphs[callee].work, steps), &graph.work));
    }
  }
  return {};
}

Status check_call(ModelImpl& m, const OpDesc& op) {
  MOTE_TRY(mark_called(m, op));
  if (op.view.op == nullptr || op.view.op->graphs == 0) return {};
  if (op.view.op->code == op_code::while_loop) {
    int32_t steps = op.view.attributes<ControlAttrs>().max_steps;
    if (steps > m.limits.loop_steps) {
      return error(Code::attribute_range, m.limits.loop_steps, steps, "max_steps");
    }
  }
  return check_ports(m, op);
}

}  // namespace

Status check_calls(ModelImpl& m) {
  for (const OpDesc& op : m.ops) {
    Status s = check_call(m, op);
    if (!s.ok()) return at(s, op);
  }
  for (uint32_t g = 0; g < m.graphs.size(); ++g) {
    const GraphDesc& graph = m.graphs[g];
    if (graph.called) MOTE_TRY(check_no_states(m, graph));
    // Calls are not deeper than Limits::call_depth (graphs.cc).
    if (!graph.called) MOTE_TRY(add_called_work(m, g));
  }
  return {};
}

}  // namespace mote
