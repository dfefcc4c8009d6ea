// When each step of an entry point runs. Called graphs are numbered where they are called, each but
// once, so that lifetimes are intervals whatever the control flow.
#include "plan/plan_impl.h"

namespace mote {
namespace {

// Returns the time after the graph: that of handing over its results, if it is called.
int32_t number(PlanImpl& p, uint32_t graph, int32_t time) {
  for (Step& step : p.steps_of(graph)) {
    step.time = step.end_time = time++;
    for (uint32_t called : graphs_of(*step.op)) time = number(p, called, time) + 1;
    if (!graphs_of(*step.op).empty()) step.end_time = time++;
  }
  p.graphs[graph].end = time;
  return time;
}

// The last step that begins at `time` or before.
Step& last_before(Span<Step> steps, int32_t time) {
  size_t low = 0, high = steps.size;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    (steps[middle].time <= time ? low : high) = middle;
  }
  return steps[low];
}

}  // namespace

void number_times(PlanImpl& p, uint32_t graph) { number(p, graph, 0); }

Step& step_at(PlanImpl& p, uint32_t graph, int32_t time, bool within) {
  Step* step = &last_before(p.steps_of(graph), time);
  while (within && step->time != time && step->end_time != time) {
    Span<const uint32_t> called = graphs_of(*step->op);
    size_t k = 0;
    while (k + 1 < called.size && p.graphs[called[k]].end < time) ++k;
    step = &last_before(p.steps_of(called[k]), time);
  }
  return *step;
}

}  // namespace mote
