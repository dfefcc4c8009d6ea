/* Attributes of layer_norm, rms_norm, group_norm, l2_normalize. Inputs: x; scale and bias, both
 * optional (rms_norm: scale alone; l2_normalize: neither), of the last `axis_count` dimensions of
 * x, for group_norm [c]. Output as x. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_NORMALIZE_ATTRIBUTES_H_
#define MOTE_OPS_NORMALIZE_ATTRIBUTES_H_

#include <stdint.h>

typedef struct NormalizeAttrs {
  int32_t axis_count; /* layer_norm, rms_norm: over the last so many dimensions; 1 to the rank */
  int32_t groups;     /* group_norm: divides the channels; channels: instance norm */
  float epsilon;      /* added to the variance or mean of squares; l2_normalize: the least norm */
} NormalizeAttrs;

#endif
