#include "kernels/dot/dots_loops.h"

namespace mote {

const DotKernels dots_avx2 = kDots;

}  // namespace mote
