/* TFLite's TFLite_Detection_PostProcess. Inputs: boxes [1,n,4 or more] relative to anchors (y, x,
 * height, width), scores [1,n,classes with background], anchors [n,4]; outputs, with m =
 * max_detections * max_classes_per_detection: boxes [1,m,4] (y0, x0, y1, x1), classes [1,m], scores
 * [1,m], count [1], all float32. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_DETECTION_POSTPROCESS_ATTRIBUTES_H_
#define MOTE_OPS_DETECTION_POSTPROCESS_ATTRIBUTES_H_

#include <stdint.h>

typedef struct DetectionPostprocessAttrs {
  int32_t max_detections;
  int32_t classes; /* without background, which stands before them */
  int32_t max_classes_per_detection;
  int32_t detections_per_class; /* with regular_nms */
  int32_t regular_nms;          /* every class for itself; else boxes by their best class */
  float score_threshold;        /* a score is at least this */
  float iou_threshold;
  float y_scale; /* boxes are divided by these */
  float x_scale;
  float h_scale;
  float w_scale;
} DetectionPostprocessAttrs;

#endif
