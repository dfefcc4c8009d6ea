// y = a - b with broadcasting and a fused activation.
#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

constexpr Kernel kKernels[] = {
#include "ops/sub/kernels.inc"
};

}  // namespace

extern const Operator sub_operator;
extern const Kernel sub_f64;

const Operator sub_operator = make_operator(op_code::sub, "sub", check_add, kKernels);
const Kernel sub_f64 = make_f64<Sub>("sub_f64_reference");

}  // namespace mote
