// The table of functions.
#include "loopback.h"

#include <new>

#include "device.h"

namespace {

using loopback::Device;
using loopback::Plan;
using loopback::Session;

Device& device_of(void* context) { return *static_cast<Device*>(context); }

int32_t query(void* context, const char** why_not) {
  const char* reason = device_of(context).options.unusable;
  if (reason == nullptr) return MOTE_DELEGATE_OK;
  *why_not = reason;
  return MOTE_DELEGATE_UNUSABLE;
}

size_t describe(void* context, char* text, size_t capacity) {
  const char* description = device_of(context).options.description;
  size_t length = strlen(description), copied = length < capacity ? length : capacity - 1;
  if (capacity == 0) return length;
  memcpy(text, description, copied);
  text[copied] = '\0';
  return length;
}

// Whether a list of words separated by spaces names `word`.
bool lists(const char* words, const char* word) {
  size_t length = strlen(word);
  for (const char* at = strstr(words, word); at != nullptr; at = strstr(at + 1, word)) {
    bool begins = at == words || at[-1] == ' ';
    if (begins && (at[length] == ' ' || at[length] == '\0')) return true;
  }
  return false;
}

const char* refuse(const Device& device, const mote_delegate_graph& graph,
                   const mote_delegate_operator& op) {
  const loopback::Operator* known = loopback::find_operator(op.name);
  if (known == nullptr) return "loopback: the operator is unknown";
  const char* wanted = device.options.operators;
  if (wanted != nullptr && !lists(wanted, op.name)) return "loopback: switched off";
  return known->refuse(graph, op);
}

int32_t claim(void* context, const mote_delegate_graph* graph, mote_delegate_claim* claims) {
  ++device_of(context).claims;
  for (uint32_t i = 0; i < graph->operator_count; ++i) {
    const char* reason = refuse(device_of(context), *graph, graph->operators[i]);
    claims[i] = {reason == nullptr ? 1 : 0, reason == nullptr ? "" : reason, 1.5};
  }
  return MOTE_DELEGATE_OK;
}

int32_t plan_create(void* context, const mote_delegate_graph* partition, const mote_delegate_cache*,
                    void** plan) {
  if (device_of(context).options.fail_plan_create != 0) return MOTE_DELEGATE_FAILED;
  *plan = new (std::nothrow) Plan(device_of(context), *partition);
  return *plan == nullptr ? MOTE_DELEGATE_NO_MEMORY : MOTE_DELEGATE_OK;
}

void plan_destroy(void* plan) { delete static_cast<Plan*>(plan); }

int32_t plan_memory(void* plan, uint64_t* device_bytes) {
  *device_bytes = static_cast<Plan*>(plan)->session_bytes();
  return MOTE_DELEGATE_OK;
}

int32_t session_create(void* plan, void** session) {
  const Plan& p = *static_cast<Plan*>(plan);
  if (p.device.options.fail_session_create != 0) return MOTE_DELEGATE_NO_MEMORY;
  *session = new (std::nothrow) Session(p);
  return *session == nullptr ? MOTE_DELEGATE_NO_MEMORY : MOTE_DELEGATE_OK;
}

void session_destroy(void* session) { delete static_cast<Session*>(session); }

int32_t set_shape(void* session, const mote_delegate_shape* inputs,
                  const mote_delegate_shape* outputs) {
  return static_cast<Session*>(session)->set_shape(inputs, outputs) ? MOTE_DELEGATE_OK
                                                                    : MOTE_DELEGATE_FAILED;
}

int32_t run(void* session, const void* const* inputs, void* const* outputs, uint64_t* fence) {
  return static_cast<Session*>(session)->run(inputs, outputs, fence);
}

int32_t wait(void* session, uint64_t fence) { return static_cast<Session*>(session)->wait(fence); }

mote_delegate* create() {
  auto* d = new mote_delegate{};
  d->struct_size = sizeof *d;
  d->abi_version = MOTE_DELEGATE_ABI;
  d->context = new Device;
  d->query = query;
  d->describe = describe;
  d->claim = claim;
  d->plan_create = plan_create;
  d->plan_destroy = plan_destroy;
  d->plan_memory = plan_memory;
  d->session_create = session_create;
  d->session_destroy = session_destroy;
  d->set_shape = set_shape;
  d->run = run;
  d->wait = wait;
  return d;
}

void destroy(mote_delegate* d) {
  delete static_cast<Device*>(d->context);
  delete d;
}

mote_loopback_options* options(const mote_delegate* d) { return &device_of(d->context).options; }

mote_loopback_counts counts(const mote_delegate* d) {
  const Device& device = device_of(d->context);
  return {device.plans,  device.sessions, device.device_bytes,
          device.claims, device.runs,     device.early};
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const mote_loopback* mote_loopback_entry(void) {
  static constexpr mote_loopback kEntry = {create, destroy, options, counts};
  return &kEntry;
}
