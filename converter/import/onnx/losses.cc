// NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss.
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

// Classes last: log_probabilities [n, d..., c]; target [n, d...] int64.
struct Loss {
  ir::ValueId log_probabilities = ir::kNone, target = ir::kNone;
  ir::ValueId weights = ir::kNone;  // [c], or none
  std::optional<int64_t> ignored;
};

ir::ValueId int64_scalar(NodeImport& c, int64_t value) { return c.int_constant({value}, {}); }

// The weight of each place, before its target is made one that can be looked up; none: all are 1.
ir::ValueId place_weights(NodeImport& c, const Loss& loss, ir::ValueId is_ignored,
                          ir::ValueId target) {
  ir::ValueId w = ir::kNone;
  if (loss.weights != ir::kNone)
    w = c.build().node(op_code::gather, GatherAttrs{0, 0}, {loss.weights, target});
  if (is_ignored == ir::kNone) return w;
  return selected(c, is_ignored, scalar(c, 0), w == ir::kNone ? scalar(c, 1) : w);
}

void define_loss(NodeImport& c, const Loss& loss, ir::ValueId like) {
  const std::string reduction = c.attr_string("reduction", "mean");
  if (reduction != "none" && reduction != "sum" && reduction != "mean")
    return c.error("reduction '" + reduction + "'");
  ir::ValueId target = loss.target, is_ignored = ir::kNone;
  if (loss.ignored) {
    is_ignored = c.build().node(op_code::compare, CompareAttrs{kMoteEqual},
                                {target, int64_scalar(c, *loss.ignored)}, Type::boolean);
    // It may be no class at all.
    target = selected(c, is_ignored, int64_scalar(c, 0), target);
  }
  ir::ValueId weights = place_weights(c, loss, is_ignored, target);
  const int32_t rank = c.rank(target);
  ir::ValueId indices = c.insert_ones(target, {rank});
  ir::ValueId picked = c.build().node(op_code::gather_elements, GatherElementsAttrs{rank},
                                      {loss.log_probabilities, indices});
  ir::ValueId y = math(c, kMoteNeg, c.drop_ones(picked, {rank}));
  if (weights != ir::kNone) y = binary(c, op_code::mul, y, weights);
  std::vector<int32_t> all;
  for (int32_t i = 0; i < rank; ++i) all.push_back(i);
  if (reduction != "none") {
    bool share = reduction == "mean" && weights == ir::kNone;
    y = reduced(c, share ? kMoteReduceMean : kMoteReduceSum, y, all);
    if (reduction == "mean" && !share)
      y = binary(c, op_code::div, y, reduced(c, kMoteReduceSum, weights, all));
    y = reshaped(c, y, {});
  }
  define_like(c, 0, y, like);
}

// Operands of both: scores [n, c, d...], target, optional weights.
bool read_loss(NodeImport& c, ir::ValueId scores, Loss* loss) {
  loss->target = as_type(c, c.input(1), Type::int64);
  loss->weights = optional_float_input(c, 2);
  if (c.has_attr("ignore_index")) loss->ignored = c.attr_int("ignore_index", 0);
  if (c.failed()) return false;
  const int32_t rank = c.rank(scores);
  if (rank < 2 || c.rank(loss->target) != rank - 1) {
    c.error("scores of rank " + std::to_string(rank) + " for targets of rank " +
            std::to_string(c.rank(loss->target)));
    return false;
  }
  return true;
}

}  // namespace

void import_negative_log_likelihood_loss(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  Loss loss;
  if (c.failed() || !read_loss(c, x, &loss)) return;
  loss.log_probabilities = reordered(c, x, order_with_last(c.rank(x), {1}));
  define_loss(c, loss, c.input(0));
}

void import_softmax_cross_entropy_loss(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  Loss loss;
  if (c.failed() || !read_loss(c, x, &loss)) return;
  const std::vector<int32_t> order = order_with_last(c.rank(x), {1});
  loss.log_probabilities =
      c.build().node(op_code::log_softmax, SoftmaxAttrs{1}, {reordered(c, x, order)});
  if (c.has_output(1))
    define_like(c, 1, reordered(c, loss.log_probabilities, inverse_order(order)), c.input(0));
  define_loss(c, loss, c.input(0));
}

}  // namespace mote::onnx_import
