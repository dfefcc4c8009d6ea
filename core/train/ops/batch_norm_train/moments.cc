#include "train/ops/batch_norm_train/moments.h"

#include "train/ops/batch_norm_train/moments_loops.h"

namespace mote {

void channel_moments_portable(const float* x, int64_t rows, int64_t channels, double* mean,
                              double* m2) {
  channel_moments(x, rows, channels, mean, m2);
}

}  // namespace mote
