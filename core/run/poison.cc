// Sanitizer builds: a byte of the arena that no live tensor owns must not be touched.
#include "base/arch.h"
#include "run/session_impl.h"

namespace mote {

void poison_for_steps(SessionImpl& s, uint32_t graph, int32_t first, int32_t last) {
  if (!kPoisoning) return;
  poison(s.arena, s.p->report.arena_bytes);
  const GraphPlan& g = s.p->graphs[graph];
  for (uint32_t i = 0; i < g.buffer_count; ++i) {
    const PlannedBuffer& b = s.p->buffers[g.first_buffer + i];
    if (b.first_step <= last && first <= b.last_step) unpoison(s.arena + b.offset, b.bytes);
  }
}

void poison_between_runs(SessionImpl& s) {
  if (!kPoisoning) return;
  poison(s.arena, s.p->report.arena_bytes);
  for (const PlannedBuffer& b : s.p->buffers) {
    if (b.entry_point == kDeriveEntryPoint) continue;
    bool input = b.first_step < 0;
    uint32_t graph = s.m->entry_points[b.entry_point].graph;
    bool output = b.last_step >= s.p->graphs[graph].end;
    if (input || output) unpoison(s.arena + b.offset, b.bytes);
  }
}

}  // namespace mote
