#include "kernels/reduce/sums_loops.h"

namespace mote {

const SumKernels sums_portable = kSums;

}  // namespace mote
