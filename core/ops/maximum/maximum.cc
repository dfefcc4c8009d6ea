// y = the larger of a and b with broadcasting; NaN wins (NUMERICS.md, 18.1).
#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

struct Maximum {
  template <class T>
  static T of(T a, T b) {
    return a > b || a != a ? a : b;
  }
};

Status check(const OpView& v) {
  return check_plain(v, kPlainFloat | kPlainIntegers | kPlainMovedBytes);
}

constexpr Kernel kKernels[] = {
#include "ops/maximum/kernels.inc"
};

}  // namespace

extern const Operator maximum_operator;
extern const Kernel maximum_f64;

const Operator maximum_operator = make_operator(op_code::maximum, "maximum", check, kKernels);
const Kernel maximum_f64 = make_plain_f64<Maximum>("maximum_f64_reference");

}  // namespace mote
