/* Input x; output: x without (or with size-1) the axes. A C header: it crosses to delegates;
 * append-only. */
#ifndef MOTE_OPS_REDUCE_ATTRIBUTES_H_
#define MOTE_OPS_REDUCE_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteReduceKind {
  kMoteReduceSum = 0,
  kMoteReduceMean = 1,
  kMoteReduceMax = 2,
  kMoteReduceMin = 3,
  kMoteReduceProd = 4,
  kMoteReduceL1 = 5,
  kMoteReduceL2 = 6,
  kMoteReduceLogSum = 7,
  kMoteReduceLogSumExp = 8,
  kMoteReduceSumSquare = 9,
  kMoteReduceAny = 10,
  kMoteReduceAll = 11
} MoteReduceKind;

typedef struct ReduceAttrs {
  int32_t kind; /* MoteReduceKind */
  int32_t axis_count;
  int32_t axes[8]; /* each in [0, rank), ascending */
  int32_t keep_dims;
  float requantize_scale; /* 0: the one that the tensors imply */
} ReduceAttrs;

#endif
