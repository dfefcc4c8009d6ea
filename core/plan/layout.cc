// The session's bookkeeping: known at plan time, taken in one block at creation.
#include "base/checked.h"
#include "base/tensor.h"
#include "plan/plan_impl.h"

namespace mote {
namespace {

void lay_out_states(PlanImpl& p) {
  uint64_t offset = 0;
  for (size_t t = 0; t < p.m->tensors.size(); ++t) {
    const TensorInfo& info = p.m->tensors[t];
    if (info.kind != TensorKind::state) continue;
    p.placements[t].offset = offset;
    offset += round_up(static_cast<uint64_t>(info.max_bytes), kArenaAlignment);
  }
  p.report.state_bytes = offset;
}

}  // namespace

Status lay_out_session(PlanImpl& p) {
  lay_out_states(p);
  size_t entries = p.m->entry_points.size();
  MOTE_TRY(p.operand_first.init(p.allocator, p.steps.size() + 1, &p.array_bytes));
  MOTE_TRY(p.port_first.init(p.allocator, entries, &p.array_bytes));
  uint32_t operands = 0, ports = 0, most = 0;
  for (size_t i = 0; i < p.steps.size(); ++i) {
    p.operand_first[i] = operands;
    const OpDesc& op = *p.steps[i].op;
    auto count = static_cast<uint32_t>(op.inputs.size + op.outputs.size);
    operands += count;
    most = count > most ? count : most;
  }
  p.operand_first[p.steps.size()] = operands;
  for (size_t e = 0; e < entries; ++e) {
    p.port_first[e] = ports;
    const EntryPointInfo& entry = p.m->entry_points[e];
    if (p.selected[e] == 0) continue;
    // Entry points of one graph share its tensors, and so their bindings.
    uint32_t first = first_entry_point(p, entry.graph);
    if (first < e) {
      p.port_first[e] = p.port_first[first];
    } else {
      ports += static_cast<uint32_t>(entry.inputs.size + entry.outputs.size);
    }
  }
  uint64_t tensors = p.m->tensors.size(), at = 0;
  SessionLayout& l = p.layout;
  auto take = [&at](uint64_t* where, uint64_t bytes) {
    *where = at;
    at = round_up(at + bytes, kArenaAlignment);
  };
  take(&l.tensors_at, tensors * sizeof(Tensor));
  take(&l.shapes_at, p.dynamic ? tensors * sizeof(Shape) : 0);
  take(&l.bounds_at, p.dynamic ? uint64_t{most} * sizeof(ShapeBounds) : 0);
  take(&l.operands_at, uint64_t{operands} * sizeof(Tensor*));
  take(&l.bindings_at, uint64_t{ports} * sizeof(Span<uint8_t>));
  take(&l.partitions_at, p.partitions.size() * sizeof(PartitionState));
  take(&l.pointers_at, uint64_t{p.most_ports} * sizeof(void*));
  take(&l.partition_shapes_at, uint64_t{p.most_ports} * sizeof(mote_delegate_shape));
  take(&l.due_at, p.m->derives.size());
  p.report.session_bytes = at;
  take(&l.states_at, p.report.state_bytes);
  l.total_bytes = at + kArenaAlignment;  // to start it on a cache line
  if (l.total_bytes > SIZE_MAX / 2) {
    return error(Code::out_of_memory, 0, static_cast<int64_t>(l.total_bytes));
  }
  return {};
}

}  // namespace mote
