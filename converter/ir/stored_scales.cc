#include "ir/stored_scales.h"

#include <cmath>

#include "ops/attributes.h"

namespace mote::ir {
namespace {

int64_t elements_before(const ShapeBounds& s, int32_t axis) {
  int64_t n = 1;
  for (int32_t i = 0; i < axis; ++i) n *= s.dims[i].max;
  return n;
}

// The dimension of `y` that holds the same elements as dimension `axis` of `x`; -1: none.
int32_t same_dimension(const ShapeBounds& x, int32_t axis, const ShapeBounds& y) {
  for (int32_t i = 0; i < y.rank; ++i)
    if (y.dims[i].max == x.dims[axis].max && elements_before(y, i) == elements_before(x, axis))
      return i;
  return -1;
}

int32_t transposed_axis(const TransposeAttrs& a, int32_t axis) {
  for (int32_t i = 0; i < a.count; ++i)
    if (a.permutation[i] == axis) return i;
  return -1;
}

}  // namespace

void carry_stored_scales(Graph& graph, const Node& node) {
  if (node.op != op_code::reshape && node.op != op_code::transpose) return;
  const Value& x = graph.value(node.inputs[0]);
  Value& y = graph.value(node.outputs[0]);
  if (x.type != Type::float32 || !x.quantization.quantized()) return;
  Quantization q = x.quantization;
  if (q.scales.size() > 1) {
    q.axis = node.op == op_code::transpose ? transposed_axis(node.attrs<TransposeAttrs>(), q.axis)
                                           : same_dimension(x.shape, q.axis, y.shape);
    if (q.axis < 0) return;
  }
  y.quantization = std::move(q);
}

std::optional<std::vector<int8_t>> stored_integers(const Value& value) {
  const Quantization& q = value.quantization;
  if (!has_stored_scales(value)) return std::nullopt;
  const size_t count = value.data->size() / sizeof(float), channels = q.scales.size();
  size_t inner = count;
  if (channels > 1) {
    if (q.axis < 0 || q.axis >= value.shape.rank) return std::nullopt;
    if (static_cast<size_t>(value.shape.dims[q.axis].max) != channels) return std::nullopt;
    inner = 1;
    for (int32_t i = q.axis + 1; i < value.shape.rank; ++i)
      inner *= static_cast<size_t>(value.shape.dims[i].max);
  }
  std::vector<int8_t> out(count);
  const auto* x = value.as<float>();
  for (size_t i = 0; i < count; ++i) {
    const size_t c = i / inner % channels;
    const auto z = static_cast<float>(q.zero_points[c]);
    const float stored = std::nearbyint(x[i] / q.scales[c]) + z;
    if (!(stored >= -128 && stored <= 127) || (stored - z) * q.scales[c] != x[i])
      return std::nullopt;
    out[i] = static_cast<int8_t>(stored);
  }
  return out;
}

}  // namespace mote::ir
