/* Inputs: x [n,h,w,c], boxes [r,4] (x1, y1, x2, y2), batch [r] (int32 or int64: which image);
 * output [r,out_h,out_w,c]. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_ROI_ALIGN_ATTRIBUTES_H_
#define MOTE_OPS_ROI_ALIGN_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteRoiMode {
  kMoteRoiAverage = 0,
  kMoteRoiMax = 1 /* the largest of the weighted neighbours, as ONNX */
} MoteRoiMode;

typedef struct RoiAlignAttrs {
  int32_t out_h, out_w;
  int32_t mode;           /* MoteRoiMode */
  int32_t sampling_ratio; /* places per bin and axis, at most 64; 0: as many as its size asks for */
  int32_t half_pixel;     /* boxes are half an element further, and may be smaller than one */
  float spatial_scale;    /* from the boxes' coordinates to elements of x */
} RoiAlignAttrs;

#endif
