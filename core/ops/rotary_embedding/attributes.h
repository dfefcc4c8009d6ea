/* Inputs: x [b, s, h, d], cos and sin [b or 1, s, d / 2]; output as x. A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_ROTARY_EMBEDDING_ATTRIBUTES_H_
#define MOTE_OPS_ROTARY_EMBEDDING_ATTRIBUTES_H_

#include <stdint.h>

typedef struct RotaryEmbeddingAttrs {
  int32_t interleaved; /* pairs are elements 2i and 2i + 1; 0: i and i + d / 2 */
} RotaryEmbeddingAttrs;

#endif
