/* Input x; output dimension i: before[i] + x[i] + after[i]. A C header: it crosses to delegates;
 * append-only. */
#ifndef MOTE_OPS_PAD_ATTRIBUTES_H_
#define MOTE_OPS_PAD_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MotePadMode {
  kMotePadConstant = 0,
  kMotePadReflect = 1,   /* d c b | a b c d | c b a */
  kMotePadSymmetric = 2, /* c b a | a b c d | d c b */
  kMotePadEdge = 3,
  kMotePadWrap = 4
} MotePadMode;

typedef struct PadAttrs {
  int32_t mode; /* MotePadMode */
  int32_t count;
  int32_t before[8];
  int32_t after[8];
  float value; /* real, quantized like any value: 0 gives the zero point */
} PadAttrs;

#endif
