// Validation of order: one writer per value, written before read; reads of a state before its one
// write; nothing that can fail at run after a state was written.
#include "model/model_impl.h"

namespace mote {
namespace {

constexpr int32_t kUnwritten = -1;

// `writer[t]`: the graph in which tensor t is written; states: marked per graph.
struct Order {
  ModelImpl& m;
  Array<int32_t>& writer;
  int32_t graph;

  Status define(int32_t tensor) {
    auto t = static_cast<size_t>(tensor);
    TensorKind kind = m.tensors[t].kind;
    if (kind == TensorKind::constant) return error(Code::write_to_constant, 0, tensor);
    if (kind == TensorKind::state) return error(Code::write_to_state, 0, tensor);
    if (writer[t] != kUnwritten) return error(Code::written_twice, 0, tensor);
    writer[t] = graph;
    return {};
  }

  Status use(int32_t tensor) {
    if (tensor < 0) return {};
    auto t = static_cast<size_t>(tensor);
    if (m.tensors[t].kind != TensorKind::activation) return {};
    return writer[t] == graph ? Status{} : error(Code::used_before_written, 0, tensor);
  }

  Status use_state(const OpDesc& op, bool* state_written) {
    if (op.view.op == nullptr) return {};
    uint8_t flags = op.view.op->flags;
    if ((flags & kFallible) != 0 && *state_written) return error(Code::fallible_after_write);
    if ((flags & (kReadsState | kWritesState)) == 0) return {};
    for (size_t i = 0; i < op.view.op->states; ++i) {
      int32_t state = op.inputs[i];
      bool written = writer[static_cast<size_t>(state)] == graph;
      if ((flags & kReadsState) != 0) {
        if (written) return error(Code::state_read_after_write, 0, state);
        continue;
      }
      if (written) return error(Code::state_written_twice, 0, state);
      writer[static_cast<size_t>(state)] = graph;
      *state_written = true;
    }
    return {};
  }

  Status check_operator(const OpDesc& op, bool* state_written) {
    for (int32_t t : op.inputs) MOTE_TRY(use(t));
    MOTE_TRY(use_state(op, state_written));
    for (int32_t t : op.outputs) {
      if (t >= 0) MOTE_TRY(define(t));
    }
    return {};
  }
};

Status check_ports(Order& order, const GraphDesc& graph) {
  ModelImpl& m = order.m;
  // An output is written by an operator, and named once.
  Array<uint8_t> taken;
  MOTE_TRY(taken.init(m.allocator, m.tensors.size()));
  for (int32_t t : graph.inputs) taken[static_cast<size_t>(t)] = 1;
  for (int32_t t : graph.outputs) {
    auto i = static_cast<size_t>(t);
    if (m.tensors[i].kind != TensorKind::activation) return error(Code::port_kind, 0, t);
    if (taken[i] != 0) return error(Code::port_duplicate, 0, t);
    taken[i] = 1;
    MOTE_TRY(order.use(t));
  }
  return {};
}

Status check_graph(ModelImpl& m, uint32_t g, Array<int32_t>& writer) {
  const GraphDesc& graph = m.graphs[g];
  Order order{m, writer, static_cast<int32_t>(g)};
  for (int32_t t : graph.inputs) {
    if (m.tensors[static_cast<size_t>(t)].kind != TensorKind::activation) {
      return error(Code::port_kind, 0, t);
    }
    MOTE_TRY(order.define(t));
  }
  bool state_written = false;
  for (uint32_t i = 0; i < graph.op_count; ++i) {
    const OpDesc& op = m.ops[graph.first_op + i];
    Status s = order.check_operator(op, &state_written);
    if (!s.ok()) return at(s, op);
  }
  return check_ports(order, graph);
}

}  // namespace

Status check_order(ModelImpl& m) {
  Array<int32_t> writer;
  MOTE_TRY(writer.init(m.allocator, m.tensors.size()));
  for (int32_t& w : writer) w = kUnwritten;
  for (uint32_t g = 0; g < m.graphs.size(); ++g) {
    // Clearing and the table of ports look at every tensor once per graph.
    MOTE_TRY(m.visit(m.graphs.size() > 1 ? m.tensors.size() / 8 : 0));
    Status s = check_graph(m, g, writer);
    if (!s.ok()) return at(s, static_cast<int32_t>(g));
  }
  return {};
}

}  // namespace mote
