/* Inputs: x [n,h,w,c], weights [1,kh,kw,c*multiplier], bias?, requantize scale?; output channel
 * c*multiplier+m. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_DEPTHWISE_CONV2D_ATTRIBUTES_H_
#define MOTE_OPS_DEPTHWISE_CONV2D_ATTRIBUTES_H_

#include <stdint.h>

#include "ops/fused_activation.h"

typedef struct DepthwiseConv2dAttrs {
  int32_t stride_h, stride_w;
  int32_t dilation_h, dilation_w;
  int32_t pad_top, pad_left, pad_bottom, pad_right;
  int32_t multiplier;
  int32_t activation; /* MoteFusedActivation */
} DepthwiseConv2dAttrs;

#endif
