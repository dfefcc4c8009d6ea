/* Input x; output int32 or int64: the first index of the maximum along the axis. A C header: it
 * crosses to delegates; append-only. */
#ifndef MOTE_OPS_ARG_MAX_ATTRIBUTES_H_
#define MOTE_OPS_ARG_MAX_ATTRIBUTES_H_

#include <stdint.h>

typedef struct ArgMaxAttrs {
  int32_t axis; /* in [0, rank) */
  int32_t keep_dims;
  int32_t select_last; /* of equal elements, the last; else the first */
} ArgMaxAttrs;

#endif
