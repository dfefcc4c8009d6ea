// Builds without delegates (MOTE_DELEGATES off): every step runs on the CPU.
#include "plan/plan_impl.h"

namespace mote {

Status find_partitions(PlanImpl& p) {
  if (!p.options.delegates.empty()) {
    return error(Code::invalid_argument, 0, static_cast<int64_t>(p.options.delegates.size),
                 "delegates (this build has none)");
  }
  MOTE_TRY(p.partition_of.init(p.allocator, p.steps.size(), &p.array_bytes));
  for (int32_t& x : p.partition_of) x = -1;
  return {};
}

}  // namespace mote
