// The custom operator TFLite_Detection_PostProcess.
#include <flatbuffers/flexbuffers.h>

#include <cmath>

#include "import/tflite/op_import.h"

namespace mote::tflite_import {
namespace {

// Of a map of numbers; the fallback where the name is missing.
double number(const flexbuffers::Map& options, const char* name, double fallback) {
  flexbuffers::Reference r = options[name];
  return r.IsNumeric() || r.IsBool() ? r.AsDouble() : fallback;
}
int32_t integer(const flexbuffers::Map& options, const char* name, int32_t fallback) {
  double v = number(options, name, fallback);
  return v >= INT32_MIN && v <= INT32_MAX ? static_cast<int32_t>(v) : -1;
}

bool read_options(OpImport& c, DetectionPostprocessAttrs* a) {
  Span<const uint8_t> bytes = c.custom_options();
  // Three bytes are the least: a value, its type, its width.
  bool valid = bytes.size >= 3 && flexbuffers::VerifyBuffer(bytes.data, bytes.size) &&
               flexbuffers::GetRoot(bytes.data, bytes.size).IsMap();
  if (!valid) {
    c.error("its options are no map of FlexBuffers", "export the model again");
    return false;
  }
  flexbuffers::Map m = flexbuffers::GetRoot(bytes.data, bytes.size).AsMap();
  a->max_detections = integer(m, "max_detections", 0);
  a->classes = integer(m, "num_classes", 0);
  a->max_classes_per_detection = integer(m, "max_classes_per_detection", 0);
  a->detections_per_class = integer(m, "detections_per_class", 100);
  a->regular_nms = number(m, "use_regular_nms", 0) != 0;
  a->score_threshold = static_cast<float>(number(m, "nms_score_threshold", 0));
  a->iou_threshold = static_cast<float>(number(m, "nms_iou_threshold", 0));
  a->y_scale = static_cast<float>(number(m, "y_scale", 0));
  a->x_scale = static_cast<float>(number(m, "x_scale", 0));
  a->h_scale = static_cast<float>(number(m, "h_scale", 0));
  a->w_scale = static_cast<float>(number(m, "w_scale", 0));
  // Regular suppression writes each box once.
  if (a->regular_nms != 0 && a->max_classes_per_detection != 1) {
    c.error("regular non-maximum suppression with " + std::to_string(a->max_classes_per_detection) +
            " classes per detection; expected 1");
    return false;
  }
  return true;
}

ir::ValueId real_input(OpImport& c, size_t i) {
  ir::ValueId x = c.input(i);
  if (c.failed() || c.value(x).type == Type::float32) return x;
  ir::ValueId y = c.importer().new_value(c.value(x).name + "/real", Type::float32, {});
  return c.emit(op_code::dequantize, {x}, y) ? y : ir::kNone;
}

}  // namespace

void import_detection_postprocess(OpImport& c) {
  DetectionPostprocessAttrs a{};
  std::vector<ir::ValueId> inputs, outputs;
  for (size_t i = 0; i < 3 && !c.failed(); ++i) inputs.push_back(real_input(c, i));
  if (c.failed() || !read_options(c, &a)) return;
  for (size_t i = 0; i < 4 && !c.failed(); ++i) outputs.push_back(c.output(i));
  if (c.failed()) return;
  c.emit_all(op_code::detection_postprocess, a, std::move(inputs), std::move(outputs));
}

}  // namespace mote::tflite_import
