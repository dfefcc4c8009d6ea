// y = a to the power of b with broadcasting (NUMERICS.md, 18.1).
#include <cmath>

#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

struct Power {
  template <class T>
  static T of(T a, T b) {
    return std::pow(a, b);
  }
};

// Modulo the type's size, U being its unsigned twin; a negative exponent truncates 1 / a^-b.
template <class U>
struct IntegerPower {
  template <class T>
  static T of(T a, T b) {
    if (b < 0) return a == 1 || (a == -1 && b % 2 == 0) ? T(1) : a == -1 ? T(-1) : T(0);
    U y = 1, square = static_cast<U>(a);
    for (U bits = static_cast<U>(b); bits != 0; bits >>= 1) {
      if ((bits & 1) != 0) y *= square;
      square *= square;
    }
    return static_cast<T>(y);
  }
};

Status check(const OpView& v) { return check_plain(v, kPlainFloat | kPlainIntegers); }

constexpr Kernel kKernels[] = {
#include "ops/pow/kernels.inc"
};

}  // namespace

extern const Operator pow_operator;
extern const Kernel pow_f64;

const Operator pow_operator = make_operator(op_code::pow, "pow", check, kKernels);
const Kernel pow_f64 = make_plain_f64<Power>("pow_f64_reference");

}  // namespace mote
