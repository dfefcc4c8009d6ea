/* Inputs: logits float32 [..., classes], labels int32 [...]; outputs: loss float32 [1], the mean
 * over the labels that are not ignored, and its gradient, as logits. A C header; append-only. */
#ifndef MOTE_TRAIN_OPS_SOFTMAX_CROSS_ENTROPY_ATTRIBUTES_H_
#define MOTE_TRAIN_OPS_SOFTMAX_CROSS_ENTROPY_ATTRIBUTES_H_

#include <stdint.h>

typedef struct SoftmaxCrossEntropyAttrs {
  float label_smoothing; /* 0 to 1: share of the target spread evenly over all classes */
  int32_t ignore_index;  /* rows of this label do not count; -1: none */
} SoftmaxCrossEntropyAttrs;

#endif
