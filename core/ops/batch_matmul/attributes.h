/* Inputs: a [..., m, k], b [..., k, n]; output [..., m, n]; the leading dimensions are broadcast.
 * With transpose_a, a is [..., k, m]; with transpose_b, b is [..., n, k]. A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_BATCH_MATMUL_ATTRIBUTES_H_
#define MOTE_OPS_BATCH_MATMUL_ATTRIBUTES_H_

#include <stdint.h>

typedef struct BatchMatmulAttrs {
  int32_t transpose_a, transpose_b; /* 0 or 1 */
} BatchMatmulAttrs;

#endif
