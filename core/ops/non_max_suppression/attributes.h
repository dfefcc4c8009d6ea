/* Inputs: boxes [b,n,4], scores [b,c,n]; outputs: indices int32 [b * c * min(max_outputs, n), 3]
 * (batch, class, box), and how many of its rows count, int32 [1]. A C header: it crosses to
 * delegates; append-only. */
#ifndef MOTE_OPS_NON_MAX_SUPPRESSION_ATTRIBUTES_H_
#define MOTE_OPS_NON_MAX_SUPPRESSION_ATTRIBUTES_H_

#include <stdint.h>

typedef struct NonMaxSuppressionAttrs {
  int32_t max_outputs;      /* of each class in each image */
  float iou_threshold;      /* a box that overlaps a better one by more is dropped; 0 to 1 */
  float score_threshold;    /* a score must be greater */
  float soft_sigma;         /* reserved: 0 */
  int32_t center_point_box; /* 0: y1, x1, y2, x2; 1: x and y of the center, width, height */
} NonMaxSuppressionAttrs;

#endif
