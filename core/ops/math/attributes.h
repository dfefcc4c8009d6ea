/* Inputs: x, stored table of 256 int8 (quantized only); output f(x). A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_MATH_ATTRIBUTES_H_
#define MOTE_OPS_MATH_ATTRIBUTES_H_

#include <stdint.h>

typedef enum MoteMathKind {
  kMoteAbs = 0,
  kMoteNeg = 1,
  kMoteSign = 2,
  kMoteExp = 3,
  kMoteLog = 4,
  kMoteSqrt = 5,
  kMoteRsqrt = 6,
  kMoteSquare = 7,
  kMoteReciprocal = 8,
  kMoteSin = 9,
  kMoteCos = 10,
  kMoteTan = 11,
  kMoteAsin = 12,
  kMoteAcos = 13,
  kMoteAtan = 14,
  kMoteSinh = 15,
  kMoteCosh = 16,
  kMoteAsinh = 17,
  kMoteAcosh = 18,
  kMoteAtanh = 19,
  kMoteErf = 20,
  kMoteFloor = 21,
  kMoteCeil = 22,
  kMoteRound = 23, /* half to even */
  kMoteTrunc = 24,
  kMoteIsNan = 25, /* these two: boolean output */
  kMoteIsInf = 26
} MoteMathKind;

typedef struct MathAttrs {
  int32_t kind; /* MoteMathKind */
} MathAttrs;

#endif
