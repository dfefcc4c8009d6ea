/* Inputs: x [...,k], weights [o,k], bias [o]?, requantize scale [o] or [1]?; output [...,o]. A C
 * header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_FULLY_CONNECTED_ATTRIBUTES_H_
#define MOTE_OPS_FULLY_CONNECTED_ATTRIBUTES_H_

#include <stdint.h>

#include "ops/fused_activation.h"

typedef struct FullyConnectedAttrs {
  int32_t activation; /* MoteFusedActivation */
} FullyConnectedAttrs;

#endif
