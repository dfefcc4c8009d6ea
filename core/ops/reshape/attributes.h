/* Input x; output: the same elements in another shape. Also squeeze, expand_dims, flatten. A C
 * header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_RESHAPE_ATTRIBUTES_H_
#define MOTE_OPS_RESHAPE_ATTRIBUTES_H_

#include <stdint.h>

typedef struct ReshapeAttrs {
  int32_t count;
  int32_t shape[8]; /* -1 once: what remains; 0: the input's dimension at that place */
} ReshapeAttrs;

#endif
