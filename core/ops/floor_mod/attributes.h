/* Inputs: a, b; output: the remainder of a / b. A C header: it crosses to delegates; append-only.
 */
#ifndef MOTE_OPS_FLOOR_MOD_ATTRIBUTES_H_
#define MOTE_OPS_FLOOR_MOD_ATTRIBUTES_H_

#include <stdint.h>

typedef struct ModuloAttrs {
  int32_t truncate; /* 1: the sign of a (C's fmod); 0: the sign of b */
} ModuloAttrs;

#endif
