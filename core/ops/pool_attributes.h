/* Attributes of max_pool2d and avg_pool2d. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_POOL_ATTRIBUTES_H_
#define MOTE_OPS_POOL_ATTRIBUTES_H_

#include <stdint.h>

#include "ops/fused_activation.h"

typedef struct Pool2dAttrs {
  int32_t window_h, window_w;
  int32_t stride_h, stride_w;
  int32_t pad_top, pad_left, pad_bottom, pad_right;
  int32_t count_include_pad; /* avg_pool2d: padding counts in the divisor */
  int32_t activation;        /* MoteFusedActivation */
  int32_t round_half_up;     /* avg_pool2d of models that were uint8: ties up, not away from 0 */
} Pool2dAttrs;

#endif
