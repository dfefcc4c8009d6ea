// BatchNormalization.
#include <algorithm>
#include <cfloat>

#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

struct BatchNorm {
  ir::ValueId x, scale, bias, mean, variance;
};

ir::ValueId normalized(NodeImport& c, const BatchNorm& b, float epsilon) {
  BatchNormAttrs a{};
  // The operator wants a positive one; a variance of 0 is infinite either way.
  a.epsilon = std::max(epsilon, FLT_MIN);
  const std::vector<int32_t> order = order_with_last(c.rank(b.x), {1});
  ir::ValueId x = reordered(c, b.x, order);
  ir::ValueId y = c.build().node(op_code::batch_norm, a, {x, b.scale, b.bias, b.mean, b.variance},
                                 Type::float32);
  return reordered(c, y, inverse_order(order));
}

// The batch's own mean and variance, and the running ones moved towards them.
void define_training(NodeImport& c, BatchNorm b, float epsilon) {
  const int32_t rank = c.rank(b.x);
  std::vector<int32_t> axes;
  for (int32_t i = 0; i < rank; ++i)
    if (i != 1) axes.push_back(i);
  const float momentum = c.attr_float("momentum", 0.9f);
  auto moved = [&](ir::ValueId running, ir::ValueId batch) {
    return binary(c, op_code::add, binary(c, op_code::mul, running, momentum),
                  binary(c, op_code::mul, batch, 1 - momentum));
  };
  const int32_t channels = c.shape(b.scale).dims[0].max;
  ir::ValueId mean = reduced(c, kMoteReduceMean, b.x, axes);
  ir::ValueId centred = binary(c, op_code::sub, b.x, mean);
  ir::ValueId variance =
      reduced(c, kMoteReduceMean, binary(c, op_code::mul, centred, centred), axes);
  mean = reshaped(c, mean, {channels});
  variance = reshaped(c, variance, {channels});
  const ir::ValueId running_mean = b.mean, running_variance = b.variance;
  b.mean = mean;
  b.variance = variance;
  define_like(c, 0, normalized(c, b, epsilon), c.input(0));
  if (c.has_output(1)) define_like(c, 1, moved(running_mean, mean), c.input(3));
  if (c.has_output(2)) define_like(c, 2, moved(running_variance, variance), c.input(4));
}

}  // namespace

void import_batch_normalization(NodeImport& c) {
  BatchNorm b{float_input(c, 0), float_input(c, 1), float_input(c, 2), float_input(c, 3),
              float_input(c, 4)};
  if (c.failed()) return;
  const ShapeBounds x = c.shape(b.x);
  if (x.rank < 2 || c.rank(b.scale) != 1 || !c.shape(b.scale).is_static())
    return c.error("an input of shape " + ir::shape_text(x) + " and a scale of shape " +
                   ir::shape_text(c.shape(b.scale)));
  if (c.opset() < 9 && c.attr_int("spatial", 1) == 0)
    return c.error("statistics per place (spatial = 0)", "export with statistics per channel");
  const float epsilon = c.attr_float("epsilon", 1e-5f);
  if (c.attr_int("training_mode", 0) != 0) return define_training(c, b, epsilon);
  if (c.has_output(1))
    return c.error("a BatchNormalization in training mode", "export the model for inference");
  ir::ValueId y = normalized(c, b, epsilon);
  if (!c.failed()) define_like(c, 0, y, c.input(0));
}

}  // namespace mote::onnx_import
