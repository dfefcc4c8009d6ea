/* Inputs: x (its shape alone), seed int32 [2], step int32 [1]; output float32, as x: 0 with
 * probability `rate`, else 1 / (1 - rate). A C header; append-only. */
#ifndef MOTE_TRAIN_OPS_DROPOUT_MASK_ATTRIBUTES_H_
#define MOTE_TRAIN_OPS_DROPOUT_MASK_ATTRIBUTES_H_

#include <stdint.h>

typedef struct DropoutMaskAttrs {
  float rate;      /* 0 <= rate < 1 */
  uint32_t stream; /* distinguishes the masks of one step */
} DropoutMaskAttrs;

#endif
