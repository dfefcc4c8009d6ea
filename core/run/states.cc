// Reading, writing and resetting states.
#include <cstring>

#include "run/session_impl.h"

namespace mote {
namespace {

Status check_state(const SessionImpl& s, uint32_t tensor, size_t bytes) {
  if (tensor >= s.m->tensors.size()) {
    return error(Code::index_out_of_range, static_cast<int64_t>(s.m->tensors.size()), tensor);
  }
  const TensorInfo& info = s.m->tensors[tensor];
  if (info.kind != TensorKind::state) return error(Code::operand_not_state, 0, tensor);
  if (static_cast<uint64_t>(info.max_bytes) != bytes) {
    return error(Code::buffer_size, info.max_bytes, static_cast<int64_t>(bytes));
  }
  return {};
}

}  // namespace

Status Session::read_state(uint32_t tensor, Span<uint8_t> bytes) const {
  if (!valid()) return error(Code::invalid_handle);
  MOTE_TRY(check_state(*impl_, tensor, bytes.size));
  memcpy(bytes.data, impl_->tensors[tensor].data, bytes.size);
  return {};
}

Status Session::write_state(uint32_t tensor, Span<const uint8_t> bytes) {
  if (!valid()) return error(Code::invalid_handle);
  MOTE_TRY(check_state(*impl_, tensor, bytes.size));
  memcpy(impl_->tensors[tensor].data, bytes.data, bytes.size);
  for (size_t d = 0; d < impl_->m->derives.size(); ++d)
    for (int32_t source : impl_->m->derives[d].sources)
      if (static_cast<uint32_t>(source) == tensor) impl_->due[d] = 1;
  return {};
}

void Session::reset_states() {
  if (!valid()) return;
  for (size_t d = 0; d < impl_->m->derives.size(); ++d) impl_->due[d] = 0;
  for (size_t t = 0; t < impl_->m->tensors.size(); ++t) {
    const TensorInfo& info = impl_->m->tensors[t];
    if (info.kind != TensorKind::state) continue;
    auto bytes = static_cast<size_t>(info.max_bytes);
    if (info.data != nullptr) {
      memcpy(impl_->tensors[t].data, info.data, bytes);
    } else {
      memset(impl_->tensors[t].data, 0, bytes);
    }
  }
}

}  // namespace mote
