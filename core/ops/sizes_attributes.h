/* Attributes of dynamic_slice, tile. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_SIZES_ATTRIBUTES_H_
#define MOTE_OPS_SIZES_ATTRIBUTES_H_

#include <stdint.h>

typedef struct SizesAttrs {
  int32_t count;
  int32_t sizes[8];
} SizesAttrs;

#endif
