/* sgd: states parameter, velocity; then gradient, rate [1], hyper [2] = momentum, weight decay.
 * adam: states parameter, first moment, second moment; then gradient, rate [1], step int32 [1]
 * counted from 1, hyper [4] = beta 1, beta 2, epsilon, weight decay. A C header; append-only. */
#ifndef MOTE_TRAIN_OPS_OPTIMIZER_ATTRIBUTES_H_
#define MOTE_TRAIN_OPS_OPTIMIZER_ATTRIBUTES_H_

#include <stdint.h>

typedef struct OptimizerAttrs {
  int32_t nesterov;  /* sgd */
  int32_t decoupled; /* adam: weight decay of the parameter, not of the gradient (AdamW) */
} OptimizerAttrs;

#endif
