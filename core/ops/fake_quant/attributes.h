/* Input x, float32; output: x on the grid of a quantization. A C header: it crosses to delegates;
 * append-only. */
#ifndef MOTE_OPS_FAKE_QUANT_ATTRIBUTES_H_
#define MOTE_OPS_FAKE_QUANT_ATTRIBUTES_H_

#include <stdint.h>

typedef struct FakeQuantAttrs {
  float min; /* of the range, min <= 0 <= max */
  float max;
  int32_t bits;         /* 2 to 16 */
  int32_t narrow_range; /* the lowest level is not used */
} FakeQuantAttrs;

#endif
