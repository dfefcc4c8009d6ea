/* Inputs: x [n,h,w,c], grid [n,oh,ow,2] (x, y in [-1, 1]); output [n,oh,ow,c]. A C header: it crosses
 * to delegates; append-only. */
#ifndef MOTE_OPS_GRID_SAMPLE_ATTRIBUTES_H_
#define MOTE_OPS_GRID_SAMPLE_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteSampleMode {
  kMoteSampleBilinear = 0,
  kMoteSampleNearest = 1,
  kMoteSampleBicubic = 2
} MoteSampleMode;

typedef enum MoteSamplePadding {
  kMoteSampleZeros = 0,
  kMoteSampleBorder = 1,
  kMoteSampleReflection = 2
} MoteSamplePadding;

typedef struct GridSampleAttrs {
  int32_t mode;          /* MoteSampleMode */
  int32_t padding;       /* MoteSamplePadding: what lies outside of the image */
  int32_t align_corners; /* -1 and 1 are the centers of the outer elements, else their edges */
} GridSampleAttrs;

#endif
