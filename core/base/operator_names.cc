#include "base/operator_names.h"

namespace mote {

// The one place where base reads a table of ops: numbers and names only.
const char* operator_name(uint16_t code) {
  switch (code) {
#define MOTE_OPERATOR(number, name) \
  case number:                      \
    return #name;
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR
    default:
      return "unknown";
  }
}

}  // namespace mote
