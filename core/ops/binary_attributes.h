/* Attributes of add, sub, mul, div, minimum, maximum, pow, squared_difference and floor_div. A C
 * header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_BINARY_ATTRIBUTES_H_
#define MOTE_OPS_BINARY_ATTRIBUTES_H_

#include <stdint.h>

#include "ops/fused_activation.h"

typedef struct BinaryAttrs {
  int32_t activation;     /* MoteFusedActivation */
  float requantize_scale; /* mul; 0: (s_a * s_b) / s_out */
} BinaryAttrs;

#endif
