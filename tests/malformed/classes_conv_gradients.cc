// transpose_conv2d and the gradients of the convolutions.
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

// x [1, 3, 3, 4], weights [4, 3, 3, 2], bias, like [1, 5, 5, 2], output [1, 5, 5, 2].
Draft transposed() {
  return one_operator(op_code::transpose_conv2d, attributes(forge::Conv2dT()),
                      {f32({1, 3, 3, 4}), constant(f32({4, 3, 3, 2})), constant(f32({2})), absent(),
                       f32({1, 5, 5, 2})},
                      {f32({1, 5, 5, 2})});
}
// The same without `like`.
Draft transposed_smallest() {
  return one_operator(op_code::transpose_conv2d, attributes(forge::Conv2dT()),
                      {f32({1, 3, 3, 4}), constant(f32({4, 3, 3, 2}))}, {f32({1, 5, 5, 2})});
}
// x [1, 5, 5, 2], dy [1, 3, 3, 4], weights [4, 3, 3, 2].
Draft weight_grad() {
  return one_operator(op_code::conv2d_weight_grad, attributes(forge::Conv2dT()),
                      {f32({1, 5, 5, 2}), f32({1, 3, 3, 4}), f32({4, 3, 3, 2})},
                      {f32({4, 3, 3, 2})});
}
forge::AttributesUnion multiplier_two() {
  forge::DepthwiseConv2dT a;
  a.multiplier = 2;
  return attributes(a);
}
// dy [1, 3, 3, 4], weights [1, 3, 3, 4], x [1, 5, 5, 2].
Draft depthwise_input_grad() {
  return one_operator(op_code::depthwise_conv2d_input_grad, multiplier_two(),
                      {f32({1, 3, 3, 4}), f32({1, 3, 3, 4}), f32({1, 5, 5, 2})},
                      {f32({1, 5, 5, 2})});
}
// x [1, 5, 5, 2], dy [1, 3, 3, 4], weights [1, 3, 3, 4].
Draft depthwise_weight_grad() {
  return one_operator(op_code::depthwise_conv2d_weight_grad, multiplier_two(),
                      {f32({1, 5, 5, 2}), f32({1, 3, 3, 4}), f32({1, 3, 3, 4})},
                      {f32({1, 3, 3, 4})});
}

std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t low, int32_t high) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(low, high); };
}
std::function<void(Draft&)> drop_dim(size_t tensor) {
  return [=](Draft& d) { d.tensor(tensor).shape.pop_back(); };
}
template <class T>
Variant value(const char* name, int32_t T::* member, int32_t bad) {
  return attribute(std::string(name) + " " + std::to_string(bad), Code::attribute_range, name,
                   [=](Draft& d) { static_cast<T*>(d.op().attributes.value)->*member = bad; });
}
template <class T>
std::function<void(Draft&)> set(int32_t T::* member, int32_t value) {
  return [=](Draft& d) { static_cast<T*>(d.op().attributes.value)->*member = value; };
}
template <class T>
Variant fused_relu() {
  return attribute("relu", Code::attribute_range, "activation", [](Draft& d) {
    static_cast<T*>(d.op().attributes.value)->activation = forge::FusedActivation::relu;
  });
}

Classes transposed_classes() {
  using A = forge::Conv2dT;
  const char* place = "operator 0 (transpose_conv2d)";
  return {
      {"transpose_conv2d_attributes",
       "CVE-2021-29588; tensorflow issue 61905",
       transposed,
       {value("stride_h", &A::stride_h, 0), value("stride_w", &A::stride_w, 65536),
        value("dilation_h", &A::dilation_h, -1), value("pad_left", &A::pad_left, kMax),
        value("groups", &A::groups, 0), value("groups", &A::groups, 5)}},
      {"transpose_conv2d_channels",
       "CVE-2022-23557, CVE-2022-41894",
       transposed,
       {edited("3 groups of 4", Code::shape_incompatible, place, set(&A::groups, 3)),
        edited("x 3 for 4", Code::operand_shape, place, dim(0, 3, 3, 3)),
        edited("bias 1 for 2", Code::operand_shape, place, dim(2, 0, 1, 1)),
        edited("a bias for one group of two", Code::operand_shape, place, set(&A::groups, 2))}},
      {"transpose_conv2d_like",
       "CVE-2022-41894",
       transposed,
       {edited("6 rows, which would be read by 4", Code::shape_incompatible, place,
               dim(3, 1, 6, 6)),
        edited("4 columns, which would be read by 2", Code::shape_incompatible, place,
               dim(3, 2, 4, 4)),
        edited("2 rows for a window of 3", Code::shape_empty, place, dim(3, 1, 2, 2)),
        edited("rank 3", Code::operand_rank, place, drop_dim(3))}},
      {"transpose_conv2d_output_size",
       "CVE-2020-15208",
       transposed_smallest,
       {edited("declared larger", Code::shape_mismatch, place, dim(2, 1, 6, 6)),
        edited("pads beyond the result", Code::shape_empty, place, set(&A::pad_top, 5)),
        edited("x without rows enough for 2^31", Code::shape_too_large, place,
               [](Draft& d) {
                 auto& a = *static_cast<A*>(d.op().attributes.value);
                 a.stride_h = 65535;
                 d.tensor(0).shape[1] = forge::Dim(1, 1 << 20);
               })}},
      {"transpose_conv2d_types",
       "CVE-2022-23583",
       transposed_smallest,
       {edited("int32 weights", Code::operand_type, place,
               [](Draft& d) { d.tensor(1).type = forge::Type::int32; }),
        edited("dynamic weights", Code::operand_shape, place,
               [](Draft& d) {
                 d.tensor(1).kind = forge::Kind::activation;
                 d.tensor(1).segment = 0xFFFFFFFF;
                 d.graph().inputs.push_back(1);
                 dim(1, 0, 1, 4)(d);
               })}},
  };
}

Classes weight_grad_classes() {
  const char* conv = "operator 0 (conv2d_weight_grad)";
  const char* depthwise = "operator 0 (depthwise_conv2d_weight_grad)";
  using A = forge::Conv2dT;
  using D = forge::DepthwiseConv2dT;
  return {
      {"conv2d_weight_grad_shapes",
       "CVE-2021-29540",
       weight_grad,
       {edited("dy of 4 rows for 3", Code::shape_incompatible, conv, dim(1, 1, 4, 4)),
        edited("dy of another batch", Code::shape_incompatible, conv, dim(1, 0, 2, 2)),
        edited("dy of 5 channels", Code::operand_shape, conv, dim(1, 3, 5, 5)),
        edited("x of 3 channels", Code::operand_shape, conv, dim(0, 3, 3, 3)),
        edited("x smaller than the window", Code::shape_empty, conv, dim(0, 2, 2, 2)),
        edited("weights of dynamic size", Code::operand_shape, conv, dim(2, 1, 1, 3)),
        edited("dy of rank 3", Code::operand_rank, conv, drop_dim(1))}},
      {"conv2d_weight_grad_attributes",
       "CVE-2021-29538",
       weight_grad,
       {value("stride_w", &A::stride_w, 0), value("groups", &A::groups, -1), fused_relu<A>()}},
      {"depthwise_conv2d_weight_grad_shapes",
       "own rule",
       depthwise_weight_grad,
       {edited("dy of 2 columns for 3", Code::shape_incompatible, depthwise, dim(1, 2, 2, 2)),
        edited("x of another batch", Code::shape_incompatible, depthwise, dim(0, 0, 2, 2)),
        edited("weights of 2 rows of filters", Code::operand_shape, depthwise, dim(2, 0, 2, 2)),
        edited("dy of 5 channels", Code::operand_shape, depthwise, dim(1, 3, 5, 5)),
        value("multiplier", &D::multiplier, 5), fused_relu<D>()}},
  };
}

Classes input_grad_classes() {
  const char* place = "operator 0 (depthwise_conv2d_input_grad)";
  using D = forge::DepthwiseConv2dT;
  return {
      {"depthwise_conv2d_input_grad_shapes",
       "own rule",
       depthwise_input_grad,
       {edited("x of 6 rows", Code::shape_incompatible, place, dim(2, 1, 6, 6)),
        edited("x of another batch", Code::shape_incompatible, place, dim(2, 0, 2, 2)),
        edited("x of 4 channels", Code::operand_shape, place, dim(2, 3, 4, 4)),
        edited("multiplier 1", Code::operand_shape, place, set(&D::multiplier, 1)),
        edited("3 of 4 channels", Code::shape_incompatible, place, set(&D::multiplier, 3)),
        edited("x of rank 3", Code::operand_rank, place, drop_dim(2)), fused_relu<D>()}},
  };
}

}  // namespace

Classes conv_gradient_classes() {
  Classes all = transposed_classes();
  for (auto* group : {weight_grad_classes, input_grad_classes})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
