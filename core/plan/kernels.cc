// The choice of kernels: a function of types, attributes and instruction set alone.
#include "base/checked.h"
#include "plan/plan_impl.h"

namespace mote {
namespace {

const Kernel* choose(const PlanImpl& p, const OpView& view) {
  for (const Kernel& k : view.op->kernels) {
    if (!isa_includes(p.isa, k.isa)) continue;
    if (k.needs_packing && !p.options.pack_weights) continue;
    if (p.options.reference_only && !k.reference) continue;
    if (k.accepts(view)) return &k;
  }
  return nullptr;
}

Status prepare(PlanImpl& p, Step& step, uint64_t* packed_total) {
  const OpView& view = step.op->view;
  step.kernel = choose(p, view);
  if (step.kernel == nullptr) return error(Code::no_kernel);
  if (step.kernel->prepare == nullptr) return {};
  PrepareContext context{view, p.isa, p.options.threads, p.options.pack_weights, p.pool};
  MOTE_TRY(step.kernel->prepare(context));
  step.params = context.params;
  step.packed_bytes = round_up(context.packed_bytes, kArenaAlignment);
  step.scratch_stride = round_up(context.scratch_bytes, kArenaAlignment);
  step.shared_scratch_bytes = context.shared_scratch_bytes;
  // The shared part, then one part per worker; nothing follows the last.
  step.scratch_bytes = context.shared_scratch_bytes;
  if (context.scratch_bytes != 0) {
    step.shared_scratch_bytes = round_up(context.shared_scratch_bytes, kArenaAlignment);
    // 64-bit: the workers' parts together may be more than a 32-bit size holds.
    step.scratch_bytes = uint64_t{step.scratch_stride} * (p.options.threads - 1) +
                         step.shared_scratch_bytes + context.scratch_bytes;
    if (step.scratch_bytes > SIZE_MAX / 2) {
      return error(Code::out_of_memory, 0, static_cast<int64_t>(step.scratch_bytes));
    }
  }
  *packed_total += step.packed_bytes;
  return {};
}

template <class F>
Status for_each_step(PlanImpl& p, F f) {
  for (uint32_t g = 0; g < p.graphs.size(); ++g) {
    if (!p.graphs[g].planned) continue;
    for (Step& step : p.steps_of(g)) {
      Status s = f(step);
      if (!s.ok()) return at(s, *step.op);
    }
  }
  return {};
}

}  // namespace

Status choose_kernels(PlanImpl& p) {
  uint64_t packed = 0;
  MOTE_TRY(for_each_step(p, [&](Step& step) { return prepare(p, step, &packed); }));
  if (packed != 0) {
    // Room to start the packed weights on a cache line, which the caller's allocator need not do.
    if (packed > SIZE_MAX / 2) return error(Code::out_of_memory, 0, static_cast<int64_t>(packed));
    MOTE_TRY(p.packed.init(p.allocator, static_cast<size_t>(packed) + kArenaAlignment));
  }
  p.report.packed_bytes = packed;
  return {};
}

Status pack_weights(PlanImpl& p) {
  auto address = reinterpret_cast<uintptr_t>(p.packed.data());
  uint8_t* next = p.packed.data() + (round_up(address, kArenaAlignment) - address);
  return for_each_step(p, [&](Step& step) {
    if (step.packed_bytes == 0) return Status{};
    step.packed = next;
    next += step.packed_bytes;
    step.kernel->pack(step.op->view, step.params, step.packed);
    return Status{};
  });
}

}  // namespace mote
