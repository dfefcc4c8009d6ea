/* Inputs: x, stored table of 256 int32 (quantized only); output softmax(beta * x) over the last
 * axis. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_SOFTMAX_ATTRIBUTES_H_
#define MOTE_OPS_SOFTMAX_ATTRIBUTES_H_

#include <stdint.h>

typedef struct SoftmaxAttrs {
  float beta;
} SoftmaxAttrs;

#endif
