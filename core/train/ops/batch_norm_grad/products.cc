#include "train/ops/batch_norm_grad/products.h"

#include "train/ops/batch_norm_grad/products_loops.h"

namespace mote {

void channel_products_portable(const float* dy, const float* x, const float* mean, int64_t rows,
                               int64_t channels, const ChannelProducts& out) {
  channel_products(dy, x, mean, rows, channels, out);
}

void input_gradient_portable(const float* dy, const float* x, int64_t rows, int64_t channels,
                             const ChannelSlopes& s, float* dx) {
  input_gradient(dy, x, rows, channels, s, dx);
}

}  // namespace mote
