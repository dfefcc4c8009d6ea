// Stochastic gradient descent with momentum and weight decay (NUMERICS.md, 15.4).
#include "ops/op_codes.h"
#include "train/ops/optimizer.h"
#include "train/ops/sgd/steps.h"

namespace mote {
namespace {

enum : size_t { kParameter, kVelocity, kGradient, kRate, kHyper, kInputs };

Status check(const OpView& v) {
  const auto& a = v.attributes<OptimizerAttrs>();
  MOTE_TRY(check_attribute("nesterov", a.nesterov, 0, 1));
  MOTE_TRY(check_attribute("decoupled", a.decoupled, 0, 0));
  return check_optimizer(v, kInputs);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds>) {
  MOTE_TRY(check_as_parameter(in, kGradient));
  MOTE_TRY(check_numbers(in[kRate], 1));
  return check_numbers(in[kHyper], 2);
}

int64_t work(const OpView& v) { return optimizer_work(v, 7); }

// (15.8)
template <class T>
void sgd_step(T* parameter, T* velocity, const T* gradient, int64_t n, const SgdStep<T>& s) {
  MOTE_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) {
    T p = parameter[i];
    T g = gradient[i] + s.weight_decay * p;
    T v = s.momentum * velocity[i] + g;
    T d = s.nesterov ? g + s.momentum * v : v;
    velocity[i] = v;
    parameter[i] = p - s.rate * d;
  }
}

template <class T, void (*kStep)(T*, T*, const T*, int64_t, const SgdStep<T>&)>
void sgd_tile(const KernelCall& call, uint32_t tile, uint32_t) {
  const T* hyper = call.in(kHyper).as<T>();
  SgdStep<T> step = {*call.in(kRate).as<T>(), hyper[0], hyper[1],
                     call.attributes<OptimizerAttrs>().nesterov != 0};
  Range r = optimizer_tiling(call).range(tile);
  kStep(call.in(kParameter).as<T>() + r.begin, call.in(kVelocity).as<T>() + r.begin,
        call.in(kGradient).as<T>() + r.begin, r.end - r.begin, step);
}

constexpr Kernel kKernels[] = {
#include "train/ops/sgd/kernels.inc"
};

}  // namespace

extern const Operator sgd_operator;
extern const Kernel sgd_f64;

const Operator sgd_operator = {
    .code = op_code::sgd,
    .name = "sgd",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Optimizer),
    .attributes_bytes = sizeof(OptimizerAttrs),
    .min_inputs = kInputs,
    .max_inputs = kInputs,
    .outputs = 0,
    .flags = kWritesState,
    .states = 2,
    .read = read_optimizer,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel sgd_f64 = {.name = "sgd_f64_reference",
                        .reference = true,
                        .accepts = is_f64,
                        .tiles = optimizer_tiles,
                        .run = sgd_tile<double, sgd_step<double>>};

}  // namespace mote
