/* Inputs: x [n,h,w,c], weights [o,kh,kw,c/groups], bias [o]?, requantize scale [o] or [1]?; output
 * [n,oh,ow,o]. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_CONV2D_ATTRIBUTES_H_
#define MOTE_OPS_CONV2D_ATTRIBUTES_H_

#include <stdint.h>

#include "ops/fused_activation.h"

typedef struct Conv2dAttrs {
  int32_t stride_h, stride_w;
  int32_t dilation_h, dilation_w;
  int32_t pad_top, pad_left, pad_bottom, pad_right;
  int32_t groups;
  int32_t activation; /* MoteFusedActivation */
} Conv2dAttrs;

#endif
