/* The activation that a kernel applies to its result; a C header, since it crosses to delegates. */
#ifndef MOTE_OPS_FUSED_ACTIVATION_H_
#define MOTE_OPS_FUSED_ACTIVATION_H_

typedef enum MoteFusedActivation {
  kMoteActivationNone = 0,
  kMoteActivationRelu = 1,
  kMoteActivationRelu6 = 2,
  kMoteActivationReluN1To1 = 3
} MoteFusedActivation;

#endif
