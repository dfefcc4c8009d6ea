/* Inputs x, indices of the same rank; output of the indices' shape. A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_GATHER_ELEMENTS_ATTRIBUTES_H_
#define MOTE_OPS_GATHER_ELEMENTS_ATTRIBUTES_H_

#include <stdint.h>

typedef struct GatherElementsAttrs {
  int32_t axis; /* in [0, rank) */
} GatherElementsAttrs;

#endif
