/* Input x [n,h,w,c]; output [n,out_h,out_w,c]. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_RESIZE_BILINEAR_ATTRIBUTES_H_
#define MOTE_OPS_RESIZE_BILINEAR_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteCoordinateMode {
  kMoteAsymmetric = 0,
  kMoteHalfPixel = 1,
  kMoteAlignCorners = 2
} MoteCoordinateMode;

typedef struct ResizeBilinearAttrs {
  int32_t out_h, out_w;   /* 0: the size times the scale, rounded down */
  int32_t mode;           /* MoteCoordinateMode */
  float scale_h, scale_w; /* 0: out_h / h, out_w / w */
} ResizeBilinearAttrs;

#endif
