/* Inputs: x [batch, in], feature weights [filters, in], time weights [filters, memory], state
 * [batch, filters * memory], bias [filters / rank]?; outputs: y [batch, filters / rank], state. A C
 * header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_SVDF_ATTRIBUTES_H_
#define MOTE_OPS_SVDF_ATTRIBUTES_H_

#include <stdint.h>

#include "ops/fused_activation.h"

typedef struct SvdfAttrs {
  int32_t rank;        /* filters per unit, above 0 */
  int32_t activation;  /* MoteFusedActivation */
  float feature_scale; /* quantized: s_x * s_feature / s_state */
  float time_scale;    /* quantized: s_state * s_time / s_y */
} SvdfAttrs;

#endif
