// GridSample.
#include "import/onnx/channels.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {

void import_grid_sample(NodeImport& c) {
  ir::ValueId x = float_input(c, 0), grid = float_input(c, 1);
  if (c.failed()) return;
  if (c.rank(x) != 4)
    return c.error("an input of rank " + std::to_string(c.rank(x)), "two dimensions are the limit");
  std::string mode = c.attr_string("mode", c.opset() >= 20 ? "linear" : "bilinear");
  std::string padding = c.attr_string("padding_mode", "zeros");
  GridSampleAttrs a{};
  a.align_corners = c.attr_int("align_corners", 0) != 0;
  if (mode == "nearest") a.mode = kMoteSampleNearest;
  if (mode == "bicubic" || mode == "cubic") a.mode = kMoteSampleBicubic;
  if (a.mode == 0 && mode != "bilinear" && mode != "linear")
    return c.error("the mode '" + mode + "' is not known");
  if (padding == "border") a.padding = kMoteSampleBorder;
  if (padding == "reflection") a.padding = kMoteSampleReflection;
  if (a.padding == 0 && padding != "zeros")
    return c.error("the padding '" + padding + "' is not known");
  ir::ValueId y = c.build().node(op_code::grid_sample, a, {channels_last(c, x), grid});
  if (!c.failed()) define_like(c, 0, channels_first(c, y, 4), c.input(0));
}

}  // namespace mote::onnx_import
