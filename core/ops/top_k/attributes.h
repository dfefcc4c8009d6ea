/* Input x; outputs: the k first elements along the axis in descending order, their int32
 * indices. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_TOP_K_ATTRIBUTES_H_
#define MOTE_OPS_TOP_K_ATTRIBUTES_H_

#include <stdint.h>

typedef struct TopKAttrs {
  int32_t axis;     /* in [0, rank) */
  int32_t k;        /* in [1, size] */
  int32_t smallest; /* ascending order */
} TopKAttrs;

#endif
