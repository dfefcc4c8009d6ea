/* batch_norm: inputs x [..., c], scale, bias, mean, variance [c]; output as x. The training
 * library's operators of batch normalization have the same attributes. A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_BATCH_NORM_ATTRIBUTES_H_
#define MOTE_OPS_BATCH_NORM_ATTRIBUTES_H_

#include <stdint.h>

typedef struct BatchNormAttrs {
  float epsilon;  /* above 0 */
  float momentum; /* batch_norm_train: running += momentum * (batch - running); 0 to 1 */
  int32_t frozen; /* batch_norm_grad: mean and variance were constants */
} BatchNormAttrs;

#endif
