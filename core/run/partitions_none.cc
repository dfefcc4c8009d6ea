// Builds without delegates (MOTE_DELEGATES off): there are no partitions.
#include "run/session_impl.h"

namespace mote {

void create_partitions(SessionImpl&) {}
void destroy_partitions(SessionImpl&) {}
void shape_partitions(SessionImpl&, uint32_t) {}
bool run_partition(SessionImpl&, uint32_t) { return false; }

}  // namespace mote
