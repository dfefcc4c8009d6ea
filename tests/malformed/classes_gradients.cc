// Batch normalization, broadcast_to, and the gradients of pooling, activations, resizing and
// gather.
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

TensorSpec s32(std::vector<int32_t> shape) { return plain(forge::Type::int32, std::move(shape)); }

// 0 x, 1 to 4 values per channel.
Draft batch_norm() {
  return one_operator(op_code::batch_norm, attributes(forge::BatchNormT()),
                      {f32({2, 3}), f32({3}), f32({3}), f32({3}), f32({3})}, {f32({2, 3})});
}
Draft batch_norm_train() {
  return one_operator(op_code::batch_norm_train, attributes(forge::BatchNormT()),
                      {f32({2, 3}), f32({3}), f32({3}), f32({3}), f32({3})},
                      {f32({2, 3}), f32({3}), f32({3}), f32({3}), f32({3})});
}
// 0 dy, 1 x, 2 to 4 values per channel.
Draft batch_norm_grad() {
  return one_operator(op_code::batch_norm_grad, attributes(forge::BatchNormT()),
                      {f32({2, 3}), f32({2, 3}), f32({3}), f32({3}), f32({3})},
                      {f32({2, 3}), f32({3}), f32({3})});
}
Draft batch_norm_fold() {
  return one_operator(op_code::batch_norm_fold, attributes(forge::BatchNormT()),
                      {f32({3}), f32({3}), f32({3}), f32({3})}, {f32({3}), f32({3})});
}
Draft broadcast_to() {
  return one_operator(op_code::broadcast_to, no_attributes(), {f32({3}), s32({2, 3})},
                      {f32({2, 3})});
}
forge::Pool2dT halves() {
  forge::Pool2dT a;
  a.window_h = a.window_w = a.stride_h = a.stride_w = 2;
  return a;
}
Draft max_pool_grad() {
  return one_operator(op_code::max_pool2d_grad, attributes(halves()),
                      {f32({1, 4, 4, 2}), f32({1, 2, 2, 2})}, {f32({1, 4, 4, 2})});
}
Draft avg_pool_grad() {
  return one_operator(op_code::avg_pool2d_grad, attributes(halves()),
                      {f32({1, 2, 2, 2}), f32({1, 4, 4, 2})}, {f32({1, 4, 4, 2})});
}
Draft activation_grad() {
  return one_operator(op_code::activation_grad, attributes(forge::ActivationT()),
                      {f32({4}), f32({4})}, {f32({4})});
}
Draft resize_grad() {
  forge::ResizeBilinearT a;
  a.out_h = a.out_w = 4;
  return one_operator(op_code::resize_bilinear_grad, attributes(std::move(a)),
                      {f32({1, 4, 4, 2}), f32({1, 2, 3, 2})}, {f32({1, 2, 3, 2})});
}
// 0 dy, 1 indices, 2 x.
Draft gather_grad() {
  return one_operator(op_code::gather_grad, attributes(forge::GatherT()),
                      {f32({5, 3}), s32({5}), f32({7, 3})}, {f32({7, 3})});
}

std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
std::function<void(Draft&)> rank(size_t tensor, size_t rank) {
  return [=](Draft& d) { d.tensor(tensor).shape.resize(rank, forge::Dim(1, 1)); };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) { d.tensor(tensor).type = value; };
}
std::function<void(Draft&)> epsilon(float value) {
  return [=](Draft& d) { d.op().attributes.AsBatchNorm()->epsilon = value; };
}
std::function<void(Draft&)> momentum(float value) {
  return [=](Draft& d) { d.op().attributes.AsBatchNorm()->momentum = value; };
}
std::function<void(Draft&)> pool(int32_t forge::Pool2dT::* field, int32_t value) {
  return [=](Draft& d) { (*d.op().attributes.AsPool2d()).*field = value; };
}

Classes pooling_gradients() {
  const char* max = "operator 0 (max_pool2d_grad)";
  const char* avg = "operator 0 (avg_pool2d_grad)";
  return {
      {"pool_grad_shape_of_dy",
       "CVE-2021-29579",
       max_pool_grad,
       {edited("rows", Code::shape_incompatible, max, dim(1, 1, 3)),
        edited("columns", Code::shape_incompatible, max, dim(1, 2, 1)),
        edited("channels", Code::shape_incompatible, max, dim(1, 3, 1)),
        edited("batch", Code::shape_incompatible, max, dim(1, 0, 2)),
        edited("rank", Code::operand_rank, max, rank(1, 3))}},
      {"pool_grad_attributes",
       "CVE-2022-21741, CVE-2021-29573",
       max_pool_grad,
       {attribute("stride 0", Code::attribute_range, "stride_h",
                  pool(&forge::Pool2dT::stride_h, 0)),
        attribute("window 0", Code::attribute_range, "window_w",
                  pool(&forge::Pool2dT::window_w, 0)),
        attribute("a pad as large as the window", Code::attribute_range, "pad_top",
                  pool(&forge::Pool2dT::pad_top, 2)),
        attribute("a fused activation", Code::attribute_range, "activation",
                  [](Draft& d) {
                    d.op().attributes.AsPool2d()->activation = forge::FusedActivation::relu;
                  })}},
      {"avg_pool_grad_shape_of_dy",
       "CVE-2022-35968",
       avg_pool_grad,
       {edited("rows", Code::shape_incompatible, avg, dim(0, 1, 4)),
        edited("int8", Code::operand_type, avg, type(0, forge::Type::int8)),
        edited("the result smaller than x", Code::shape_mismatch, avg, dim(2, 2, 2))}},
  };
}

Classes normalization() {
  const char* infer = "operator 0 (batch_norm)";
  const char* train = "operator 0 (batch_norm_train)";
  const char* grad = "operator 0 (batch_norm_grad)";
  const char* fold = "operator 0 (batch_norm_fold)";
  return {
      {"batch_norm_epsilon",
       "CVE-2021-29547, CVE-2021-29548",
       batch_norm,
       {attribute("0", Code::attribute_range, "epsilon", epsilon(0)),
        attribute("negative", Code::attribute_range, "epsilon", epsilon(-1)),
        attribute("NaN", Code::attribute_range, "epsilon", epsilon(kNan)),
        attribute("infinite", Code::attribute_range, "epsilon", epsilon(kInf))}},
      {"batch_norm_momentum",
       "own rule",
       batch_norm_train,
       {attribute("-0.5", Code::attribute_range, "momentum", momentum(-0.5F)),
        attribute("1.5", Code::attribute_range, "momentum", momentum(1.5F)),
        attribute("NaN", Code::attribute_range, "momentum", momentum(kNan))}},
      {"batch_norm_channels",
       "CVE-2021-29547, CVE-2021-29583",
       batch_norm,
       {edited("one scale too few", Code::shape_incompatible, infer, dim(1, 0, 2)),
        edited("one variance", Code::shape_incompatible, infer, dim(4, 0, 1)),
        edited("bias of rank 2", Code::operand_rank, infer, rank(2, 2)),
        edited("x of rank 0", Code::operand_rank, infer, rank(0, 0)),
        edited("int8", Code::operand_type, infer, type(0, forge::Type::int8))}},
      {"batch_norm_train_outputs",
       "CVE-2020-15208",
       batch_norm_train,
       {edited("mean too short", Code::shape_mismatch, train, dim(6, 0, 2)),
        edited("running variance too long", Code::shape_mismatch, train, dim(9, 0, 4)),
        edited("int32", Code::operand_type, train, type(7, forge::Type::int32))}},
      {"batch_norm_grad_operands",
       "CVE-2021-29583",
       batch_norm_grad,
       {edited("dy and x differ", Code::shape_incompatible, grad, dim(0, 0, 3)),
        edited("another rank", Code::operand_rank, grad, rank(1, 3)),
        edited("dbias too short", Code::shape_mismatch, grad, dim(7, 0, 2))}},
      {"batch_norm_fold_operands",
       "CVE-2021-29583",
       batch_norm_fold,
       {edited("one variance", Code::shape_incompatible, fold, dim(3, 0, 1)),
        edited("scale of rank 2", Code::operand_rank, fold, rank(0, 2))}},
  };
}

Classes other_gradients() {
  const char* broadcast = "operator 0 (broadcast_to)";
  const char* activation = "operator 0 (activation_grad)";
  const char* resize = "operator 0 (resize_bilinear_grad)";
  const char* gather = "operator 0 (gather_grad)";
  return {
      {"broadcast_to_shape",
       "CVE-2020-15208",
       broadcast_to,
       {edited("3 to 4", Code::shape_incompatible, broadcast, dim(1, 1, 4)),
        edited("to a smaller rank", Code::operand_rank, broadcast, rank(0, 3)),
        edited("another type", Code::operand_types_differ, broadcast,
               type(2, forge::Type::int32))}},
      {"activation_grad_operands",
       "CVE-2020-15208",
       activation_grad,
       {edited("y shorter than dy", Code::shape_incompatible, activation, dim(1, 0, 3)),
        edited("another rank", Code::operand_rank, activation, rank(1, 2)),
        edited("int32", Code::operand_type, activation, type(1, forge::Type::int32)),
        attribute("an unknown kind", Code::attribute_range, "kind",
                  [](Draft& d) {
                    d.op().attributes.AsActivation()->kind = static_cast<forge::ActivationKind>(5);
                  })}},
      {"resize_grad_shape_of_dy",
       "CVE-2022-41907",
       resize_grad,
       {edited("rows", Code::shape_incompatible, resize, dim(0, 1, 3)),
        edited("channels", Code::shape_incompatible, resize, dim(1, 3, 1)),
        edited("rank", Code::operand_rank, resize, rank(1, 3)),
        attribute("no rows", Code::attribute_range, "scale_h",
                  [](Draft& d) { d.op().attributes.AsResizeBilinear()->out_h = 0; })}},
      {"gather_grad_operands",
       "CVE-2020-15208",
       gather_grad,
       {edited("one index too many", Code::shape_incompatible, gather, dim(1, 0, 6)),
        edited("other items", Code::shape_incompatible, gather, dim(0, 1, 2)),
        edited("rank", Code::operand_rank, gather, rank(0, 3)),
        edited("float32 indices", Code::operand_type, gather, type(1, forge::Type::float32)),
        attribute("axis 2 of 2", Code::attribute_range, "axis",
                  [](Draft& d) { d.op().attributes.AsGather()->axis = 2; }),
        attribute("batch_dims above axis", Code::attribute_range, "batch_dims",
                  [](Draft& d) { d.op().attributes.AsGather()->batch_dims = 1; })}},
  };
}

}  // namespace

Classes gradient_classes() {
  Classes all = normalization();
  for (auto* group : {pooling_gradients, other_gradients})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
