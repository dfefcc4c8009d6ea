// y = a * b with broadcasting and a fused activation.
#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

constexpr Kernel kKernels[] = {
#include "ops/mul/kernels.inc"
};

}  // namespace

extern const Operator mul_operator;
extern const Kernel mul_f64;

const Operator mul_operator = make_operator(op_code::mul, "mul", check_mul, kKernels);
const Kernel mul_f64 = make_f64<Mul>("mul_f64_reference");

}  // namespace mote
