/* Inputs: x [n,d,h,w,c], weights [o,kd,kh,kw,c/groups], bias [o]?; output [n,od,oh,ow,o]. A C
 * header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_CONV3D_ATTRIBUTES_H_
#define MOTE_OPS_CONV3D_ATTRIBUTES_H_

#include <stdint.h>

typedef struct Conv3dAttrs {
  int32_t stride_d;
  int32_t stride_h;
  int32_t stride_w;
  int32_t dilation_d;
  int32_t dilation_h;
  int32_t dilation_w;
  int32_t pad_front; /* before and after the depth */
  int32_t pad_top;
  int32_t pad_left;
  int32_t pad_back;
  int32_t pad_bottom;
  int32_t pad_right;
  int32_t groups;
  int32_t activation; /* MoteFusedActivation */
} Conv3dAttrs;

#endif
