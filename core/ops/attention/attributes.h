/* Inputs: q [b, heads, sq, d], k [b, kv_heads, sk, d], v [b, kv_heads, sk, dv], optional mask that
 * is added to the scores [b, heads, sq, sk] and broadcast to them; output [b, heads, sq, dv].
 * kv_heads divides heads. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_ATTENTION_ATTRIBUTES_H_
#define MOTE_OPS_ATTENTION_ATTRIBUTES_H_

#include <stdint.h>

/* Which keys query i sees. */
typedef enum MoteCausal {
  kMoteCausalNone = 0, /* all */
  kMoteCausalEnd = 1,  /* j <= i + sk - sq: the last query sees all */
  kMoteCausalBegin = 2 /* j <= i */
} MoteCausal;

typedef struct AttentionAttrs {
  float scale;    /* of the products q k, at least 0; 0: 1 / sqrt(d) */
  float softcap;  /* scores become softcap * tanh(score / softcap) before the mask; 0: they stay */
  int32_t causal; /* MoteCausal */
} AttentionAttrs;

#endif
