/* Inputs: a, b; output boolean: a <kind> b. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_COMPARE_ATTRIBUTES_H_
#define MOTE_OPS_COMPARE_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteCompareKind {
  kMoteEqual = 0,
  kMoteNotEqual = 1,
  kMoteLess = 2,
  kMoteLessEqual = 3,
  kMoteGreater = 4,
  kMoteGreaterEqual = 5
} MoteCompareKind;

typedef struct CompareAttrs {
  int32_t kind; /* MoteCompareKind */
} CompareAttrs;

#endif
