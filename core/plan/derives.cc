// Derive graphs in the plan: who needs them, and where their buffers stand.
#include "base/checked.h"
#include "plan/plan_impl.h"

namespace mote {
namespace {

bool names(Span<const int32_t> states, int32_t state) {
  for (int32_t s : states)
    if (s == state) return true;
  return false;
}

// The uses of derive graph `d` by the operators of `graph`.
uint8_t find_use(const ModelImpl& m, uint32_t graph, const DeriveDesc& d) {
  uint8_t use = 0;
  for (uint32_t i = 0; i < m.graphs[graph].op_count; ++i) {
    const OpDesc& op = m.ops[m.graphs[graph].first_op + i];
    uint8_t flags = op.view.op->flags;
    if ((flags & (kReadsState | kWritesState)) == 0) continue;
    for (size_t k = 0; k < op.view.op->states; ++k) {
      if ((flags & kReadsState) != 0 && names(d.targets, op.inputs[k])) use |= kReadsTarget;
      if ((flags & kWritesState) != 0 && names(d.sources, op.inputs[k])) use |= kWritesSource;
    }
  }
  return use;
}

}  // namespace

bool is_derive(const PlanImpl& p, uint32_t graph) {
  for (const DeriveDesc& d : p.m->derives)
    if (d.graph == graph) return true;
  return false;
}

Status find_derives(PlanImpl& p) {
  const ModelImpl& m = *p.m;
  size_t count = m.derives.size();
  MOTE_TRY(p.derive_uses.init(p.allocator, m.graphs.size() * count, &p.array_bytes));
  for (uint32_t g = 0; g < m.graphs.size(); ++g) {
    if (!p.graphs[g].planned || is_derive(p, g)) continue;
    for (size_t d = 0; d < count; ++d) {
      uint8_t use = find_use(m, g, m.derives[d]);
      p.derive_uses[g * count + d] = use;
      uint32_t derive = m.derives[d].graph;
      if ((use & kReadsTarget) != 0 && m.graphs[derive].availability.ok()) {
        p.graphs[derive].planned = true;
      }
    }
  }
  return {};
}

void derive_offset(const PlanImpl& p, size_t derive, uint64_t bytes, uint64_t* offset) {
  uint64_t lowest = UINT64_MAX, end = 0;
  for (const PlannedBuffer& b : p.buffers) {
    if (b.first_step >= 0 || b.entry_point == kDeriveEntryPoint) continue;
    uint32_t graph = p.m->entry_points[b.entry_point].graph;
    if ((p.derive_use(graph, derive) & kReadsTarget) == 0) continue;
    lowest = b.offset < lowest ? b.offset : lowest;
    end = b.offset + b.bytes > end ? b.offset + b.bytes : end;
  }
  *offset = bytes <= lowest ? 0 : round_up(end, p.options.arena_alignment);
}

}  // namespace mote
