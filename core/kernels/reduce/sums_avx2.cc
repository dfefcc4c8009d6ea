#include "kernels/reduce/sums_loops.h"

namespace mote {

const SumKernels sums_avx2 = kSums;

}  // namespace mote
