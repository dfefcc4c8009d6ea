/* Input x; output: the elements along the axes in reverse. A C header: it crosses to delegates;
 * append-only. */
#ifndef MOTE_OPS_REVERSE_ATTRIBUTES_H_
#define MOTE_OPS_REVERSE_ATTRIBUTES_H_

#include <stdint.h>

typedef struct AxesAttrs {
  int32_t count;
  int32_t axes[8]; /* each in [0, rank), ascending */
} AxesAttrs;

#endif
