// RoiAlign.
#include "import/onnx/channels.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {

void import_roi_align(NodeImport& c) {
  ir::ValueId x = float_input(c, 0), boxes = float_input(c, 1), batch = c.input(2);
  if (c.failed()) return;
  if (c.rank(x) != 4)
    return c.error("an input of rank " + std::to_string(c.rank(x)), "two dimensions are the limit");
  const std::string mode = c.attr_string("mode", "avg");
  // Before operator set 16 boxes were not moved by half an element.
  const std::string transform = c.attr_string("coordinate_transformation_mode",
                                              c.opset() >= 16 ? "half_pixel" : "output_half_pixel");
  const int64_t ratio = c.attr_int("sampling_ratio", 0);
  const int64_t height = c.attr_int("output_height", 1), width = c.attr_int("output_width", 1);
  if (mode != "avg" && mode != "max") return c.error("the mode '" + mode + "' is not known");
  if (transform != "half_pixel" && transform != "output_half_pixel")
    return c.error("the transformation '" + transform + "' is not known");
  if (ratio < 0 || ratio > 64)
    return c.error("a sampling_ratio of " + std::to_string(ratio), "the limit is 64");
  if (height < 1 || height > 65535 || width < 1 || width > 65535)
    return c.error("output_height and output_width must be in [1, 65535]");
  RoiAlignAttrs a{};
  a.out_h = static_cast<int32_t>(height);
  a.out_w = static_cast<int32_t>(width);
  a.mode = mode == "max" ? kMoteRoiMax : kMoteRoiAverage;
  a.sampling_ratio = static_cast<int32_t>(ratio);
  a.half_pixel = transform == "half_pixel";
  a.spatial_scale = c.attr_float("spatial_scale", 1);
  ir::ValueId y = c.build().node(op_code::roi_align, a, {channels_last(c, x), boxes, batch});
  if (!c.failed()) define_like(c, 0, channels_first(c, y, 4), c.input(0));
}

}  // namespace mote::onnx_import
