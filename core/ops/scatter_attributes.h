/* Inputs: x, indices, updates; output: x with the updates put in or combined. A C header: it crosses
 * to delegates; append-only. */
#ifndef MOTE_OPS_SCATTER_ATTRIBUTES_H_
#define MOTE_OPS_SCATTER_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteScatterReduction {
  kMoteScatterNone = 0, /* the last update stays */
  kMoteScatterAdd = 1,
  kMoteScatterMul = 2,
  kMoteScatterMin = 3,
  kMoteScatterMax = 4
} MoteScatterReduction;

typedef struct ScatterAttrs {
  int32_t axis;      /* of scatter_elements, in [0, rank); of scatter_nd 0 */
  int32_t reduction; /* MoteScatterReduction */
} ScatterAttrs;

#endif
