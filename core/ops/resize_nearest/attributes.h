/* Input x [n,h,w,c]; output [n,out_h,out_w,c]. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_RESIZE_NEAREST_ATTRIBUTES_H_
#define MOTE_OPS_RESIZE_NEAREST_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteNearestRounding {
  kMoteNearestFloor = 0,
  kMoteNearestCeil = 1,
  kMoteNearestPreferFloor = 2, /* the nearest; of two the lower one */
  kMoteNearestPreferCeil = 3   /* the nearest; of two the upper one */
} MoteNearestRounding;

typedef struct ResizeNearestAttrs {
  int32_t out_h; /* 0: the size times the scale, rounded down */
  int32_t out_w;
  int32_t mode;     /* MoteCoordinateMode (resize_bilinear) */
  int32_t rounding; /* MoteNearestRounding */
  float scale_h;    /* 0: out_h / h */
  float scale_w;
} ResizeNearestAttrs;

#endif
