/* Inputs x, lengths [size of the batch axis]; output: the first `length` elements in reverse. A
 * C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_REVERSE_SEQUENCE_ATTRIBUTES_H_
#define MOTE_OPS_REVERSE_SEQUENCE_ATTRIBUTES_H_

#include <stdint.h>

typedef struct ReverseSequenceAttrs {
  int32_t batch_axis;
  int32_t sequence_axis;
} ReverseSequenceAttrs;

#endif
