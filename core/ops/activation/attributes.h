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
  kMoteTanh = 4,
  kMoteRelu0To1 = 5,
  kMoteClip = 6,             /* alpha: lowest, beta: highest */
  kMoteLeakyRelu = 7,        /* alpha: slope below 0 */
  kMoteElu = 8,              /* alpha */
  kMoteSelu = 9,             /* alpha, beta: gamma */
  kMoteCelu = 10,            /* alpha */
  kMoteThresholdedRelu = 11, /* alpha: threshold */
  kMoteHardSwish = 12,
  kMoteHardSigmoid = 13, /* alpha: slope, beta: offset */
  kMoteGelu = 14,        /* exact, by erf */
  kMoteGeluTanh = 15,
  kMoteSilu = 16,
  kMoteMish = 17,
  kMoteSoftplus = 18,
  kMoteSoftsign = 19,
  kMoteShrink = 20 /* alpha: lambda, beta: bias */
} MoteActivationKind;

typedef struct ActivationAttrs {
  int32_t kind; /* MoteActivationKind */
  float alpha, beta;
} ActivationAttrs;

#endif
