/* Input x [..., c]; output as x. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_LOCAL_RESPONSE_NORM_ATTRIBUTES_H_
#define MOTE_OPS_LOCAL_RESPONSE_NORM_ATTRIBUTES_H_

#include <stdint.h>

typedef struct LocalResponseNormAttrs {
  int32_t before, after; /* neighbouring channels whose squares are added; at most 65535 */
  float alpha;           /* of the sum of squares, not divided by their number */
  float beta;            /* the power */
  float bias;
} LocalResponseNormAttrs;

#endif
