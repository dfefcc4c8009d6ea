#include "base/arch.h"
#include "base/checked.h"
#include "plan/plan_impl.h"

namespace mote {
namespace {

Isa best_isa() {
  auto best = Isa::scalar;
  for (uint8_t i = 0; i < static_cast<uint8_t>(Isa::count_); ++i)
    if (isa_available(static_cast<Isa>(i))) best = static_cast<Isa>(i);
  return best;
}

Status check_options(const PlanOptions& o) {
  if (o.threads < 1 || o.threads > kMaxThreads) {
    return error(Code::too_many_threads, kMaxThreads, o.threads);
  }
  uint32_t a = o.arena_alignment;
  if (a < 16 || (a & (a - 1)) != 0 || a > 65536) {
    return error(Code::invalid_argument, 0, a, "arena_alignment");
  }
  if (o.isa != Isa::automatic && !isa_available(o.isa)) {
    return error(Code::invalid_argument, 0, static_cast<int64_t>(o.isa), "isa");
  }
  return {};
}

void select_graph(PlanImpl& p, uint32_t g) {
  p.graphs[g].planned = true;
  const GraphDesc& graph = p.m->graphs[g];
  for (uint32_t i = 0; i < graph.op_count; ++i)
    for (uint32_t called : graphs_of(p.m->ops[graph.first_op + i])) select_graph(p, called);
}

Status select(PlanImpl& p, Span<const uint32_t> entry_points) {
  size_t count = p.m->entry_points.size();
  MOTE_TRY(p.selected.init(p.allocator, count, &p.array_bytes));
  MOTE_TRY(p.graphs.init(p.allocator, p.m->graphs.size(), &p.array_bytes));
  for (size_t e = 0; entry_points.empty() && e < count; ++e) {
    p.selected[e] = p.m->entry_points[e].availability.ok() ? 1 : 0;
  }
  for (uint32_t e : entry_points) {
    if (e >= count) return error(Code::index_out_of_range, static_cast<int64_t>(count), e);
    MOTE_TRY(p.m->entry_points[e].availability);
    p.selected[e] = 1;
  }
  for (size_t e = 0; e < count; ++e)
    if (p.selected[e] != 0) select_graph(p, p.m->entry_points[e].graph);
  return find_derives(p);
}

Status make_steps(PlanImpl& p) {
  uint32_t total = 0;
  for (size_t g = 0; g < p.graphs.size(); ++g) {
    p.graphs[g].first_step = total;
    if (p.graphs[g].planned) total += p.m->graphs[g].op_count;
  }
  MOTE_TRY(p.steps.init(p.allocator, total, &p.array_bytes));
  for (uint32_t g = 0; g < p.graphs.size(); ++g) {
    if (!p.graphs[g].planned) continue;
    Span<Step> steps = p.steps_of(g);
    for (size_t i = 0; i < steps.size; ++i) {
      steps[i].op_index = p.m->graphs[g].first_op + static_cast<uint32_t>(i);
      steps[i].op = &p.m->ops[steps[i].op_index];
    }
  }
  for (uint32_t g = 0; g < p.graphs.size(); ++g)
    if (p.has_buffers(g)) number_times(p, g);
  return {};
}

void find_dynamic(PlanImpl& p) {
  for (const TensorInfo& t : p.m->tensors) {
    if (!t.bounds.is_static()) p.dynamic = true;
    if (t.kind == TensorKind::constant) {
      p.report.constant_bytes += static_cast<uint64_t>(t.max_bytes);
    }
  }
}

void finish_graph(PlanImpl& p, uint32_t g, uint32_t entry_point, uint64_t arena_bytes,
                  DerivePlace beside) {
  GraphPlan& graph = p.graphs[g];
  graph.arena_bytes = beside.offset + arena_bytes;
  graph.peak_live_bytes += beside.inputs;
  if (graph.peak_step >= graph.end) {
    graph.peak_step = static_cast<int32_t>(p.m->graphs[g].op_count);
  } else if (graph.peak_step >= 0) {
    graph.peak_step = static_cast<int32_t>(step_at(p, g, graph.peak_step, false).op->place);
  }
  if (graph.arena_bytes > p.report.arena_bytes) p.report.arena_bytes = graph.arena_bytes;
  if (graph.peak_live_bytes > p.report.peak_live_bytes) {
    p.report.peak_live_bytes = graph.peak_live_bytes;
    p.report.peak_step = graph.peak_step;
    p.report.peak_entry_point = entry_point;
  }
  for (uint32_t i = 0; i < graph.buffer_count; ++i) {
    PlannedBuffer& b = p.buffers[graph.first_buffer + i];
    b.entry_point = entry_point;
    b.offset += beside.offset;
    if (b.tensor >= 0) {
      p.placements[static_cast<size_t>(b.tensor)].offset = b.offset;
    } else {
      step_at(p, g, b.first_step, true).scratch_offset = b.offset;
    }
  }
}

Status place_graph(PlanImpl& p, uint32_t g, uint64_t* arena_bytes) {
  Status s = place_buffers(p, p.graphs[g], arena_bytes);
  return s.ok() ? s : at(s, static_cast<int32_t>(g));
}

Status place(PlanImpl& p) {
  uint64_t arena_bytes = 0;
  for (uint32_t g = 0; g < p.graphs.size(); ++g) {
    if (!p.has_buffers(g) || is_derive(p, g)) continue;
    MOTE_TRY(place_graph(p, g, &arena_bytes));
    finish_graph(p, g, first_entry_point(p, g), arena_bytes, {0, 0});
  }
  for (size_t d = 0; d < p.m->derives.size(); ++d) {
    uint32_t g = p.m->derives[d].graph;
    if (!p.graphs[g].planned) continue;
    MOTE_TRY(place_graph(p, g, &arena_bytes));
    finish_graph(p, g, kDeriveEntryPoint, arena_bytes, place_derive(p, d, arena_bytes));
  }
  return {};
}

Status fill_infos(PlanImpl& p) {
  MOTE_TRY(p.step_infos.init(p.allocator, p.steps.size(), &p.array_bytes));
  for (size_t i = 0; i < p.steps.size(); ++i) {
    const Step& s = p.steps[i];
    StepInfo& info = p.step_infos[i];
    info.op = s.op_index;
    info.kernel = s.kernel == nullptr ? "alias" : s.kernel->name;
    info.scratch_bytes = s.scratch_bytes;
    info.packed_bytes = s.packed_bytes;
    if (s.scratch_bytes > p.report.scratch_bytes) p.report.scratch_bytes = s.scratch_bytes;
    for (int32_t t : s.op->outputs) {
      p.report.activation_bytes +=
          static_cast<uint64_t>(p.m->tensors[static_cast<size_t>(t)].max_bytes);
    }
  }
  return {};
}

Status create_into(PlanImpl& p, Span<const uint32_t> entry_points) {
  MOTE_TRY(check_options(p.options));
  p.isa = p.options.isa == Isa::automatic ? best_isa() : p.options.isa;
  FloatEnvironment environment;
  MOTE_TRY(select(p, entry_points));
  MOTE_TRY(make_steps(p));
  find_dynamic(p);
  MOTE_TRY(choose_kernels(p));
  MOTE_TRY(p.placements.init(p.allocator, p.m->tensors.size(), &p.array_bytes));
  MOTE_TRY(find_lifetimes(p));
  MOTE_TRY(place(p));
  MOTE_TRY(pack_weights(p));
  MOTE_TRY(fill_infos(p));
  MOTE_TRY(find_partitions(p));
  MOTE_TRY(lay_out_session(p));
  p.report.plan_bytes = sizeof(PlanImpl) + p.array_bytes + p.pool.bytes();
  return {};
}

}  // namespace

uint32_t first_entry_point(const PlanImpl& p, uint32_t graph) {
  for (uint32_t e = 0; e < p.selected.size(); ++e)
    if (p.selected[e] != 0 && p.m->entry_points[e].graph == graph) return e;
  return 0;
}

PlanImpl::~PlanImpl() {
  for (Partition& partition : partitions) {
    if (partition.plan != nullptr) partition.delegate->plan_destroy(partition.plan);
  }
}

Result<Plan> Plan::create(const Model& model, Span<const uint32_t> entry_points,
                          const PlanOptions& options) {
  if (!model.valid()) return error(Code::invalid_handle);
  Result<PlanImpl*> created = create_object<PlanImpl>(options.allocator);
  if (!created.ok()) return created.status();
  PlanImpl* p = created.value();
  p->allocator = options.allocator;
  p->pool.use(options.allocator);
  p->options = options;
  p->m = model.impl();
  Plan plan(p);
  Status s = create_into(*p, entry_points);
  if (!s.ok()) return s;
  return plan;
}

Plan& Plan::operator=(Plan&& other) noexcept {
  if (this != &other) {
    destroy_object(impl_);
    impl_ = other.impl_;
    other.impl_ = nullptr;
  }
  return *this;
}

Plan::~Plan() { destroy_object(impl_); }

const PlanReport& Plan::report() const { return impl_->report; }
const PlanOptions& Plan::options() const { return impl_->options; }
Isa Plan::isa() const { return impl_->isa; }
Span<const PlannedBuffer> Plan::buffers() const { return impl_->buffers.span(); }

Span<const PartitionInfo> Plan::partitions() const { return impl_->partition_infos.span(); }

Span<const StepInfo> Plan::steps(uint32_t entry_point) const {
  if (entry_point >= impl_->selected.size() || impl_->selected[entry_point] == 0) return {};
  uint32_t g = impl_->m->entry_points[entry_point].graph;
  return {impl_->step_infos.data() + impl_->graphs[g].first_step, impl_->m->graphs[g].op_count};
}

}  // namespace mote
