// NonMaxSuppression.
#include <algorithm>
#include <limits>

#include "import/onnx/float_steps.h"
#include "import/onnx/graph_importer.h"

namespace mote::onnx_import {
namespace {

// A number that may be left out; nothing and an error when it is no constant.
std::optional<double> number(NodeImport& c, size_t i, double fallback) {
  if (!c.has(i)) return fallback;
  auto given = c.constant_reals(i);
  if (!given) return std::nullopt;
  if (given->size() == 1) return given->front();
  c.error("input " + std::to_string(i) + " has " + std::to_string(given->size()) +
          " elements, expected 1");
  return std::nullopt;
}

}  // namespace

// The number of rows is known at run only: they are padded, and counted by one more output.
void import_non_max_suppression(NodeImport& c) {
  ir::ValueId boxes = float_input(c, 0), scores = float_input(c, 1);
  auto most = number(c, 2, 0), iou = number(c, 3, 0);
  auto score = number(c, 4, -std::numeric_limits<float>::infinity());
  if (c.failed() || !most || !iou || !score) return;
  if (!(*most >= 1)) return c.define_empty(0, Type::int64, {0, 3});
  if (!c.importer().source().options().pad_selections)
    return c.error("the number of selected boxes is known at run only",
                   "let the result have all rows that it may, and a count (--pad-selections)");
  NonMaxSuppressionAttrs a{};
  a.max_outputs = *most < INT32_MAX ? static_cast<int32_t>(*most) : INT32_MAX;
  a.iou_threshold = static_cast<float>(std::clamp(*iou, 0.0, 1.0));
  a.score_threshold = static_cast<float>(*score);
  a.center_point_box = c.attr_int("center_point_box", 0) != 0;
  const std::vector<ir::ValueId> y =
      c.build().nodes(op_code::non_max_suppression, a, {boxes, scores}, {Type::int32, Type::int32});
  if (c.failed()) return;
  c.importer().graph().value(y[1]).name =
      c.build().unique_name(text_of(c.node().proto.output(0)) + ".count");
  c.importer().add_output(y[1]);
  c.define(0, as_type(c, y[0], Type::int64));
}

}  // namespace mote::onnx_import
