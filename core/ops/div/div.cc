// y = a / b with broadcasting and a fused activation (NUMERICS.md, 18.1).
#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

struct Div {
  template <class T>
  static T of(T a, T b) {
    return a / b;
  }
};

// Toward zero; 0 for a divisor of 0. The negation of the smallest number wraps.
struct IntegerDiv {
  template <class T>
  static T of(T a, T b) {
    if (b == -1) return wrapping_negative(a);
    return b == 0 ? T(0) : static_cast<T>(a / b);
  }
};

constexpr Kernel kKernels[] = {
#include "ops/div/kernels.inc"
};

}  // namespace

extern const Operator div_operator;
extern const Kernel div_f64;

const Operator div_operator = make_operator(op_code::div, "div", check_div, kKernels);
const Kernel div_f64 = make_f64<Div>("div_f64_reference");

}  // namespace mote
