/* Inputs: a, b (absent for the kinds `not`). A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_LOGICAL_ATTRIBUTES_H_
#define MOTE_OPS_LOGICAL_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteLogicalKind {
  kMoteLogicalAnd = 0, /* the first four: booleans */
  kMoteLogicalOr = 1,
  kMoteLogicalXor = 2,
  kMoteLogicalNot = 3,
  kMoteBitwiseAnd = 4, /* the others: int32, int64 */
  kMoteBitwiseOr = 5,
  kMoteBitwiseXor = 6,
  kMoteBitwiseNot = 7,
  kMoteShiftLeft = 8,
  kMoteShiftRight = 9 /* zeros come in from the left */
} MoteLogicalKind;

typedef struct LogicalAttrs {
  int32_t kind; /* MoteLogicalKind */
} LogicalAttrs;

#endif
