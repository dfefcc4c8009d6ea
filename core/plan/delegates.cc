// Delegates: who takes which operator. Runs of consecutive operators of one delegate become
// partitions; each is compiled and compared with the CPU before it is believed.
#include <cstddef>

#include "plan/plan_impl.h"

namespace mote {
namespace {

constexpr int32_t kCpu = -1;

// The delegates' view of the model, made once per plan and only when there are delegates.
struct Views {
  mote_delegate_tensor* tensors = nullptr;
  mote_delegate_operator* operators = nullptr;  // parallel to PlanImpl::steps
};

void fill_tensor(const TensorInfo& in, mote_delegate_tensor& out) {
  out.struct_size = sizeof out;
  out.name = in.name;
  out.type = static_cast<int32_t>(in.type);
  out.kind = static_cast<int32_t>(in.kind);
  out.rank = in.bounds.rank;
  for (int i = 0; i < in.bounds.rank; ++i) {
    out.min_shape[i] = in.bounds.dims[i].min;
    out.max_shape[i] = in.bounds.dims[i].max;
  }
  out.scales = in.quantization.scales;
  out.zero_points = in.quantization.zero_points;
  out.scale_count = in.quantization.scale_count;
  out.axis = in.quantization.axis;
  out.data = in.kind == TensorKind::constant ? in.data : nullptr;
  out.max_bytes = static_cast<uint64_t>(in.max_bytes);
}

void fill_operator(const OpDesc& op, mote_delegate_operator& out) {
  out.struct_size = sizeof out;
  out.code = op.source->code();
  out.version = op.source->version();
  out.name = op.view.op->name;
  out.attributes = op.view.attrs;
  out.attributes_bytes = op.view.op->attributes_bytes;
  out.inputs = op.inputs.data;
  out.outputs = op.outputs.data;
  out.input_count = static_cast<uint32_t>(op.inputs.size);
  out.output_count = static_cast<uint32_t>(op.outputs.size);
}

Status make_views(PlanImpl& p, Views* views) {
  views->tensors = p.pool.take_array<mote_delegate_tensor>(p.m->tensors.size());
  views->operators = p.pool.take_array<mote_delegate_operator>(p.steps.size());
  if (views->tensors == nullptr || views->operators == nullptr) return error(Code::out_of_memory);
  for (size_t t = 0; t < p.m->tensors.size(); ++t) {
    fill_tensor(p.m->tensors[t], views->tensors[t]);
  }
  for (size_t i = 0; i < p.steps.size(); ++i) fill_operator(*p.steps[i].op, views->operators[i]);
  return {};
}

mote_delegate_graph graph_view(const PlanImpl& p, const Views& views, uint32_t first,
                               uint32_t count) {
  mote_delegate_graph g = {};
  g.struct_size = sizeof g;
  g.tensors = views.tensors;
  g.tensor_count = static_cast<uint32_t>(p.m->tensors.size());
  g.operators = views.operators + first;
  g.operator_count = count;
  return g;
}

// Why the plan itself keeps an operator on the CPU; null: it may be offered.
const char* kept(const PlanImpl& p, const Step& step) {
  uint8_t flags = step.op->view.op->flags;
  if (step.op->view.op->graphs != 0) return "control flow stays on the CPU";
  if (p.m->graphs[step.op->graph].called) return "called graphs stay on the CPU";
  if ((flags & (kReadsState | kWritesState)) != 0) return "states stay on the CPU";
  if ((flags & kFallible) != 0) return "its indices are checked at run, on the CPU";
  if (step.kernel == nullptr) {
    // A delegate would write the output, which here is memory that must not be written.
    int32_t root = p.placements[static_cast<size_t>(step.op->outputs[0])].root;
    if (p.m->tensors[static_cast<size_t>(root)].kind != TensorKind::activation) {
      return "a view of a constant or state: nothing to do";
    }
    for (int32_t t : p.m->graphs[step.op->graph].inputs)
      if (t == root) return "a view of an input: nothing to do";
  }
  return nullptr;
}

// Asks delegate `d` for what is still free in graph `g`.
Status ask(PlanImpl& p, const Views& views, uint32_t g, uint32_t d, Array<int32_t>& owner,
           Array<double>& cost) {
  const mote_delegate& delegate = *p.options.delegates[d];
  uint32_t first = p.graphs[g].first_step, count = p.m->graphs[g].op_count;
  const char* why_not = "unusable here";
  int32_t result = delegate.query(delegate.context, &why_not);
  Array<mote_delegate_claim> claims;
  MOTE_TRY(claims.init(p.allocator, count));
  for (mote_delegate_claim& c : claims) c = {0, "not claimed", 0};
  if (result == MOTE_DELEGATE_OK) {
    mote_delegate_graph view = graph_view(p, views, first, count);
    view.inputs = p.m->graphs[g].inputs.data;
    view.input_count = static_cast<uint32_t>(p.m->graphs[g].inputs.size);
    view.outputs = p.m->graphs[g].outputs.data;
    view.output_count = static_cast<uint32_t>(p.m->graphs[g].outputs.size);
    result = delegate.claim(delegate.context, &view, claims.data());
    why_not = "the delegate's claim failed";
  }
  if (why_not == nullptr) why_not = "unusable here";
  for (uint32_t i = 0; i < count; ++i) {
    if (owner[first + i] != kCpu) continue;
    if (claims[i].reason == nullptr) claims[i].reason = "not claimed";
    const char* own_reason = kept(p, p.steps[first + i]);
    bool taken = result == MOTE_DELEGATE_OK && claims[i].claimed != 0 && own_reason == nullptr;
    const char* reason = result != MOTE_DELEGATE_OK ? why_not : claims[i].reason;
    p.step_infos[first + i].reason = taken ? "" : own_reason != nullptr ? own_reason : reason;
    if (!taken) continue;
    owner[first + i] = static_cast<int32_t>(d);
    cost[first + i] = claims[i].cost_us;
  }
  return {};
}

// Inputs: read but not made within. Outputs: made within and read outside (or by the caller).
class PortFinder {
 public:
  PortFinder(PlanImpl& p, Partition& partition) : p_(p), part_(partition) {}

  Status run() {
    MOTE_TRY(role_.init(p_.allocator, p_.m->tensors.size()));
    Span<const Step> steps = static_cast<const PlanImpl&>(p_).steps_of(part_.graph);
    uint32_t first = part_.info.first_step, end = first + part_.info.step_count;
    for (uint32_t i = first; i < end; ++i) {
      for (int32_t t : steps[i].op->inputs) {
        if (t >= 0 && kind(t) != TensorKind::constant) mark(t, kUntouched, kInput);
      }
      for (int32_t t : steps[i].op->outputs) mark(t, kUntouched, kInside);
    }
    for (uint32_t i = end; i < steps.size; ++i) {
      const OpDesc& op = *steps[i].op;
      for (size_t k = 0; k < op.inputs.size; ++k) {
        bool read = op.inputs[k] >= 0 && !PlanImpl::shape_only(op, k);
        if (read) mark(op.inputs[k], kInside, kOutput);
      }
    }
    for (int32_t t : p_.m->graphs[part_.graph].outputs) mark(t, kInside, kOutput);
    MOTE_TRY(collect(kInput, &part_.inputs));
    return collect(kOutput, &part_.outputs);
  }

 private:
  enum Role : uint8_t { kUntouched, kInput, kInside, kOutput };
  TensorKind kind(int32_t t) const { return p_.m->tensors[static_cast<size_t>(t)].kind; }
  void mark(int32_t t, Role from, Role to) {
    if (role_[static_cast<size_t>(t)] == from) role_[static_cast<size_t>(t)] = to;
  }
  Status collect(Role role, Span<const int32_t>* out) {
    size_t count = 0;
    for (uint8_t r : role_) count += r == role ? 1 : 0;
    auto* list = p_.pool.take_array<int32_t>(count);
    if (list == nullptr) return error(Code::out_of_memory);
    *out = {list, count};
    for (size_t t = 0; t < role_.size(); ++t)
      if (role_[t] == role) *list++ = static_cast<int32_t>(t);
    return {};
  }

  PlanImpl& p_;
  Partition& part_;
  Array<uint8_t> role_;
};

void refuse(PlanImpl& p, const Partition& partition, const char* reason) {
  uint32_t first = p.graphs[partition.graph].first_step + partition.info.first_step;
  for (uint32_t i = 0; i < partition.info.step_count; ++i) p.step_infos[first + i].reason = reason;
  if (p.options.logger.log != nullptr) p.options.logger.log(p.options.logger.context, reason);
}

// Compiles a partition and compares it; `*good` false: its steps stay on the CPU.
Status compile(PlanImpl& p, const Views& views, Partition& part, bool* good) {
  *good = false;
  MOTE_TRY(PortFinder(p, part).run());
  uint32_t first = p.graphs[part.graph].first_step + part.info.first_step;
  part.view = graph_view(p, views, first, part.info.step_count);
  part.view.inputs = part.inputs.data;
  part.view.input_count = static_cast<uint32_t>(part.inputs.size);
  part.view.outputs = part.outputs.data;
  part.view.output_count = static_cast<uint32_t>(part.outputs.size);
  const mote_delegate& d = *part.delegate;
  if (d.plan_create(d.context, &part.view, p.options.delegate_cache, &part.plan) !=
      MOTE_DELEGATE_OK) {
    part.plan = nullptr;
    refuse(p, part, "the delegate could not compile the partition");
    return {};
  }
  const char* why_not = nullptr;
  if (p.options.check_delegates) MOTE_TRY(check_partition(p, part, &why_not));
  if (why_not != nullptr) {
    d.plan_destroy(part.plan);
    part.plan = nullptr;
    refuse(p, part, why_not);
    return {};
  }
  if (d.plan_memory != nullptr) d.plan_memory(part.plan, &part.info.device_bytes);
  *good = true;
  return {};
}

// Maximal runs of steps with the same owner.
template <class F>
Status for_each_run(const PlanImpl& p, const Array<int32_t>& owner, F f) {
  for (uint32_t g = 0; g < p.graphs.size(); ++g) {
    if (!p.graphs[g].planned) continue;
    uint32_t first = p.graphs[g].first_step, count = p.m->graphs[g].op_count;
    for (uint32_t i = 0; i < count;) {
      uint32_t end = i + 1;
      while (end < count && owner[first + end] == owner[first + i]) ++end;
      if (owner[first + i] != kCpu) MOTE_TRY(f(g, i, end - i));
      i = end;
    }
  }
  return {};
}

// Partitions in the making; destroys the delegates' plans that were not handed over.
struct Candidates {
  Array<Partition> list;
  size_t good = 0;
  ~Candidates() {
    for (Partition& c : list)
      if (c.plan != nullptr) c.delegate->plan_destroy(c.plan);
  }
};

Status add_partition(PlanImpl& p, const Views& views, const Array<double>& cost,
                     Candidates& candidates) {
  Partition& part = candidates.list[candidates.good];
  uint32_t first = p.graphs[part.graph].first_step + part.info.first_step;
  for (uint32_t i = 0; i < part.info.step_count; ++i) part.info.cost_us += cost[first + i];
  bool good = false;
  MOTE_TRY(compile(p, views, part, &good));
  if (!good) return {};
  auto index = static_cast<int32_t>(candidates.good++);
  p.partition_of[first] = index;
  for (uint32_t i = 0; i < part.info.step_count; ++i) p.step_infos[first + i].partition = index;
  auto ports = static_cast<uint32_t>(part.inputs.size + part.outputs.size);
  p.most_ports = ports > p.most_ports ? ports : p.most_ports;
  return {};
}

Status hand_over(PlanImpl& p, Candidates& candidates) {
  MOTE_TRY(p.partition_infos.init(p.allocator, candidates.good, &p.array_bytes));
  MOTE_TRY(p.partitions.init(p.allocator, candidates.good, &p.array_bytes));
  for (size_t i = 0; i < candidates.good; ++i) {
    p.partitions[i] = candidates.list[i];
    p.partition_infos[i] = candidates.list[i].info;
    candidates.list[i].plan = nullptr;
  }
  return {};
}

// The table reaches at least to the last function of version 1 that is not optional.
Status check_table(const mote_delegate* d) {
  if (d == nullptr) return error(Code::invalid_argument, 0, 0, "delegates (null)");
  if (d->abi_version != MOTE_DELEGATE_ABI ||
      d->struct_size < offsetof(mote_delegate, wait) + sizeof d->wait) {
    return error(Code::delegate_abi, MOTE_DELEGATE_ABI, d->abi_version);
  }
  bool complete = d->query != nullptr && d->describe != nullptr && d->claim != nullptr &&
                  d->plan_create != nullptr && d->plan_destroy != nullptr &&
                  d->session_create != nullptr && d->session_destroy != nullptr &&
                  d->set_shape != nullptr && d->run != nullptr && d->wait != nullptr;
  return complete ? Status{} : error(Code::invalid_argument, 0, 0, "delegates (lacks a function)");
}

}  // namespace

Status find_partitions(PlanImpl& p) {
  MOTE_TRY(p.partition_of.init(p.allocator, p.steps.size(), &p.array_bytes));
  for (int32_t& x : p.partition_of) x = kCpu;
  if (p.options.delegates.empty()) return {};
  for (const mote_delegate* d : p.options.delegates) MOTE_TRY(check_table(d));
  Views views;
  Array<int32_t> owner;
  Array<double> cost;
  MOTE_TRY(make_views(p, &views));
  MOTE_TRY(owner.init(p.allocator, p.steps.size()));
  MOTE_TRY(cost.init(p.allocator, p.steps.size()));
  for (int32_t& x : owner) x = kCpu;
  for (uint32_t g = 0; g < p.graphs.size(); ++g) {
    for (uint32_t d = 0; p.graphs[g].planned && d < p.options.delegates.size; ++d) {
      MOTE_TRY(ask(p, views, g, d, owner, cost));
    }
  }
  size_t count = 0;
  MOTE_TRY(for_each_run(p, owner, [&](uint32_t, uint32_t, uint32_t) {
    ++count;
    return Status{};
  }));
  Candidates candidates;
  MOTE_TRY(candidates.list.init(p.allocator, count));
  MOTE_TRY(for_each_run(p, owner, [&](uint32_t g, uint32_t step, uint32_t steps) {
    Partition& part = candidates.list[candidates.good];
    part = {};
    part.graph = g;
    part.info.delegate = static_cast<uint32_t>(owner[p.graphs[g].first_step + step]);
    part.info.entry_point = is_derive(p, g) ? kDeriveEntryPoint : first_entry_point(p, g);
    part.info.first_step = step;
    part.info.step_count = steps;
    part.delegate = p.options.delegates[part.info.delegate];
    return add_partition(p, views, cost, candidates);
  }));
  return hand_over(p, candidates);
}

}  // namespace mote
