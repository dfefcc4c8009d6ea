// y = the floor of a / b with broadcasting (NUMERICS.md, 18.1).
#include <cmath>

#include "ops/binary.h"

namespace mote {
namespace {

using namespace binary;

struct FloorDiv {
  template <class T>
  static T of(T a, T b) {
    return std::floor(a / b);
  }
};

// 0 for a divisor of 0.
struct IntegerFloorDiv {
  template <class T>
  static T of(T a, T b) {
    if (b == -1) return wrapping_negative(a);
    if (b == 0) return 0;
    bool down = a % b != 0 && (a < 0) != (b < 0);
    return static_cast<T>(a / b - (down ? 1 : 0));
  }
};

Status check(const OpView& v) { return check_plain(v, kPlainFloat | kPlainIntegers); }

constexpr Kernel kKernels[] = {
#include "ops/floor_div/kernels.inc"
};

}  // namespace

extern const Operator floor_div_operator;
extern const Kernel floor_div_f64;

const Operator floor_div_operator = make_operator(op_code::floor_div, "floor_div", check, kKernels);
const Kernel floor_div_f64 = make_plain_f64<FloorDiv>("floor_div_f64_reference");

}  // namespace mote
