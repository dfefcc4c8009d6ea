#include "kernels/batch_norm/normalize.h"

#include "kernels/batch_norm/normalize_loops.h"

namespace mote {

void normalize_channels_portable(const float* x, int64_t rows, int64_t channels,
                                 const ChannelScaling& s, float* y) {
  normalize_channels(x, rows, channels, s, y);
}

}  // namespace mote
