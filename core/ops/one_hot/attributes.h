/* Inputs indices, on, off; output: the indices' shape with `depth` at `axis`. A C header: it
 * crosses to delegates; append-only. */
#ifndef MOTE_OPS_ONE_HOT_ATTRIBUTES_H_
#define MOTE_OPS_ONE_HOT_ATTRIBUTES_H_

#include <stdint.h>

typedef struct OneHotAttrs {
  int32_t axis;  /* in [0, rank] */
  int32_t depth; /* at least 1 */
} OneHotAttrs;

#endif
