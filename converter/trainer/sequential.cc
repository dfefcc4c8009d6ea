// Sequential: shapes and counts of layers, and errors where they do not fit.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mote/trainer.h"
#include "ops/attributes.h"
#include "trainer/dataset.h"
#include "trainer/failure.h"

namespace mote {
namespace {

using Dims = std::vector<int32_t>;

// Of one side of a layer and of a parameter: keeps every product of them within 64 bits.
constexpr int32_t kMaxSize = 1 << 20;

const char* kind_name(Layer::Kind kind) {
  constexpr const char* kNames[] = {
      "conv2d",  "depthwise_conv2d", "dense",      "batch_norm",          "activation", "softmax",
      "dropout", "max_pool2d",       "avg_pool2d", "global_average_pool", "flatten"};
  return kNames[static_cast<int>(kind)];
}

[[noreturn]] void misfit(const Layer& layer, const std::string& what, const std::string& remedy) {
  trainer::wrong_use("layer '" + layer.name + "'", what, remedy);
}

void require_range(const Layer& layer, const char* name, int64_t value, int64_t low,
                   int64_t high = kMaxSize) {
  if (value >= low && value <= high) return;
  misfit(layer, std::string(name) + " is " + std::to_string(value),
         "give " + std::to_string(low) + " to " + std::to_string(high));
}

void require_picture(const Layer& layer, const Dims& in) {
  if (in.size() == 3) return;
  misfit(layer, "its input is " + trainer::shape_text(in) + ", expected height x width x channels",
         "let it stand before flatten");
}

int32_t window_count(const Layer& layer, int32_t in, int32_t window, int32_t stride,
                     int32_t padding, int32_t dilation) {
  int64_t span = int64_t{window - 1} * dilation + 1, room = int64_t{in} + 2 * int64_t{padding};
  if (span > room) {
    misfit(layer,
           "a window of " + std::to_string(span) + " does not fit its input of " +
               std::to_string(in) + " with " + std::to_string(padding) + " of padding",
           "take a smaller window or more padding");
  }
  return static_cast<int32_t>((room - span) / stride + 1);
}

Dims windowed(const Layer& layer, const Dims& in, const ConvolutionOptions& o, int32_t channels) {
  require_picture(layer, in);
  require_range(layer, "the window", layer.window, 1);
  require_range(layer, "stride", o.stride, 1);
  require_range(layer, "padding", o.padding, 0);
  require_range(layer, "dilation", o.dilation, 1);
  auto count = [&](int32_t side) {
    return window_count(layer, side, layer.window, o.stride, o.padding, o.dilation);
  };
  return {count(in[0]), count(in[1]), channels};
}

void shape_convolution(Layer& layer, const Dims& in) {
  const ConvolutionOptions& o = layer.convolution;
  require_picture(layer, in);
  bool depthwise = layer.kind == Layer::Kind::depthwise_conv2d;
  if (depthwise) {
    require_range(layer, "multiplier", o.multiplier, 1);
    if (o.groups != 1) misfit(layer, "groups are of conv2d", "leave them out");
    require_range(layer, "the number of output channels", int64_t{in[2]} * o.multiplier, 1);
    layer.size = in[2] * o.multiplier;
  } else {
    require_range(layer, "the number of filters", layer.size, 1);
    require_range(layer, "groups", o.groups, 1);
    if (o.multiplier != 1) misfit(layer, "a multiplier is of depthwise_conv2d", "leave it out");
    if (in[2] % o.groups != 0 || layer.size % o.groups != 0) {
      misfit(layer,
             std::to_string(o.groups) + " groups do not divide " + std::to_string(in[2]) +
                 " inputs and " + std::to_string(layer.size) + " filters",
             "take a divisor of both");
    }
  }
  layer.output_shape = windowed(layer, in, o, layer.size);
  int64_t per_output = int64_t{layer.window} * layer.window * (depthwise ? 1 : in[2] / o.groups);
  layer.parameters = layer.size * (per_output + (o.bias ? 1 : 0));
}

void shape_pool(Layer& layer, const Dims& in) {
  require_picture(layer, in);
  ConvolutionOptions o;
  o.stride = layer.pool.stride = layer.pool.stride == 0 ? layer.window : layer.pool.stride;
  o.padding = layer.pool.padding;
  layer.output_shape = windowed(layer, in, o, in[2]);
  if (2 * layer.pool.padding > layer.window) {
    misfit(layer, "padding is more than half the window", "take less padding");
  }
}

void shape_dense(Layer& layer, const Dims& in) {
  require_range(layer, "the number of units", layer.size, 1);
  if (in.size() != 1) {
    misfit(layer, "its input is " + trainer::shape_text(in) + ", expected one dimension",
           "put flatten or global_average_pool before it");
  }
  layer.output_shape = {layer.size};
  layer.parameters = layer.size * (int64_t{in[0]} + (layer.dense.bias ? 1 : 0));
}

void shape_layer(Layer& layer, const Dims& in) {
  using Kind = Layer::Kind;
  layer.output_shape = in;
  switch (layer.kind) {
    case Kind::conv2d:
    case Kind::depthwise_conv2d:
      return shape_convolution(layer, in);
    case Kind::dense:
      return shape_dense(layer, in);
    case Kind::max_pool2d:
    case Kind::avg_pool2d:
      return shape_pool(layer, in);
    case Kind::batch_norm:
      layer.parameters = 2 * int64_t{in.back()};
      if (!(layer.batch_norm.epsilon > 0) || !(layer.batch_norm.momentum >= 0) ||
          !(layer.batch_norm.momentum <= 1))
        misfit(layer, "epsilon or momentum is out of range",
               "epsilon is above 0, momentum within 0 to 1");
      return;
    case Kind::dropout:
      if (!(layer.rate >= 0 && layer.rate < 1))
        misfit(layer, "the rate is " + std::to_string(layer.rate), "give 0 or more, below 1");
      return;
    case Kind::global_average_pool:
      require_picture(layer, in);
      layer.output_shape = {in[2]};
      return;
    case Kind::flatten: {
      int64_t n = 1;
      for (int32_t d : in) n *= d;
      require_range(layer, "the number of elements", n, 1, INT32_MAX);
      layer.output_shape = {static_cast<int32_t>(n)};
      return;
    }
    case Kind::activation:
    case Kind::softmax:
      return;
  }
}

Layer of(Layer::Kind kind, int32_t size = 0, int32_t window = 0) {
  Layer layer{};
  layer.kind = kind;
  layer.size = size;
  layer.window = window;
  return layer;
}

}  // namespace

Sequential::Sequential(std::vector<int32_t> sample_shape) : input_shape_(std::move(sample_shape)) {
  bool fits = input_shape_.size() == 1 || input_shape_.size() == 3;
  int64_t elements = 1;
  for (int32_t d : input_shape_) {
    fits = fits && d >= 1 && d <= kMaxSize;
    elements *= fits ? d : 1;
  }
  if (!fits || elements > INT32_MAX)
    trainer::wrong_use("the model's input", "is " + trainer::shape_text(input_shape_),
                       "give height, width and channels, or one size");
}

Sequential& Sequential::add(Layer layer) {
  auto same = [&](const Layer& l) { return l.kind == layer.kind; };
  auto nth = 1 + std::count_if(layers_.begin(), layers_.end(), same);
  layer.name = std::string(kind_name(layer.kind)) + "_" + std::to_string(nth);
  if (!layers_.empty() && layers_.back().kind == Layer::Kind::softmax)
    misfit(layer, "stands after softmax", "softmax is the last layer");
  shape_layer(layer, output_shape());
  layers_.push_back(std::move(layer));
  return *this;
}

Sequential& Sequential::conv2d(int32_t filters, int32_t kernel, const ConvolutionOptions& options) {
  Layer layer = of(Layer::Kind::conv2d, filters, kernel);
  layer.convolution = options;
  return add(std::move(layer));
}
Sequential& Sequential::depthwise_conv2d(int32_t kernel, const ConvolutionOptions& options) {
  Layer layer = of(Layer::Kind::depthwise_conv2d, 0, kernel);
  layer.convolution = options;
  return add(std::move(layer));
}
Sequential& Sequential::dense(int32_t units, const DenseOptions& options) {
  Layer layer = of(Layer::Kind::dense, units);
  layer.dense = options;
  return add(std::move(layer));
}
Sequential& Sequential::batch_norm(const BatchNormOptions& options) {
  Layer layer = of(Layer::Kind::batch_norm);
  layer.batch_norm = options;
  return add(std::move(layer));
}
Sequential& Sequential::relu() { return add(of(Layer::Kind::activation, kMoteRelu)); }
Sequential& Sequential::relu6() { return add(of(Layer::Kind::activation, kMoteRelu6)); }
Sequential& Sequential::sigmoid() { return add(of(Layer::Kind::activation, kMoteSigmoid)); }
Sequential& Sequential::tanh() { return add(of(Layer::Kind::activation, kMoteTanh)); }
Sequential& Sequential::softmax() { return add(of(Layer::Kind::softmax)); }
Sequential& Sequential::dropout(float rate) {
  Layer layer = of(Layer::Kind::dropout);
  layer.rate = rate;
  return add(std::move(layer));
}
Sequential& Sequential::max_pool2d(int32_t window, const PoolOptions& options) {
  Layer layer = of(Layer::Kind::max_pool2d, 0, window);
  layer.pool = options;
  return add(std::move(layer));
}
Sequential& Sequential::avg_pool2d(int32_t window, const PoolOptions& options) {
  Layer layer = of(Layer::Kind::avg_pool2d, 0, window);
  layer.pool = options;
  return add(std::move(layer));
}
Sequential& Sequential::global_average_pool() { return add(of(Layer::Kind::global_average_pool)); }
Sequential& Sequential::flatten() { return add(of(Layer::Kind::flatten)); }

const std::vector<int32_t>& Sequential::output_shape() const {
  return layers_.empty() ? input_shape_ : layers_.back().output_shape;
}

int64_t Sequential::parameter_count() const {
  int64_t n = 0;
  for (const Layer& layer : layers_) n += layer.parameters;
  return n;
}

std::string Sequential::summary() const {
  char line[128];
  std::string text;
  auto row = [&](const std::string& name, const Dims& shape, const std::string& parameters) {
    snprintf(line, sizeof line, "%-24s %-14s %12s\n", name.c_str(),
             trainer::shape_text(shape).c_str(), parameters.c_str());
    text += line;
  };
  row("input", input_shape_, "");
  for (const Layer& layer : layers_) {
    row(layer.name, layer.output_shape,
        layer.parameters ? std::to_string(layer.parameters) : std::string());
  }
  return text + std::to_string(parameter_count()) + " parameters\n";
}

}  // namespace mote
