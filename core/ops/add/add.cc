// y = a + b with broadcasting and a fused activation.
#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

constexpr Kernel kKernels[] = {
#include "ops/add/kernels.inc"
};

}  // namespace

extern const Operator add_operator;
extern const Kernel add_f64;

const Operator add_operator = make_operator(op_code::add, "add", check_add, kKernels);
const Kernel add_f64 = make_f64<Add>("add_f64_reference");

}  // namespace mote
