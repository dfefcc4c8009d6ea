// The interpreter: the steps of an entry point, one after the other, each in tiles.
#include "base/arch.h"
#include "run/session_impl.h"

namespace mote {
namespace {

struct Task {
  SessionImpl* session;
  const KernelCall* call;
  void (*run)(const KernelCall&, uint32_t tile, uint32_t worker);
  uint32_t cancelled = 0;  // set by any worker, read by all
};

void run_tile(void* argument, uint32_t tile, uint32_t worker) {
  Task& task = *static_cast<Task*>(argument);
  if (__atomic_load_n(&task.cancelled, __ATOMIC_RELAXED) != 0) return;
  if (poll(*task.session)) {
    __atomic_store_n(&task.cancelled, 1u, __ATOMIC_RELAXED);
    return;
  }
  FloatEnvironment environment;  // of this thread
  task.run(*task.call, tile, worker);
}

KernelCall make_call(SessionImpl& s, uint32_t step_index) {
  const Step& step = s.p->steps[step_index];
  KernelCall call;
  call.view = &step.op->view;
  call.inputs = s.operands + s.p->operand_first[step_index];
  call.outputs = call.inputs + step.op->inputs.size;
  call.params = step.params;
  call.packed = step.packed;
  call.shared_scratch = s.arena + step.scratch_offset;
  call.scratch = call.shared_scratch + step.shared_scratch_bytes;
  call.scratch_stride = step.scratch_stride;
  return call;
}

Status run_phase(SessionImpl& s, const KernelCall& call, const KernelPhase& phase) {
  if (phase.run == nullptr) return {};
  Task task{&s, &call, phase.run};
  uint32_t tiles = phase.tiles == nullptr ? 1 : phase.tiles(call);
  if (tiles > 1 && s.p->options.threads > 1) {
    s.options.pool.parallel_for(s.options.pool.context, tiles, run_tile, &task);
  } else {
    for (uint32_t i = 0; i < tiles; ++i) run_tile(&task, i, 0);
  }
  return task.cancelled == 0 ? Status{} : error(Code::cancelled);
}

Status run_step(SessionImpl& s, uint32_t step_index) {
  const Step& step = s.p->steps[step_index];
  if (step.kernel == nullptr) return {};
  if (poll(s)) return error(Code::cancelled);
  if (step.op->view.op->graphs != 0) return execute_control(s, step);
  KernelCall call = make_call(s, step_index);
  if (step.kernel->check_data != nullptr) MOTE_TRY(step.kernel->check_data(call));
  if ((step.op->view.op->flags & kWritesState) != 0) s.state_written = true;
  MOTE_TRY(run_phase(s, call, step.kernel->before));
  MOTE_TRY(run_phase(s, call, {step.kernel->tiles, step.kernel->run}));
  return run_phase(s, call, step.kernel->after);
}

// Runs the partition that begins at a step; `*done` 0: there is none, or its device was lost.
Status delegate_steps(SessionImpl& s, uint32_t step_index, uint32_t* done) {
  int32_t index = s.p->partition_of[step_index];
  if (index < 0 || !s.partitions[index].active) return {};
  if (poll(s)) return error(Code::cancelled);
  const Partition& part = s.p->partitions[static_cast<size_t>(index)];
  const Step* steps = &s.p->steps[step_index];
  poison_for_steps(s, s.running, steps->time, steps[part.info.step_count - 1].end_time);
  if (run_partition(s, static_cast<uint32_t>(index))) *done = part.info.step_count;
  return {};
}

// Bound memory holds the current shape.
Status check_bindings(const SessionImpl& s, uint32_t e) {
  const EntryPointInfo& entry = s.m->entry_points[e];
  uint32_t binding = s.input_binding(e, 0);
  for (Span<const PortInfo> ports : {entry.inputs, entry.outputs}) {
    for (const PortInfo& port : ports) {
      MOTE_TRY(s.check_binding(binding++, static_cast<int32_t>(port.tensor)));
    }
  }
  return {};
}

void profile(const SessionImpl& s, uint32_t step, bool end) {
  const Profiler& p = s.options.profiler;
  if (p.step != nullptr) p.step(p.context, step, end);
}

Status execute_step(SessionImpl& s, uint32_t graph, uint32_t i, uint32_t* done) {
  MOTE_TRY(delegate_steps(s, s.p->graphs[graph].first_step + i, done));
  if (*done != 0) return {};
  *done = 1;
  uint32_t index = s.p->graphs[graph].first_step + i;
  poison_for_steps(s, s.running, s.p->steps[index].time, s.p->steps[index].time);
  return run_step(s, index);
}

// `profiled`: steps are those of an entry point.
Status execute_steps(SessionImpl& s, uint32_t graph, bool profiled) {
  uint32_t first = s.p->graphs[graph].first_step, count = s.m->graphs[graph].op_count;
  for (uint32_t i = 0; i < count;) {
    uint32_t done = 0;
    if (profiled) profile(s, i, false);
    Status status = execute_step(s, graph, i, &done);
    if (profiled) profile(s, i, true);
    if (!status.ok()) return at(status, *s.p->steps[first + i].op);
    i += done;
  }
  return {};
}

Status execute_graph(SessionImpl& s, uint32_t graph, bool profiled) {
  s.state_written = false;
  s.running = graph;
  return execute_steps(s, graph, profiled);
}

Status execute_derive(SessionImpl& s, size_t d) {
  uint32_t graph = s.m->derives[d].graph;
  MOTE_TRY(s.m->graphs[graph].availability);
  MOTE_TRY(execute_graph(s, graph, false));
  s.due[d] = 0;
  return {};
}

}  // namespace

bool poll(const SessionImpl& s) {
  const CancelToken& token = s.options.cancel;
  return token.cancelled != nullptr && !s.state_written && token.cancelled(token.context);
}

Status execute_called(SessionImpl& s, uint32_t graph) { return execute_steps(s, graph, false); }

Status execute_derives(SessionImpl& s) {
  for (size_t d = 0; d < s.m->derives.size(); ++d) {
    // One that nothing in this plan needs stays due.
    const GraphPlan& graph = s.p->graphs[s.m->derives[d].graph];
    bool runs = graph.planned || !s.m->graphs[s.m->derives[d].graph].availability.ok();
    if (s.due[d] != 0 && runs) MOTE_TRY(execute_derive(s, d));
  }
  return {};
}

Status execute(SessionImpl& s, uint32_t entry_point) {
  MOTE_TRY(check_bindings(s, entry_point));
  uint32_t graph = s.m->entry_points[entry_point].graph;
  for (size_t d = 0; d < s.m->derives.size(); ++d) {
    bool needed = (s.p->derive_use(graph, d) & kReadsTarget) != 0;
    if (needed && s.due[d] != 0) MOTE_TRY(execute_derive(s, d));
  }
  MOTE_TRY(execute_graph(s, graph, true));
  for (size_t d = 0; d < s.m->derives.size(); ++d)
    if ((s.p->derive_use(graph, d) & kWritesSource) != 0) s.due[d] = 1;
  return {};
}

}  // namespace mote
