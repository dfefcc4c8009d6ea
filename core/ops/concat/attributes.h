/* Inputs of equal shape but for the axis; output: one after the other along it. A C header: it
 * crosses to delegates; append-only. */
#ifndef MOTE_OPS_CONCAT_ATTRIBUTES_H_
#define MOTE_OPS_CONCAT_ATTRIBUTES_H_

#include <stdint.h>

#include "ops/fused_activation.h"

typedef struct ConcatAttrs {
  int32_t axis;       /* in [0, rank) */
  int32_t activation; /* MoteFusedActivation; only none */
} ConcatAttrs;

#endif
