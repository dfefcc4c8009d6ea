// Convolutions and matrix products. With a fused activation operands lie on lattices of 1/2, so
// that sums of products are multiples of 1/4, and the bias is 1/8 off: no result is near a bound.
#include "grad/cases.h"

namespace mote::test {
namespace {

using ir::ValueId;
using Dims = std::vector<int32_t>;

struct Operands {
  ValueId x, weights, bias;
  int32_t activation;
};

Operands random_operands(GradientCase& c, const Dims& x, const Dims& weights, int32_t channels) {
  int32_t activation = c.integer(kMoteActivationNone, kMoteActivationReluN1To1);
  if (activation == kMoteActivationNone)
    return {c.input(x), c.input(weights), c.coin() ? c.input({channels}) : ir::kNone, activation};
  return {c.lattice(x, 0.5, 0, 3), c.lattice(weights, 0.5, 0, 2),
          c.lattice({channels}, 0.25, 0.5, 8), activation};
}

template <class Attrs>
Attrs random_window(GradientCase& c, int32_t kh, int32_t kw) {
  Attrs a{};
  a.stride_h = c.integer(1, 3);
  a.stride_w = c.integer(1, 3);
  a.dilation_h = c.integer(1, 2);
  a.dilation_w = c.integer(1, 2);
  a.pad_top = c.integer(0, kh - 1);
  a.pad_bottom = c.integer(0, kh - 1);
  a.pad_left = c.integer(0, kw - 1);
  a.pad_right = c.integer(0, kw - 1);
  return a;
}

// A size with at least one place of the window.
int32_t size_for(GradientCase& c, int32_t window, int32_t dilation, int32_t pads) {
  int32_t least = (window - 1) * dilation + 1 - pads;
  return std::max(least, 1) + c.integer(0, 4);
}

void restart(GradientCase& c) {
  c = GradientCase(static_cast<uint32_t>(c.integer(0, INT32_MAX - 1)));
}

}  // namespace

void make_conv2d_case(GradientCase& c) {
  int32_t kh = c.integer(1, 3), kw = c.integer(1, 3), groups = c.integer(1, 3);
  int32_t in = c.integer(1, 2), out = c.integer(1, 2) * groups;
  auto a = random_window<Conv2dAttrs>(c, kh, kw);
  a.groups = groups;
  Dims x = {c.integer(1, 2), size_for(c, kh, a.dilation_h, a.pad_top + a.pad_bottom),
            size_for(c, kw, a.dilation_w, a.pad_left + a.pad_right), in * groups};
  Operands o = random_operands(c, x, {out, kh, kw, in}, out);
  a.activation = o.activation;
  c.add(op_code::conv2d, a, {o.x, o.weights, o.bias});
}

void make_depthwise_conv2d_case(GradientCase& c) {
  int32_t kh = c.integer(1, 3), kw = c.integer(1, 3), channels = c.integer(1, 3);
  auto a = random_window<DepthwiseConv2dAttrs>(c, kh, kw);
  a.multiplier = c.integer(1, 2);
  int32_t out = channels * a.multiplier;
  Dims x = {c.integer(1, 2), size_for(c, kh, a.dilation_h, a.pad_top + a.pad_bottom),
            size_for(c, kw, a.dilation_w, a.pad_left + a.pad_right), channels};
  Operands o = random_operands(c, x, {1, kh, kw, out}, out);
  a.activation = o.activation;
  c.add(op_code::depthwise_conv2d, a, {o.x, o.weights, o.bias});
}

// With `like`, sizes that the convolution's stride passes over are as good as the smallest.
void make_transpose_conv2d_case(GradientCase& c) {
  until_accepted([&] {
    restart(c);
    int32_t kh = c.integer(1, 3), kw = c.integer(1, 3), groups = c.integer(1, 2);
    int32_t in = c.integer(1, 2) * groups, per_group = c.integer(1, 2);
    auto a = random_window<Conv2dAttrs>(c, kh, kw);
    a.groups = groups;
    Dims x = {c.integer(1, 2), c.integer(1, 4), c.integer(1, 4), in};
    Operands o = random_operands(c, x, {in, kh, kw, per_group}, per_group * groups);
    a.activation = o.activation;
    std::vector<ValueId> operands = {o.x, o.weights, o.bias};
    if (c.coin()) {
      int32_t h = (x[1] - 1) * a.stride_h + (kh - 1) * a.dilation_h + 1 - a.pad_top - a.pad_bottom;
      int32_t w = (x[2] - 1) * a.stride_w + (kw - 1) * a.dilation_w + 1 - a.pad_left - a.pad_right;
      if (h < 1 || w < 1) return false;
      operands.push_back(ir::kNone);
      operands.push_back(c.fixed({x[0], h + c.integer(0, a.stride_h - 1),
                                  w + c.integer(0, a.stride_w - 1), per_group * groups}));
    }
    return c.add(op_code::transpose_conv2d, a, operands);
  });
}

void make_fully_connected_case(GradientCase& c) {
  Dims x = c.shape(c.integer(1, 4));
  int32_t out = c.integer(1, 5);
  Operands o = random_operands(c, x, {out, x.back()}, out);
  c.add(op_code::fully_connected, FullyConnectedAttrs{o.activation}, {o.x, o.weights, o.bias});
}

void make_batch_matmul_case(GradientCase& c) {
  int32_t m = c.integer(1, 4), k = c.integer(1, 4), n = c.integer(1, 4);
  BatchMatmulAttrs attrs{c.integer(0, 1), c.integer(0, 1)};
  Dims a = c.shape(c.integer(0, 3), 3), b = a;
  for (int32_t& d : a) d = c.integer(0, 3) == 0 ? 1 : d;
  for (int32_t& d : b) d = c.integer(0, 3) == 0 ? 1 : d;
  Dims& shorter = c.coin() ? a : b;
  shorter.erase(shorter.begin(),
                shorter.begin() + c.integer(0, static_cast<int32_t>(shorter.size())));
  a.insert(a.end(), {attrs.transpose_a != 0 ? k : m, attrs.transpose_a != 0 ? m : k});
  b.insert(b.end(), {attrs.transpose_b != 0 ? n : k, attrs.transpose_b != 0 ? k : n});
  c.add(op_code::batch_matmul, attrs, {c.input(a), c.input(b)});
}

}  // namespace mote::test
