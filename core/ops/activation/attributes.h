/* Inputs: x, stored table of 256 int8 (quantized only); output f(x). A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_ACTIVATION_ATTRIBUTES_H_
#define MOTE_OPS_ACTIVATION_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteActivationKind {
  kMoteRelu = 0,
  kMoteRelu6 = 1,
  kMoteReluN1To1 = 2,
  kMoteSigmoid = 3,
  kMoteTanh = 4
} MoteActivationKind;

typedef struct ActivationAttrs {
  int32_t kind; /* MoteActivationKind */
} ActivationAttrs;

#endif
