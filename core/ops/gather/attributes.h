/* Inputs: x, indices (int32 or int64); output x[:axis] + indices[batch_dims:] + x[axis+1:]. A C
 * header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_GATHER_ATTRIBUTES_H_
#define MOTE_OPS_GATHER_ATTRIBUTES_H_

#include <stdint.h>

typedef struct GatherAttrs {
  int32_t axis; /* in [batch_dims, rank) */
  int32_t batch_dims;
} GatherAttrs;

#endif
