// Names of the errors; apart from their texts, so that small programs need not link those.
#include "mote/status.h"

namespace mote {
namespace {
constexpr const char* kNames[] = {
#define MOTE_STATUS_NAME(name, text) #name,
    MOTE_STATUS_CODES(MOTE_STATUS_NAME)
#undef MOTE_STATUS_NAME
};
}  // namespace

const char* code_name(Code code) {
  return code < Code::count_ ? kNames[static_cast<size_t>(code)] : "unknown_code";
}

}  // namespace mote
