// Partitions at run: memory of the arena is handed to the delegate; what it cannot do, the CPU
// does.
#include <cstring>

#include "run/session_impl.h"

namespace mote {
namespace {

void lose(SessionImpl& s, size_t index) {
  s.partitions[index].active = false;
  const Logger& logger = s.p->options.logger;
  if (logger.log != nullptr) {
    logger.log(logger.context, "a delegate's device was lost: its operators run on the CPU");
  }
}

void fill_shape(const SessionImpl& s, int32_t tensor, mote_delegate_shape& out) {
  const Shape& shape = s.tensor(tensor).shape;
  out.rank = shape.rank;
  memcpy(out.dims, shape.dims, sizeof out.dims);
}

void set_shape(SessionImpl& s, size_t index) {
  const Partition& part = s.p->partitions[index];
  size_t inputs = part.inputs.size;
  for (size_t i = 0; i < inputs; ++i) fill_shape(s, part.inputs[i], s.shapes[i]);
  for (size_t i = 0; i < part.outputs.size; ++i) {
    fill_shape(s, part.outputs[i], s.shapes[inputs + i]);
  }
  if (part.delegate->set_shape(s.partitions[index].session, s.shapes, s.shapes + inputs) !=
      MOTE_DELEGATE_OK) {
    lose(s, index);
  }
}

}  // namespace

void create_partitions(SessionImpl& s) {
  for (size_t i = 0; i < s.p->partitions.size(); ++i) {
    const Partition& part = s.p->partitions[i];
    PartitionState& state = s.partitions[i];
    if (part.plan == nullptr) continue;
    if (part.delegate->session_create(part.plan, &state.session) != MOTE_DELEGATE_OK) {
      state.session = nullptr;
      lose(s, i);
      continue;
    }
    state.active = true;
    if (part.delegate->import_memory != nullptr) {
      part.delegate->import_memory(state.session, s.arena, s.p->report.arena_bytes);
    }
    set_shape(s, i);
  }
}

void destroy_partitions(SessionImpl& s) {
  if (s.partitions == nullptr) return;
  for (size_t i = 0; i < s.p->partitions.size(); ++i) {
    void* session = s.partitions[i].session;
    if (session != nullptr) s.p->partitions[i].delegate->session_destroy(session);
  }
}

void shape_partitions(SessionImpl& s, uint32_t graph) {
  for (size_t i = 0; i < s.p->partitions.size(); ++i) {
    if (s.p->partitions[i].graph == graph && s.partitions[i].active) set_shape(s, i);
  }
}

bool run_partition(SessionImpl& s, uint32_t index) {
  const Partition& part = s.p->partitions[index];
  void** outputs = s.pointers + part.inputs.size;
  for (size_t i = 0; i < part.inputs.size; ++i) s.pointers[i] = s.tensor(part.inputs[i]).data;
  for (size_t i = 0; i < part.outputs.size; ++i) outputs[i] = s.tensor(part.outputs[i]).data;
  void* session = s.partitions[index].session;
  uint64_t fence = 0;
  if (part.delegate->run(session, s.pointers, outputs, &fence) == MOTE_DELEGATE_OK &&
      part.delegate->wait(session, fence) == MOTE_DELEGATE_OK) {
    return true;
  }
  lose(s, index);
  return false;
}

}  // namespace mote
