/* Input x [..., h, w]; output: one triangle of it, zeros elsewhere. A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_TRILU_ATTRIBUTES_H_
#define MOTE_OPS_TRILU_ATTRIBUTES_H_

#include <stdint.h>

typedef struct TriluAttrs {
  int32_t upper; /* 1: column - row >= diagonal stays; 0: <= diagonal */
  int32_t diagonal;
} TriluAttrs;

#endif
