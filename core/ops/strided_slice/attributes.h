/* Input x; output x[begin:end:stride] per dimension, as NumPy has it. A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_STRIDED_SLICE_ATTRIBUTES_H_
#define MOTE_OPS_STRIDED_SLICE_ATTRIBUTES_H_

#include <stdint.h>

typedef struct StridedSliceAttrs {
  int32_t count; /* of leading dimensions; further ones are taken whole */
  int32_t begin[8];
  int32_t end[8];
  int32_t strides[8];
  uint32_t begin_mask;  /* bit i: begin[i] is ignored (from the first) */
  uint32_t end_mask;    /* bit i: end[i] is ignored (to the last) */
  uint32_t shrink_mask; /* bit i: index begin[i] alone, dimension dropped */
} StridedSliceAttrs;

#endif
