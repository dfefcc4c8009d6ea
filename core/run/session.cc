// Creation of sessions and access to ports and states.
#include <cstring>

#include "base/arch.h"
#include "base/checked.h"
#include "run/session_impl.h"

namespace mote {
namespace {

uint8_t* align(uint8_t* memory, size_t alignment) {
  auto address = reinterpret_cast<uintptr_t>(memory);
  return memory + (round_up(address, alignment) - address);
}

Status take_arena(SessionImpl& s) {
  uint64_t need = s.p->report.arena_bytes;
  size_t alignment = s.p->options.arena_alignment;
  Span<uint8_t> given = s.options.arena;
  if (given.data != nullptr) {
    auto remainder = reinterpret_cast<uintptr_t>(given.data) % alignment;
    if (remainder != 0) {
      return error(Code::arena_misaligned, static_cast<int64_t>(alignment),
                   static_cast<int64_t>(remainder));
    }
    if (given.size < need) {
      return error(Code::arena_too_small, static_cast<int64_t>(need),
                   static_cast<int64_t>(given.size));
    }
    s.arena = given.data;
    return {};
  }
  if (need > SIZE_MAX - alignment) return error(Code::out_of_memory, 0, static_cast<int64_t>(need));
  MOTE_TRY(s.own_arena.init(s.allocator, static_cast<size_t>(need) + alignment));
  s.arena = align(s.own_arena.data(), alignment);
  return {};
}

void* memory_of(const SessionImpl& s, size_t t) {
  const Placement& place = s.p->placements[t];
  const TensorInfo& root = s.m->tensors[static_cast<size_t>(place.root)];
  uint64_t offset = s.p->placements[static_cast<size_t>(place.root)].offset;
  switch (root.kind) {
    case TensorKind::constant:
      return const_cast<void*>(root.data);  // never written: the validator saw to it
    case TensorKind::state:
      return s.states + offset;
    default:
      return s.arena + offset;
  }
}

void link(SessionImpl& s) {
  for (size_t t = 0; t < s.m->tensors.size(); ++t) {
    const TensorInfo& info = s.m->tensors[t];
    s.tensors[t] = {memory_of(s, t), &info, info.bounds.max()};
  }
  for (size_t i = 0; i < s.p->steps.size(); ++i) {
    const OpDesc& op = *s.p->steps[i].op;
    const Tensor** out = s.operands + s.p->operand_first[i];
    for (int32_t t : op.inputs) *out++ = t < 0 ? nullptr : &s.tensor(t);
    for (int32_t t : op.outputs) *out++ = &s.tensor(t);
  }
}

Status check_threads(const SessionImpl& s) {
  uint32_t threads = s.p->options.threads;
  if (threads == 1) return {};
  if (s.options.pool.parallel_for == nullptr || s.options.pool.threads != threads) {
    uint32_t found = s.options.pool.parallel_for == nullptr ? 1 : s.options.pool.threads;
    return error(Code::thread_pool_mismatch, threads, found);
  }
  return {};
}

// Shapes of dynamic graphs follow from the largest inputs, which need not give every maximum. Where
// those do not fit each other (bounds of 4 and of 6 that are added), from the smallest.
Status set_first_shapes(SessionImpl& s, uint32_t graph) {
  if (propagate_shapes(s, graph).ok()) return {};
  for (int32_t t : s.m->graphs[graph].inputs) {
    Tensor& x = s.tensor(t);
    for (int i = 0; i < x.shape.rank; ++i) x.shape.dims[i] = x.info->bounds.dims[i].min;
  }
  return propagate_shapes(s, graph);
}

Status create_into(SessionImpl& s) {
  MOTE_TRY(check_threads(s));
  const SessionLayout& l = s.p->layout;
  MOTE_TRY(s.block.init(s.allocator, l.total_bytes));
  uint8_t* base = align(s.block.data(), kArenaAlignment);
  s.tensors = reinterpret_cast<Tensor*>(base + l.tensors_at);
  s.saved_shapes = reinterpret_cast<Shape*>(base + l.shapes_at);
  s.bounds = reinterpret_cast<ShapeBounds*>(base + l.bounds_at);
  s.operands = reinterpret_cast<const Tensor**>(base + l.operands_at);
  s.bindings = reinterpret_cast<Span<uint8_t>*>(base + l.bindings_at);
  s.partitions = reinterpret_cast<PartitionState*>(base + l.partitions_at);
  s.pointers = reinterpret_cast<void**>(base + l.pointers_at);
  s.shapes = reinterpret_cast<mote_delegate_shape*>(base + l.partition_shapes_at);
  s.due = base + l.due_at;
  s.states = base + l.states_at;
  MOTE_TRY(take_arena(s));
  link(s);
  for (uint32_t g = 0; s.p->dynamic && g < s.p->graphs.size(); ++g) {
    if (s.p->has_buffers(g)) MOTE_TRY(set_first_shapes(s, g));
  }
  create_partitions(s);
  poison_between_runs(s);
  return {};
}

// Points all tensors that share memory with `tensor` to `memory`, or back to the arena.
void redirect(SessionImpl& s, int32_t tensor, uint8_t* memory) {
  int32_t root = s.p->placements[static_cast<size_t>(tensor)].root;
  for (size_t t = 0; t < s.m->tensors.size(); ++t) {
    if (s.p->placements[t].root != root) continue;
    s.tensors[t].data = memory != nullptr ? memory : memory_of(s, t);
  }
}

Status bind(SessionImpl& s, uint32_t binding, int32_t tensor, Span<uint8_t> memory) {
  size_t alignment = type_bytes(s.tensor(tensor).type());
  if (reinterpret_cast<uintptr_t>(memory.data) % alignment != 0) {
    return error(Code::arena_misaligned, static_cast<int64_t>(alignment),
                 static_cast<int64_t>(reinterpret_cast<uintptr_t>(memory.data) % alignment));
  }
  s.bindings[binding] = memory;
  redirect(s, tensor, memory.data);
  return {};
}

Result<uint32_t> find_port(Span<const PortInfo> ports, const char* name) {
  for (uint32_t i = 0; i < ports.size; ++i)
    if (strcmp(ports[i].name, name) == 0) return i;
  return error(Code::name_unknown, 0, 0, name);
}

}  // namespace

SessionImpl::~SessionImpl() {
  destroy_partitions(*this);
  if (kPoisoning && arena != nullptr) unpoison(arena, p->report.arena_bytes);
}

Status SessionImpl::check_entry_point(uint32_t e) const {
  if (e >= m->entry_points.size()) {
    return error(Code::index_out_of_range, static_cast<int64_t>(m->entry_points.size()), e);
  }
  if (p->selected[e] != 0) return {};
  Status s = m->entry_points[e].availability;
  return s.ok() ? error(Code::invalid_argument, 0, e, "entry_point (not in this plan)") : s;
}

Status SessionImpl::input_tensor(uint32_t e, uint32_t port, int32_t* tensor) const {
  MOTE_TRY(check_entry_point(e));
  Span<const PortInfo> ports = m->entry_points[e].inputs;
  if (port >= ports.size) {
    return error(Code::index_out_of_range, static_cast<int64_t>(ports.size), port);
  }
  *tensor = static_cast<int32_t>(ports[port].tensor);
  return {};
}

Status SessionImpl::output_tensor(uint32_t e, uint32_t port, int32_t* tensor) const {
  MOTE_TRY(check_entry_point(e));
  Span<const PortInfo> ports = m->entry_points[e].outputs;
  if (port >= ports.size) {
    return error(Code::index_out_of_range, static_cast<int64_t>(ports.size), port);
  }
  *tensor = static_cast<int32_t>(ports[port].tensor);
  return {};
}

Status SessionImpl::check_binding(uint32_t binding, int32_t t) const {
  Span<uint8_t> memory = bindings[binding];
  int64_t need = tensor(t).bytes();
  if (memory.data == nullptr || memory.size >= static_cast<uint64_t>(need)) return {};
  return at(error(Code::buffer_size, need, static_cast<int64_t>(memory.size)), -1, -1, t);
}

Result<Session> Session::create(const Plan& plan, const SessionOptions& options) {
  if (!plan.valid()) return error(Code::invalid_handle);
  Result<SessionImpl*> created = create_object<SessionImpl>(options.allocator);
  if (!created.ok()) return created.status();
  SessionImpl* s = created.value();
  s->allocator = options.allocator;
  s->options = options;
  s->p = plan.impl();
  s->m = s->p->m;
  Session session(s);
  Status status = create_into(*s);
  if (!status.ok()) return status;
  session.reset_states();
  return session;
}

Session& Session::operator=(Session&& other) noexcept {
  if (this != &other) {
    destroy_object(impl_);
    impl_ = other.impl_;
    other.impl_ = nullptr;
  }
  return *this;
}

Session::~Session() { destroy_object(impl_); }

Result<uint32_t> Session::find_input(uint32_t e, const char* name) const {
  if (!valid()) return error(Code::invalid_handle);
  Status s = impl_->check_entry_point(e);
  if (!s.ok()) return s;
  return find_port(impl_->m->entry_points[e].inputs, name);
}

Result<uint32_t> Session::find_output(uint32_t e, const char* name) const {
  if (!valid()) return error(Code::invalid_handle);
  Status s = impl_->check_entry_point(e);
  if (!s.ok()) return s;
  return find_port(impl_->m->entry_points[e].outputs, name);
}

Result<Span<uint8_t>> Session::input(uint32_t e, uint32_t port) {
  if (!valid()) return error(Code::invalid_handle);
  int32_t t = 0;
  Status s = impl_->input_tensor(e, port, &t);
  if (s.ok()) s = impl_->check_binding(impl_->input_binding(e, port), t);
  if (!s.ok()) return s;
  const Tensor& x = impl_->tensor(t);
  return Span<uint8_t>{x.as<uint8_t>(), static_cast<size_t>(x.bytes())};
}

Result<Span<const uint8_t>> Session::output(uint32_t e, uint32_t port) const {
  if (!valid()) return error(Code::invalid_handle);
  int32_t t = 0;
  Status s = impl_->output_tensor(e, port, &t);
  if (s.ok()) s = impl_->check_binding(impl_->output_binding(e, port), t);
  if (!s.ok()) return s;
  const Tensor& x = impl_->tensor(t);
  return Span<const uint8_t>{x.as<uint8_t>(), static_cast<size_t>(x.bytes())};
}

Status Session::bind_input(uint32_t e, uint32_t port, Span<const uint8_t> memory) {
  if (!valid()) return error(Code::invalid_handle);
  int32_t t = 0;
  MOTE_TRY(impl_->input_tensor(e, port, &t));
  return bind(*impl_, impl_->input_binding(e, port), t,
              {const_cast<uint8_t*>(memory.data), memory.size});
}

Status Session::bind_output(uint32_t e, uint32_t port, Span<uint8_t> memory) {
  if (!valid()) return error(Code::invalid_handle);
  int32_t t = 0;
  MOTE_TRY(impl_->output_tensor(e, port, &t));
  return bind(*impl_, impl_->output_binding(e, port), t, memory);
}

bool Session::partition_active(uint32_t partition) const {
  return valid() && partition < impl_->p->partitions.size() && impl_->partitions[partition].active;
}

Status Session::run_derives() {
  if (!valid()) return error(Code::invalid_handle);
  Status s = execute_derives(*impl_);
  poison_between_runs(*impl_);
  return s;
}

Status Session::run(uint32_t entry_point) {
  if (!valid()) return error(Code::invalid_handle);
  MOTE_TRY(impl_->check_entry_point(entry_point));
  Status s = execute(*impl_, entry_point);
  poison_between_runs(*impl_);
  return s;
}

}  // namespace mote
