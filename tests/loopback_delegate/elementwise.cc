// add, activation and reshape (NUMERICS.md, 5, 7.2 and 10).
#include <cmath>

#include "operators.h"
#include "ops/activation/attributes.h"
#include "ops/binary_attributes.h"
#include "ops/fused_activation.h"
#include "ops/reshape/attributes.h"

namespace loopback {
namespace {

// Dimension `i` of `s` seen with `rank` dimensions.
int32_t dim(const Shape& s, int i, int rank) {
  int own = i - (rank - s.rank);
  return own < 0 ? 1 : s.dims[own];
}

bool add_shape(Call& call) {
  const Shape &a = call.in(0).shape, &b = call.in(1).shape;
  Shape s;
  s.rank = a.rank > b.rank ? a.rank : b.rank;
  for (int i = 0; i < s.rank; ++i) {
    int32_t m = dim(a, i, s.rank), n = dim(b, i, s.rank);
    if (m != n && m != 1 && n != 1) return false;
    s.dims[i] = m > n ? m : n;
  }
  call.output->shape = s;
  return true;
}

// Where the operand of an output place lies.
int64_t source(int64_t place, const Shape& out, const Shape& in) {
  int64_t index = 0, stride = 1;
  for (int i = out.rank - 1; i >= 0; --i) {
    int64_t at = place % out.dims[i];
    int32_t n = dim(in, i, out.rank);
    if (n != 1) index += at * stride;
    stride *= n;
    place /= out.dims[i];
  }
  return index;
}

// (5.3) to (5.5)
struct FixedPoint {
  int32_t ma, mb, shift;
};
FixedPoint fixed_point(const Call& call) {
  float out = call.output->info->scale();
  float ra = call.in(0).info->scale() / out, rb = call.in(1).info->scale() / out;
  int exponent = std::ilogb(ra > rb ? ra : rb), k = 20 - exponent;
  auto multiplier = [k](float r) {
    return static_cast<int32_t>(std::nearbyint(std::ldexp(static_cast<double>(r), k)));
  };
  return {multiplier(ra), multiplier(rb), k};
}

void add_run(const Call& call) {
  int32_t activation = static_cast<const BinaryAttrs*>(call.attributes)->activation;
  const Operand &a = call.in(0), &b = call.in(1), &y = *call.output;
  bool real = y.info->type == kFloat32;
  FixedPoint f = real ? FixedPoint{} : fixed_point(call);
  Range range = real ? Range{} : stored_range(activation, *y.info);
  for (int64_t i = 0; i < y.shape.elements(); ++i) {
    int64_t ia = source(i, y.shape, a.shape), ib = source(i, y.shape, b.shape);
    if (real) {
      y.as<float>()[i] = activate(activation, a.as<float>()[ia] + b.as<float>()[ib]);
      continue;
    }
    int32_t sum = (a.as<int8_t>()[ia] - a.info->zero_point()) * f.ma +
                  (b.as<int8_t>()[ib] - b.info->zero_point()) * f.mb + (1 << (f.shift - 1));
    int32_t v = (sum >> f.shift) + y.info->zero_point();
    y.as<int8_t>()[i] = static_cast<int8_t>(v < range.lo ? range.lo : v > range.hi ? range.hi : v);
  }
}

bool same_shape(Call& call) {
  call.output->shape = call.in(0).shape;
  return true;
}

float real_activation(int32_t kind, float x) {
  switch (kind) {
    case kMoteRelu:
      return activate(kMoteActivationRelu, x);
    case kMoteRelu6:
      return activate(kMoteActivationRelu6, x);
    case kMoteReluN1To1:
      return activate(kMoteActivationReluN1To1, x);
    case kMoteSigmoid:
      return 1 / (1 + std::exp(-x));
    default:
      return std::tanh(x);
  }
}

void activation_run(const Call& call) {
  int32_t kind = static_cast<const ActivationAttrs*>(call.attributes)->kind;
  const Operand &x = call.in(0), &y = *call.output;
  for (int64_t i = 0; i < y.shape.elements(); ++i) {
    if (y.info->type == kFloat32) {
      y.as<float>()[i] = real_activation(kind, x.as<float>()[i]);
    } else {
      y.as<int8_t>()[i] = call.in(1).as<int8_t>()[x.as<int8_t>()[i] + 128];
    }
  }
}

bool reshape_shape(Call& call) {
  const auto& a = *static_cast<const ReshapeAttrs*>(call.attributes);
  const Shape& x = call.in(0).shape;
  Shape s;
  s.rank = a.count;
  int open = -1;
  for (int i = 0; i < a.count; ++i) {
    if (a.shape[i] < 0) open = i;
    s.dims[i] = a.shape[i] == 0 ? x.dims[i] : a.shape[i] < 0 ? 1 : a.shape[i];
  }
  if (open >= 0) s.dims[open] = static_cast<int32_t>(x.elements() / s.elements());
  call.output->shape = s;
  return s.elements() == x.elements();
}

void reshape_run(const Call& call) {
  memcpy(
      call.output->data, call.in(0).data,
      static_cast<size_t>(call.output->shape.elements()) * element_bytes(call.output->info->type));
}

}  // namespace

const Operator kAdd = {"add", refuse_types, add_shape, add_run};
const Operator kActivation = {"activation", refuse_types, same_shape, activation_run};
const Operator kReshape = {"reshape", refuse_types, reshape_shape, reshape_run};

}  // namespace loopback
