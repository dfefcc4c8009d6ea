// NON_MAX_SUPPRESSION_V4, NON_MAX_SUPPRESSION_V5.
#include <cmath>
#include <limits>

#include "import/tflite/steps.h"

namespace mote::tflite_import {
namespace {

std::optional<float> constant_real(OpImport& c, size_t i) {
  ir::ValueId v = c.input(i);
  if (c.failed()) return std::nullopt;
  const ir::Value& value = c.value(v);
  if (value.kind == TensorKind::constant && value.type == Type::float32 &&
      value.shape.max().elements() == 1)
    return *value.as<float>();
  c.error("input " + std::to_string(i) + " must be a constant of one float32",
          "export the model with constant thresholds", c.input_tensor(i));
  return std::nullopt;
}

// `threshold` as a lower bound that is exceeded: boxes of just this overlap go too.
std::optional<NonMaxSuppressionAttrs> attributes(OpImport& c, bool soft) {
  auto most = c.constant_int(2);
  auto iou = constant_real(c, 3), score = constant_real(c, 4);
  auto sigma = soft ? constant_real(c, 5) : std::optional(0.0F);
  if (!most || !iou || !score || !sigma) return std::nullopt;
  if (*most < 1 || *most > INT32_MAX || !(*iou <= 1) || std::isnan(*score)) {
    c.error("at most " + std::to_string(*most) + " boxes, or a threshold out of range");
    return std::nullopt;
  }
  if (*sigma != 0) {
    c.error("soft non-maximum suppression", "only a sigma of 0 is supported");
    return std::nullopt;
  }
  NonMaxSuppressionAttrs a{};
  // Every overlap, also of 0, is at least such a threshold.
  a.max_outputs = *iou > 0 ? static_cast<int32_t>(*most) : 1;
  a.iou_threshold = *iou > 0 ? std::nextafter(*iou, 0.0F) : 0;
  a.score_threshold = *score;
  return a;
}

// `x` [n] with zeros behind, [size].
bool emit_padded(OpImport& c, ir::ValueId x, int64_t size, ir::ValueId y) {
  PadAttrs a{};
  a.count = 1;
  const Dim n = c.value(x).shape.dims[0];
  if (!n.is_static() || n.max > size) {
    c.error("a dynamic number of boxes", "give the inputs a static size");
    return false;
  }
  a.after[0] = static_cast<int32_t>(size) - n.max;
  return c.emit(op_code::pad, a, {x}, y);
}

// The scores at `places` [n]; 0 where they are not below `count`.
ir::ValueId chosen(OpImport& c, ir::ValueId scores, ir::ValueId places, ir::ValueId count) {
  const int32_t n = c.value(places).shape.dims[0].max;
  constexpr int32_t kMaxMade = 1 << 20;  // a constant that the file does not hold
  if (n > kMaxMade) {
    c.error("scores of " + std::to_string(n) + " boxes", "the limit is 1048576");
    return ir::kNone;
  }
  std::vector<int32_t> numbers;
  for (int32_t i = 0; i < n; ++i) numbers.push_back(i);
  ir::ValueId rows =
      c.graph().add_constant(c.where() + "/rows", Type::int32, ir::shape_of({n}), numbers);
  ir::ValueId zero = c.graph().add_constant(c.where() + "/zero", Type::float32, ir::shape_of({1}),
                                            std::vector<float>{0});
  ir::ValueId is_row = c.importer().new_value(c.where() + "/is_row", Type::boolean, {});
  ir::ValueId found = c.importer().new_value(c.where() + "/found", Type::float32, {});
  ir::ValueId y = c.importer().new_value(c.where() + "/scores", Type::float32, {});
  return c.emit(op_code::compare, CompareAttrs{kMoteLess}, {rows, count}, is_row) &&
                 c.emit(op_code::gather, GatherAttrs{}, {scores, places}, found) &&
                 c.emit(op_code::select, {is_row, found, zero}, y)
             ? y
             : ir::kNone;
}

void import_suppression(OpImport& c, bool soft) {
  ir::ValueId boxes = c.input(0), scores = c.input(1);
  auto most = c.failed() ? std::nullopt : c.constant_int(2);
  auto a = c.failed() ? std::nullopt : attributes(c, soft);
  if (!a) return;
  if (c.value(boxes).shape.rank != 2 || c.value(scores).shape.rank != 1)
    return c.error("boxes of rank " + std::to_string(c.value(boxes).shape.rank) +
                   " and scores of rank " + std::to_string(c.value(scores).shape.rank) +
                   "; expected 2 and 1");
  boxes = c.reshaped(boxes, {1, -1, 4}, "/batch");
  ir::ValueId lines = c.failed() ? ir::kNone : c.reshaped(scores, {1, 1, -1}, "/batch");
  if (c.failed()) return;
  ir::ValueId rows = c.importer().new_value(c.where() + "/selected", Type::int32, {});
  ir::ValueId count = c.importer().new_value(c.where() + "/count", Type::int32, {});
  if (!c.emit_all(op_code::non_max_suppression, *a, {boxes, lines}, {rows, count})) return;
  // The box is the last of image, class and box.
  ir::ValueId places = step(c, op_code::strided_slice, part_of_axis(1, 2, 3), rows, "/box");
  if (places != ir::kNone) places = c.reshaped(places, {-1}, "/boxes");
  if (c.failed()) return;
  ir::ValueId indices = c.output(0), number = c.output(soft ? 2 : 1);
  if (c.failed() || !emit_padded(c, places, *most, indices)) return;
  if (soft) {
    ir::ValueId found = chosen(c, scores, places, count), y = c.output(1);
    if (c.failed() || !emit_padded(c, found, *most, y)) return;
  }
  c.emit_reshape(count, {}, number);
}

}  // namespace

void import_non_max_suppression(OpImport& c) { import_suppression(c, false); }
void import_soft_non_max_suppression(OpImport& c) { import_suppression(c, true); }

}  // namespace mote::tflite_import
