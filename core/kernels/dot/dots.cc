#include "kernels/dot/dots_loops.h"

namespace mote {

const DotKernels dots_portable = kDots;

}  // namespace mote
