// Losses, optimizers and dropout.
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TensorSpec s32(std::vector<int32_t> shape) { return plain(forge::Type::int32, std::move(shape)); }

Draft cross_entropy() {
  return one_operator(op_code::softmax_cross_entropy, attributes(forge::SoftmaxCrossEntropyT()),
                      {f32({2, 3}), s32({2})}, {f32({1}), f32({2, 3})});
}
Draft mse() {
  return one_operator(op_code::mse, no_attributes(), {f32({2, 3}), f32({2, 3})},
                      {f32({1}), f32({2, 3})});
}
Draft require_finite() {
  return one_operator(op_code::require_finite, no_attributes(), {f32({4})}, {f32({4})});
}
Draft dropout_mask() {
  return one_operator(op_code::dropout_mask, attributes(forge::DropoutMaskT()),
                      {f32({4}), s32({2}), s32({1})}, {f32({4})});
}
// 0 parameter, 1 velocity, 2 gradient, 3 rate, 4 hyper.
Draft sgd() {
  return one_operator(op_code::sgd, attributes(forge::OptimizerT()),
                      {state(f32({4})), state(f32({4})), f32({4}), f32({1}), constant(f32({2}))},
                      {});
}
// 0 parameter, 1 and 2 moments, 3 gradient, 4 rate, 5 step, 6 hyper.
Draft adam() {
  return one_operator(op_code::adam, attributes(forge::OptimizerT()),
                      {state(f32({4})), state(f32({4})), state(f32({4})), f32({4}), f32({1}),
                       s32({1}), constant(f32({4}))},
                      {});
}

std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
std::function<void(Draft&)> dynamic(size_t tensor) {
  return [=](Draft& d) { d.tensor(tensor).shape[0] = forge::Dim(1, 4); };
}
std::function<void(Draft&)> rank(size_t tensor, size_t rank) {
  return [=](Draft& d) { d.tensor(tensor).shape.resize(rank, forge::Dim(1, 1)); };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) { d.tensor(tensor).type = value; };
}
std::function<void(Draft&)> input(size_t i, int32_t tensor) {
  return [=](Draft& d) { d.op().inputs[i] = tensor; };
}
std::function<void(Draft&)> smoothing(float value) {
  return [=](Draft& d) { d.op().attributes.AsSoftmaxCrossEntropy()->label_smoothing = value; };
}
std::function<void(Draft&)> rate(float value) {
  return [=](Draft& d) { d.op().attributes.AsDropoutMask()->rate = value; };
}

}  // namespace

Classes loss_classes() {
  const char* cross = "operator 0 (softmax_cross_entropy)";
  const char* dropout = "operator 0 (dropout_mask)";
  return {
      {"cross_entropy_smoothing",
       "CVE-2021-37665",
       cross_entropy,
       {attribute("-0.5", Code::attribute_range, "label_smoothing", smoothing(-0.5F)),
        attribute("1.5", Code::attribute_range, "label_smoothing", smoothing(1.5F)),
        attribute("NaN", Code::attribute_range, "label_smoothing", smoothing(kNan))}},
      {"cross_entropy_types",
       "CVE-2022-23583",
       cross_entropy,
       {edited("float32 labels", Code::operand_type, cross, type(1, forge::Type::float32)),
        edited("int64 labels", Code::operand_type, cross, type(1, forge::Type::int64)),
        edited("int32 logits", Code::operand_type, cross, type(0, forge::Type::int32)),
        edited("int32 loss", Code::operand_type, cross, type(2, forge::Type::int32)),
        edited("int32 gradient", Code::operand_type, cross, type(3, forge::Type::int32))}},
      {"cross_entropy_shapes",
       "CVE-2020-15208, CVE-2021-29590",
       cross_entropy,
       {edited("three labels for two rows", Code::shape_incompatible, cross, dim(1, 0, 3)),
        edited("labels of the logits' rank", Code::operand_rank, cross, rank(1, 2)),
        edited("logits of rank 0", Code::operand_rank, cross, rank(0, 0))}},
      {"cross_entropy_results_lie",
       "CVE-2020-15208; tensorflow issue 124982",
       cross_entropy,
       {edited("a smaller gradient", Code::shape_mismatch, cross, dim(3, 1, 2)),
        edited("two losses", Code::shape_mismatch, cross, dim(2, 0, 2)),
        edited("a scalar loss", Code::shape_rank_mismatch, cross, rank(2, 0))}},
      {"mse_operands",
       "CVE-2020-15208, CVE-2022-23583",
       mse,
       {edited("target of another size", Code::shape_incompatible, "operator 0 (mse)",
               dim(1, 1, 4)),
        edited("target of another rank", Code::operand_rank, "operator 0 (mse)", rank(1, 1)),
        edited("int32 target", Code::operand_type, "operator 0 (mse)", type(1, forge::Type::int32)),
        edited("a smaller gradient", Code::shape_mismatch, "operator 0 (mse)", dim(3, 0, 1))}},
      {"require_finite_operands",
       "CVE-2022-23583, CVE-2020-15208",
       require_finite,
       {edited("int32", Code::operand_type, "operator 0 (require_finite)",
               [](Draft& d) { d.tensor(0).type = d.tensor(1).type = forge::Type::int32; }),
        edited("int32 result", Code::operand_type, "operator 0 (require_finite)",
               type(1, forge::Type::int32)),
        edited("a smaller result", Code::shape_mismatch, "operator 0 (require_finite)",
               dim(1, 0, 3))}},
      {"dropout_rate",
       "CVE-2021-37665",
       dropout_mask,
       {attribute("1", Code::attribute_range, "rate", rate(1)),
        attribute("-0.5", Code::attribute_range, "rate", rate(-0.5F)),
        attribute("NaN", Code::attribute_range, "rate", rate(kNan))}},
      {"dropout_seed_and_step",
       "CVE-2020-15208, CVE-2022-23583",
       dropout_mask,
       {edited("a seed of one word", Code::operand_shape, dropout, dim(1, 0, 1)),
        edited("a seed of 1 to 4 words", Code::operand_shape, dropout, dynamic(1)),
        edited("a seed of rank 2", Code::operand_rank, dropout, rank(1, 2)),
        edited("a float32 seed", Code::operand_type, dropout, type(1, forge::Type::float32)),
        edited("a scalar step", Code::operand_rank, dropout, rank(2, 0)),
        edited("two steps", Code::operand_shape, dropout, dim(2, 0, 2)),
        edited("an int64 step", Code::operand_type, dropout, type(2, forge::Type::int64))}},
      {"dropout_result",
       "CVE-2020-15208, CVE-2022-23583",
       dropout_mask,
       {edited("a smaller mask", Code::shape_mismatch, dropout, dim(3, 0, 3)),
        edited("an int32 mask", Code::operand_type, dropout, type(3, forge::Type::int32)),
        edited("of an int32 tensor", Code::operand_type, dropout, type(0, forge::Type::int32))}},
  };
}

Classes optimizer_classes() {
  return {
      {"optimizer_states_are_states",
       "CVE-2021-37681",
       sgd,
       {edited("an activation is updated", Code::operand_not_state, "operator 0 (sgd)",
               input(0, 2)),
        edited("a constant velocity", Code::operand_not_state, "operator 0 (sgd)", input(1, 4)),
        edited("a state as gradient", Code::state_used_directly, "operator 0 (sgd)", input(2, 0))}},
      {"optimizer_names_a_state_twice",
       "CVE-2020-15210",
       adam,
       {edited("parameter and first moment", Code::state_written_twice, "operator 0 (adam)",
               input(1, 0)),
        edited("both moments", Code::state_written_twice, "operator 0 (adam)", input(2, 1))}},
      {"optimizers_share_a_state",
       "CVE-2020-15210",
       sgd,
       {edited("two steps of one parameter", Code::state_written_twice, "operator 1 (sgd)",
               [](Draft& d) {
                 d.add_operator(op_code::sgd, attributes(forge::OptimizerT()), {0, 1, 2, 3, 4}, {});
               })}},
      {"optimizer_state_read_afterwards",
       "CVE-2022-23573",
       sgd,
       {edited("the velocity", Code::state_read_after_write, "operator 1 (read_state)",
               [](Draft& d) {
                 int32_t t = d.add_tensor(f32({4}));
                 d.add_operator(op_code::read_state, no_attributes(), {1}, {t});
               })}},
      {"require_finite_after_state_write",
       "own rule: a failed run changes no state",
       sgd,
       {edited("behind sgd", Code::fallible_after_write, "operator 1 (require_finite)",
               [](Draft& d) {
                 int32_t t = d.add_tensor(f32({4}));
                 d.add_operator(op_code::require_finite, no_attributes(), {2}, {t});
               })}},
      {"optimizer_shapes",
       "CVE-2020-15208, CVE-2026-43629",
       adam,
       {edited("a smaller moment", Code::operand_shape, "operator 0 (adam)", dim(2, 0, 3)),
        edited("a smaller gradient", Code::operand_shape, "operator 0 (adam)", dim(3, 0, 3)),
        edited("a dynamic gradient", Code::operand_shape, "operator 0 (adam)", dynamic(3)),
        edited("a gradient of rank 2", Code::operand_rank, "operator 0 (adam)", rank(3, 2))}},
      {"optimizer_numbers",
       "CVE-2020-15208",
       adam,
       {edited("two rates", Code::operand_shape, "operator 0 (adam)", dim(4, 0, 2)),
        edited("a scalar rate", Code::operand_rank, "operator 0 (adam)", rank(4, 0)),
        edited("1 to 4 steps", Code::operand_shape, "operator 0 (adam)", dynamic(5)),
        edited("three of four numbers", Code::operand_shape, "operator 0 (adam)", dim(6, 0, 3))}},
      {"optimizer_types",
       "CVE-2022-23583",
       adam,
       {edited("an int32 gradient", Code::operand_type, "operator 0 (adam)",
               type(3, forge::Type::int32)),
        edited("an int32 moment", Code::operand_type, "operator 0 (adam)",
               type(1, forge::Type::int32)),
        edited("a float32 step", Code::operand_type, "operator 0 (adam)",
               type(5, forge::Type::float32))}},
      {"sgd_attributes",
       "own rule: what has no effect is not written",
       sgd,
       {attribute("decoupled", Code::attribute_range, "decoupled",
                  [](Draft& d) { d.op().attributes.AsOptimizer()->decoupled = true; })}},
      {"adam_attributes",
       "own rule: what has no effect is not written",
       adam,
       {attribute("nesterov", Code::attribute_range, "nesterov",
                  [](Draft& d) { d.op().attributes.AsOptimizer()->nesterov = true; })}},
  };
}

}  // namespace mote::test
