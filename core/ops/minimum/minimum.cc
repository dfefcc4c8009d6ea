// y = the smaller of a and b with broadcasting; NaN wins (NUMERICS.md, 18.1).
#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

struct Minimum {
  template <class T>
  static T of(T a, T b) {
    return a < b || a != a ? a : b;
  }
};

Status check(const OpView& v) {
  return check_plain(v, kPlainFloat | kPlainIntegers | kPlainMovedBytes);
}

constexpr Kernel kKernels[] = {
#include "ops/minimum/kernels.inc"
};

}  // namespace

extern const Operator minimum_operator;
extern const Kernel minimum_f64;

const Operator minimum_operator = make_operator(op_code::minimum, "minimum", check, kKernels);
const Kernel minimum_f64 = make_plain_f64<Minimum>("minimum_f64_reference");

}  // namespace mote
