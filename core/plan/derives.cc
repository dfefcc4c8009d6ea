// Derive graphs in the plan: who needs them, and where their buffers stand.
#include "base/checked.h"
#include "plan/plan_impl.h"

namespace mote {
namespace {

// The uses of a derive graph by the operators of `graph`. `marks`: kReadsTarget of its targets,
// kWritesSource of its sources.
uint8_t find_use(const ModelImpl& m, uint32_t graph, const Array<uint8_t>& marks) {
  uint8_t use = 0;
  for (uint32_t i = 0; i < m.graphs[graph].op_count; ++i) {
    const OpDesc& op = m.ops[m.graphs[graph].first_op + i];
    uint8_t flags = op.view.op->flags;
    if ((flags & (kReadsState | kWritesState)) == 0) continue;
    uint8_t mask = (flags & kReadsState) != 0 ? kReadsTarget : kWritesSource;
    for (size_t k = 0; k < op.view.op->states; ++k)
      use |= marks[static_cast<size_t>(op.inputs[k])] & mask;
  }
  return use;
}

void mark_states(const DeriveDesc& d, bool set, Array<uint8_t>& marks) {
  for (int32_t t : d.targets) marks[static_cast<size_t>(t)] = set ? kReadsTarget : 0;
  for (int32_t t : d.sources) marks[static_cast<size_t>(t)] = set ? kWritesSource : 0;
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
  Array<uint8_t> marks, derives;
  MOTE_TRY(marks.init(p.allocator, m.tensors.size()));
  MOTE_TRY(derives.init(p.allocator, m.graphs.size()));
  for (const DeriveDesc& d : m.derives) derives[d.graph] = 1;
  for (size_t d = 0; d < count; ++d) {
    mark_states(m.derives[d], true, marks);
    uint32_t derive = m.derives[d].graph;
    for (uint32_t g = 0; g < m.graphs.size(); ++g) {
      if (!p.graphs[g].planned || derives[g] != 0) continue;
      uint8_t use = find_use(m, g, marks);
      p.derive_uses[g * count + d] = use;
      if ((use & kReadsTarget) != 0 && m.graphs[derive].availability.ok()) {
        p.graphs[derive].planned = true;
      }
    }
    mark_states(m.derives[d], false, marks);
  }
  return {};
}

DerivePlace place_derive(const PlanImpl& p, size_t derive, uint64_t bytes) {
  uint64_t lowest = UINT64_MAX, end = 0, live = 0, most = 0;
  uint32_t entry_point = kDeriveEntryPoint;
  for (const PlannedBuffer& b : p.buffers) {
    if (b.first_step >= 0 || b.entry_point == kDeriveEntryPoint) continue;
    uint32_t graph = p.m->entry_points[b.entry_point].graph;
    if ((p.derive_use(graph, derive) & kReadsTarget) == 0) continue;
    lowest = b.offset < lowest ? b.offset : lowest;
    end = b.offset + b.bytes > end ? b.offset + b.bytes : end;
    // The buffers of an entry point stand together.
    live = b.entry_point == entry_point ? live + b.bytes : b.bytes;
    entry_point = b.entry_point;
    most = live > most ? live : most;
  }
  return {bytes <= lowest ? 0 : round_up(end, p.options.arena_alignment), most};
}

}  // namespace mote
