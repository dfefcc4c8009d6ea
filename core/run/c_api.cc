// The C interface: thin handles around the C++ objects.
#include <cstring>

#include "base/array.h"
#include "mote/mote.h"
#include "mote/session.h"

struct mote_model {
  mote::Allocator allocator;
  mote::Model object;
};
struct mote_plan {
  mote::Allocator allocator;
  mote::Plan object;
  const mote_model* model = nullptr;
};
struct mote_session {
  mote::Allocator allocator;
  mote::Session object;
  const mote_model* model = nullptr;
  mote_session_options options;
};

namespace mote {
namespace {

// Copies what the caller's struct holds; fields that it does not know stay zero.
template <class T>
T read_struct(const T* in) {
  T out;
  memset(&out, 0, sizeof out);
  if (in != nullptr) memcpy(&out, in, in->struct_size < sizeof out ? in->struct_size : sizeof out);
  return out;
}
template <class T>
void write_struct(const T& in, T* out) {
  size_t size = out->struct_size < sizeof in ? out->struct_size : sizeof in;
  memcpy(out, &in, size);
  out->struct_size = size;
}

int32_t report(const Status& s, mote_error* out) {
  if (out != nullptr) {
    mote_error e;
    memset(&e, 0, sizeof e);
    e.code = static_cast<int32_t>(s.code);
    e.graph = s.place.graph;
    e.op = s.place.op;
    e.tensor = s.place.tensor;
    e.expected = s.a;
    e.found = s.b;
    describe(s, e.text, sizeof e.text);
    write_struct(e, out);
  }
  return static_cast<int32_t>(s.code);
}

Allocator allocator_of(const mote_allocator& a) { return {a.context, a.allocate, a.release}; }

template <class Handle, class Object>
int32_t wrap(Result<Object>&& made, const Allocator& allocator, Handle** handle,
             mote_error* error) {
  if (!made.ok()) return report(made.status(), error);
  Result<Handle*> created = create_object<Handle>(allocator);
  if (!created.ok()) return report(created.status(), error);
  *handle = created.value();
  (*handle)->allocator = allocator;
  (*handle)->object = static_cast<Object&&>(made.value());
  return MOTE_OK;
}

bool cancelled(void* context) {
  auto* s = static_cast<mote_session*>(context);
  return s->options.cancelled(s->options.cancel_context) != 0;
}

const EntryPointInfo* entry_of(const mote_session* s, uint32_t e) {
  if (s == nullptr || e >= s->model->object.entry_point_count()) return nullptr;
  return &s->model->object.entry_point(e);
}

int32_t fill_port(const mote_session* s, const PortInfo& info, const Result<Shape>& shape,
                  mote_port* out) {
  if (!shape.ok()) return static_cast<int32_t>(shape.status().code);
  const TensorInfo& t = s->model->object.tensor(info.tensor);
  mote_port p;
  memset(&p, 0, sizeof p);
  p.name = info.name;
  p.type = static_cast<int32_t>(t.type);
  p.rank = t.bounds.rank;
  for (int i = 0; i < p.rank; ++i) {
    p.shape[i] = shape->dims[i];
    p.max_shape[i] = t.bounds.dims[i].max;
  }
  if (t.quantization.scale_count == 1) {
    p.scale = t.quantization.scale();
    p.zero_point = t.quantization.zero_point();
  }
  p.bytes = static_cast<size_t>(shape->elements()) * type_bytes(t.type);
  write_struct(p, out);
  return MOTE_OK;
}

}  // namespace
}  // namespace mote

using namespace mote;  // NOLINT(google-build-using-namespace): the functions below are C

const char* mote_version(void) { return MOTE_VERSION; }
const char* mote_code_name(int32_t code) {
  bool known = code >= 0 && code < static_cast<int32_t>(Code::count_);
  return code_name(known ? static_cast<Code>(code) : Code::count_);
}

int32_t mote_model_load(const void* bytes, size_t size, const mote_load_options* options,
                        mote_model** model, mote_error* error) {
  *model = nullptr;
  mote_load_options in = read_struct(options);
  if (in.integrity < MOTE_INTEGRITY_AUTOMATIC || in.integrity > MOTE_INTEGRITY_OFF) {
    return report(mote::error(Code::invalid_argument, 0, in.integrity, "integrity"), error);
  }
  LoadOptions o;
  o.integrity = static_cast<Integrity>(in.integrity);
  o.structure = in.structure_in_place != 0 ? StructureMemory::in_place : StructureMemory::copy;
  o.allocator = allocator_of(in.allocator);
  return wrap(Model::load({static_cast<const uint8_t*>(bytes), size}, inference_operators(), o),
              o.allocator, model, error);
}

void mote_model_destroy(mote_model* model) { destroy_object(model); }
uint32_t mote_model_entry_points(const mote_model* model) {
  return model->object.entry_point_count();
}
const char* mote_model_entry_point_name(const mote_model* model, uint32_t e) {
  return e < model->object.entry_point_count() ? model->object.entry_point(e).name : nullptr;
}
const char* mote_model_metadata(const mote_model* model, const char* key) {
  return model->object.metadata(key);
}

int32_t mote_plan_create(const mote_model* model, const mote_plan_options* options,
                         mote_plan** plan, mote_error* error) {
  *plan = nullptr;
  mote_plan_options in = read_struct(options);
  PlanOptions o;
  o.threads = in.threads == 0 ? 1 : in.threads;
  o.pack_weights = in.unpacked == 0;
  o.preserve_inputs = in.keep_inputs != 0;
  o.allocator = allocator_of(in.allocator);
  if (in.isa != nullptr) {
    Result<Isa> isa = isa_from_name(in.isa);
    if (!isa.ok()) return report(isa.status(), error);
    o.isa = isa.value();
  }
  int32_t code = wrap(Plan::create(model->object, {}, o), o.allocator, plan, error);
  if (code == MOTE_OK) (*plan)->model = model;
  return code;
}

void mote_plan_destroy(mote_plan* plan) { destroy_object(plan); }

int32_t mote_plan_get_report(const mote_plan* plan, mote_plan_report* report) {
  const PlanReport& r = plan->object.report();
  write_struct({0, r.arena_bytes, r.peak_live_bytes, r.packed_bytes, r.state_bytes, r.plan_bytes,
                r.session_bytes},
               report);
  return MOTE_OK;
}

int32_t mote_session_create(const mote_plan* plan, const mote_session_options* options,
                            mote_session** session, mote_error* error) {
  *session = nullptr;
  mote_session_options in = read_struct(options);
  SessionOptions o;
  o.arena = {static_cast<uint8_t*>(in.arena), in.arena_bytes};
  o.allocator = allocator_of(in.allocator);
  o.pool = {in.pool.context, in.pool.threads, in.pool.parallel_for};
  if (in.max_loop_steps < 0)
    return report(mote::error(Code::invalid_argument, 0, in.max_loop_steps, "max_loop_steps"),
                  error);
  if (in.max_loop_steps > 0) o.max_loop_steps = in.max_loop_steps;
  Result<mote_session*> created = create_object<mote_session>(o.allocator);
  if (!created.ok()) return report(created.status(), error);
  mote_session* s = created.value();
  s->allocator = o.allocator;
  s->model = plan->model;
  s->options = in;
  if (in.cancelled != nullptr) o.cancel = {s, cancelled};
  Result<Session> made = Session::create(plan->object, o);
  if (!made.ok()) {
    destroy_object(s);
    return report(made.status(), error);
  }
  s->object = static_cast<Session&&>(made.value());
  *session = s;
  return MOTE_OK;
}

void mote_session_destroy(mote_session* session) { destroy_object(session); }

uint32_t mote_session_inputs(const mote_session* session, uint32_t e) {
  const EntryPointInfo* entry = entry_of(session, e);
  return entry == nullptr ? 0 : static_cast<uint32_t>(entry->inputs.size);
}
uint32_t mote_session_outputs(const mote_session* session, uint32_t e) {
  const EntryPointInfo* entry = entry_of(session, e);
  return entry == nullptr ? 0 : static_cast<uint32_t>(entry->outputs.size);
}

int32_t mote_session_input(const mote_session* session, uint32_t e, uint32_t i, mote_port* port) {
  if (i >= mote_session_inputs(session, e)) return static_cast<int32_t>(Code::index_out_of_range);
  return fill_port(session, entry_of(session, e)->inputs[i], session->object.input_shape(e, i),
                   port);
}
int32_t mote_session_output(const mote_session* session, uint32_t e, uint32_t i, mote_port* port) {
  if (i >= mote_session_outputs(session, e)) return static_cast<int32_t>(Code::index_out_of_range);
  return fill_port(session, entry_of(session, e)->outputs[i], session->object.output_shape(e, i),
                   port);
}

int32_t mote_session_set_shape(mote_session* session, uint32_t e, uint32_t input,
                               const int32_t* dims, int32_t rank, mote_error* out) {
  if (rank < 0 || rank > kMaxRank) {
    return report(error(Code::rank_too_large, kMaxRank, rank), out);
  }
  Shape shape;
  shape.rank = rank;
  for (int i = 0; i < rank; ++i) shape.dims[i] = dims[i];
  return report(session->object.set_shape(e, input, shape), out);
}

void* mote_session_input_data(mote_session* session, uint32_t e, uint32_t i) {
  Result<Span<uint8_t>> r = session->object.input(e, i);
  return r.ok() ? r->data : nullptr;
}
const void* mote_session_output_data(const mote_session* session, uint32_t e, uint32_t i) {
  Result<Span<const uint8_t>> r = session->object.output(e, i);
  return r.ok() ? r->data : nullptr;
}

int32_t mote_session_bind_input(mote_session* session, uint32_t e, uint32_t i, const void* memory,
                                size_t bytes, mote_error* out) {
  return report(session->object.bind_input(e, i, {static_cast<const uint8_t*>(memory), bytes}),
                out);
}
int32_t mote_session_bind_output(mote_session* session, uint32_t e, uint32_t i, void* memory,
                                 size_t bytes, mote_error* out) {
  return report(session->object.bind_output(e, i, {static_cast<uint8_t*>(memory), bytes}), out);
}
int32_t mote_session_write_float(mote_session* session, uint32_t e, uint32_t i, const float* values,
                                 size_t count, mote_error* out) {
  return report(session->object.write_float(e, i, {values, count}), out);
}
int32_t mote_session_read_float(const mote_session* session, uint32_t e, uint32_t i, float* values,
                                size_t count, mote_error* out) {
  return report(session->object.read_float(e, i, {values, count}), out);
}

int32_t mote_session_run(mote_session* session, uint32_t e, mote_error* out) {
  return report(session->object.run(e), out);
}
void mote_session_reset_states(mote_session* session) { session->object.reset_states(); }
