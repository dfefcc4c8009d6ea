/* Inputs x, indices [..., m]; output indices[:-1] + x[batch_dims + m:]. A C header: it crosses
 * to delegates; append-only. */
#ifndef MOTE_OPS_GATHER_ND_ATTRIBUTES_H_
#define MOTE_OPS_GATHER_ND_ATTRIBUTES_H_

#include <stdint.h>

typedef struct GatherNdAttrs {
  int32_t batch_dims; /* equal first dimensions of both */
} GatherNdAttrs;

#endif
