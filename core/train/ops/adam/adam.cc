// Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019); NUMERICS.md, 15.5.
#include <cmath>

#include "ops/op_codes.h"
#include "train/ops/adam/steps.h"
#include "train/ops/optimizer.h"

namespace mote {
namespace {

enum : size_t { kParameter, kFirst, kSecond, kGradient, kRate, kStep, kHyper, kInputs };

Status check(const OpView& v) {
  const auto& a = v.attributes<OptimizerAttrs>();
  MOTE_TRY(check_attribute("nesterov", a.nesterov, 0, 0));
  MOTE_TRY(check_attribute("decoupled", a.decoupled, 0, 1));
  return check_optimizer(v, kStep);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds>) {
  MOTE_TRY(check_as_parameter(in, kGradient));
  MOTE_TRY(check_numbers(in[kRate], 1));
  MOTE_TRY(check_numbers(in[kStep], 1));
  return check_numbers(in[kHyper], 4);
}

int64_t work(const OpView& v) { return optimizer_work(v, 14); }

// (15.9): multiplications alone, since libraries' pow differs in the last bit.
double power(double base, int32_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result *= base;
    base *= base;
  }
  return result;
}

// (15.10)
template <class T>
AdamStep<T> make_step(const KernelCall& call) {
  const T* hyper = call.in(kHyper).as<T>();
  T rate = *call.in(kRate).as<T>(), decay = hyper[3];
  int32_t step = *call.in(kStep).as<int32_t>();
  if (step < 1) step = 1;
  bool decoupled = call.attributes<OptimizerAttrs>().decoupled != 0;
  double c1 = 1 - power(static_cast<double>(hyper[0]), step);
  double c2 = 1 - power(static_cast<double>(hyper[1]), step);
  AdamStep<T> s;
  s.beta1 = hyper[0];
  s.rest1 = T{1} - hyper[0];
  s.beta2 = hyper[1];
  s.rest2 = T{1} - hyper[1];
  s.epsilon = hyper[2];
  s.weight_decay = decoupled ? T{0} : decay;
  s.keep = decoupled ? T{1} - rate * decay : T{1};
  s.rate = static_cast<T>(static_cast<double>(rate) / c1);
  s.correction = static_cast<T>(std::sqrt(c2));
  return s;
}

// (15.11)
template <class T>
void adam_step(T* parameter, T* first, T* second, const T* gradient, int64_t n,
               const AdamStep<T>& s) {
  MOTE_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) {
    T p = parameter[i];
    T g = gradient[i] + s.weight_decay * p;
    T m = s.beta1 * first[i] + s.rest1 * g;
    T v = s.beta2 * second[i] + s.rest2 * (g * g);
    first[i] = m;
    second[i] = v;
    parameter[i] = s.keep * p - s.rate * m / (std::sqrt(v) / s.correction + s.epsilon);
  }
}

template <class T, void (*kStepOf)(T*, T*, T*, const T*, int64_t, const AdamStep<T>&)>
void adam_tile(const KernelCall& call, uint32_t tile, uint32_t) {
  AdamStep<T> step = make_step<T>(call);
  Range r = optimizer_tiling(call).range(tile);
  kStepOf(call.in(kParameter).as<T>() + r.begin, call.in(kFirst).as<T>() + r.begin,
          call.in(kSecond).as<T>() + r.begin, call.in(kGradient).as<T>() + r.begin, r.end - r.begin,
          step);
}

constexpr Kernel kKernels[] = {
#include "train/ops/adam/kernels.inc"
};

}  // namespace

extern const Operator adam_operator;
extern const Kernel adam_f64;

const Operator adam_operator = {
    .code = op_code::adam,
    .name = "adam",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Optimizer),
    .attributes_bytes = sizeof(OptimizerAttrs),
    .min_inputs = kInputs,
    .max_inputs = kInputs,
    .outputs = 0,
    .flags = kWritesState,
    .states = 3,
    .read = read_optimizer,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel adam_f64 = {.name = "adam_f64_reference",
                         .reference = true,
                         .accepts = is_f64,
                         .tiles = optimizer_tiles,
                         .run = adam_tile<double, adam_step<double>>};

}  // namespace mote
