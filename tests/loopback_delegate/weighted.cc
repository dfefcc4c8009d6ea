// conv2d and fully_connected (NUMERICS.md, 3.1 and 4).
#include "operators.h"
#include "ops/conv2d/attributes.h"
#include "ops/fully_connected/attributes.h"

namespace loopback {
namespace {

const char* refuse(const mote_delegate_graph& graph, const mote_delegate_operator& op) {
  for (uint32_t i = 1; i < op.input_count; ++i) {
    if (op.inputs[i] >= 0 && graph.tensors[op.inputs[i]].kind != kConstant) {
      return "loopback: the weights are not constant";
    }
  }
  return refuse_types(graph, op);
}

float scale_of(const Call& call, int64_t channel) {
  auto o = static_cast<size_t>(channel);
  if (call.has(3)) return call.in(3).as<float>()[call.in(3).shape.elements() == 1 ? 0 : o];
  return call.in(0).info->scale() * call.in(1).info->scale(o) / call.output->info->scale();
}

// One output element from its products: `term(f)` calls f(index into x, index into weights).
template <class Terms>
void finish(const Call& call, int64_t place, int64_t channel, int32_t activation, Terms terms) {
  const Operand& x = call.in(0);
  const Operand& w = call.in(1);
  if (x.info->type == kFloat32) {
    float sum = 0;
    terms([&](int64_t i, int64_t k) { sum += x.as<float>()[i] * w.as<float>()[k]; });
    if (call.has(2)) sum += call.in(2).as<float>()[channel];
    call.output->as<float>()[place] = activate(activation, sum);
    return;
  }
  uint32_t sum = call.has(2) ? static_cast<uint32_t>(call.in(2).as<int32_t>()[channel]) : 0;
  int32_t zx = x.info->zero_point(), zw = w.info->zero_point();
  terms([&](int64_t i, int64_t k) {
    sum += static_cast<uint32_t>((x.as<int8_t>()[i] - zx) * (w.as<int8_t>()[k] - zw));
  });
  const Tensor& y = *call.output->info;
  call.output->as<int8_t>()[place] =
      static_cast<int8_t>(requantize(static_cast<int32_t>(sum), scale_of(call, channel),
                                     y.zero_point(), stored_range(activation, y)));
}

bool fully_connected_shape(Call& call) {
  Shape s = call.in(0).shape;
  s.dims[s.rank - 1] = call.in(1).shape.dims[0];
  call.output->shape = s;
  return true;
}

void fully_connected_run(const Call& call) {
  int32_t activation = static_cast<const FullyConnectedAttrs*>(call.attributes)->activation;
  int64_t channels = call.in(1).shape.dims[0], depth = call.in(1).shape.dims[1];
  int64_t rows = call.in(0).shape.elements() / depth;
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t o = 0; o < channels; ++o) {
      finish(call, r * channels + o, o, activation, [&](auto term) {
        for (int64_t k = 0; k < depth; ++k) term(r * depth + k, o * depth + k);
      });
    }
  }
}

int32_t window(int32_t in, int32_t pads, int32_t taps, int32_t stride, int32_t dilation) {
  return (in + pads - ((taps - 1) * dilation + 1)) / stride + 1;
}

bool conv2d_shape(Call& call) {
  const auto& a = *static_cast<const Conv2dAttrs*>(call.attributes);
  const Shape &x = call.in(0).shape, &w = call.in(1).shape;
  int32_t pads_h = a.pad_top + a.pad_bottom, pads_w = a.pad_left + a.pad_right;
  if (x.dims[1] + pads_h <= (w.dims[1] - 1) * a.dilation_h) return false;
  if (x.dims[2] + pads_w <= (w.dims[2] - 1) * a.dilation_w) return false;
  call.output->shape = {
      4,
      {x.dims[0], window(x.dims[1], pads_h, w.dims[1], a.stride_h, a.dilation_h),
       window(x.dims[2], pads_w, w.dims[2], a.stride_w, a.dilation_w), w.dims[0]}};
  return true;
}

// The products of output (n, y, x, o).
template <class Term>
void conv2d_terms(const Call& call, const int32_t (&at)[4], Term term) {
  const auto& a = *static_cast<const Conv2dAttrs*>(call.attributes);
  const int32_t *x = call.in(0).shape.dims, *w = call.in(1).shape.dims;
  int64_t first = int64_t{at[3]} / (w[0] / a.groups) * w[3];
  for (int32_t i = 0; i < w[1]; ++i) {
    for (int32_t j = 0; j < w[2]; ++j) {
      int64_t row = int64_t{at[1]} * a.stride_h - a.pad_top + int64_t{i} * a.dilation_h;
      int64_t column = int64_t{at[2]} * a.stride_w - a.pad_left + int64_t{j} * a.dilation_w;
      if (row < 0 || row >= x[1] || column < 0 || column >= x[2]) continue;
      for (int32_t k = 0; k < w[3]; ++k) {
        term(((at[0] * int64_t{x[1]} + row) * x[2] + column) * x[3] + first + k,
             ((at[3] * int64_t{w[1]} + i) * w[2] + j) * w[3] + k);
      }
    }
  }
}

void conv2d_run(const Call& call) {
  int32_t activation = static_cast<const Conv2dAttrs*>(call.attributes)->activation;
  const int32_t* y = call.output->shape.dims;
  int64_t place = 0;
  for (int32_t n = 0; n < y[0]; ++n)
    for (int32_t h = 0; h < y[1]; ++h)
      for (int32_t w = 0; w < y[2]; ++w)
        for (int32_t o = 0; o < y[3]; ++o, ++place) {
          finish(call, place, o, activation,
                 [&](auto term) { conv2d_terms(call, {n, h, w, o}, term); });
        }
}

}  // namespace

const Operator kConv2d = {"conv2d", refuse, conv2d_shape, conv2d_run};
const Operator kFullyConnected = {"fully_connected", refuse, fully_connected_shape,
                                  fully_connected_run};

}  // namespace loopback
