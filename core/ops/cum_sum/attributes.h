/* Input x (float32, int32, int64); output: running sums along the axis, of x's shape. A C
 * header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_CUM_SUM_ATTRIBUTES_H_
#define MOTE_OPS_CUM_SUM_ATTRIBUTES_H_

#include <stdint.h>

typedef struct CumSumAttrs {
  int32_t axis;      /* in [0, rank) */
  int32_t exclusive; /* a sum without its own element */
  int32_t reverse;   /* from the last element on */
} CumSumAttrs;

#endif
