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

bool poll(SessionImpl& s) {
  const CancelToken& token = s.options.cancel;
  return token.cancelled != nullptr && !s.state_written && token.cancelled(token.context);
}

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
  auto first = static_cast<int32_t>(part.info.first_step);
  poison_for_steps(s, part.graph, first, first + static_cast<int32_t>(part.info.step_count) - 1);
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

}  // namespace

Status execute(SessionImpl& s, uint32_t entry_point) {
  MOTE_TRY(check_bindings(s, entry_point));
  uint32_t graph = s.m->entry_points[entry_point].graph;
  uint32_t first = s.p->graphs[graph].first_step, count = s.m->graphs[graph].op_count;
  s.state_written = false;
  for (uint32_t i = 0; i < count;) {
    uint32_t done = 0;
    profile(s, i, false);
    Status status = delegate_steps(s, first + i, &done);
    if (status.ok() && done == 0) {
      poison_for_steps(s, graph, static_cast<int32_t>(i), static_cast<int32_t>(i));
      status = run_step(s, first + i);
      done = 1;
    }
    profile(s, i, true);
    if (!status.ok()) return at(status, *s.p->steps[first + i].op);
    i += done;
  }
  return {};
}

}  // namespace mote
