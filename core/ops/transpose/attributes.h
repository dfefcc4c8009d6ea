/* Input x; output dimension i is input dimension permutation[i]. A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_TRANSPOSE_ATTRIBUTES_H_
#define MOTE_OPS_TRANSPOSE_ATTRIBUTES_H_

#include <stdint.h>

typedef struct TransposeAttrs {
  int32_t count;
  int32_t permutation[8];
} TransposeAttrs;

#endif
