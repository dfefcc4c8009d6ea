// y = x in another type (NUMERICS.md, 8.4). Quantization of either side is ignored.
#include "base/half.h"
#include "ops/conversion.h"

namespace mote {
namespace {

// A byte that is written as 0 or 1.
struct Boolean {
  uint8_t byte;
};

// Float formats that are stored only.
struct Float16 {
  uint16_t bits;
};
struct Bfloat16 {
  uint16_t bits;
};

template <class T>
inline constexpr bool kIsReal = false;
template <>
inline constexpr bool kIsReal<float> = true;
template <>
inline constexpr bool kIsReal<double> = true;

constexpr bool castable(Type t) { return static_cast<uint8_t>(t) < kFileTypes; }

Status check(const OpView& v) {
  if (!castable(v.in(0).type)) return error(Code::operand_type, 0, 0);
  return castable(v.out().type) ? Status{} : error(Code::operand_type, 0, 1);
}

// Truncates toward zero and saturates; NaN gives 0. Both limits are powers of two, hence exact.
template <class To, class From>
To saturate(From x) {
  constexpr bool kSigned = static_cast<To>(-1) < To(0);
  constexpr int kBits = 8 * sizeof(To) - (kSigned ? 1 : 0);
  constexpr auto kMax = static_cast<To>(~uint64_t{0} >> (64 - kBits));
  constexpr auto kMin = static_cast<To>(kSigned ? -int64_t{kMax} - 1 : 0);
  constexpr From kLimit = static_cast<From>(uint64_t{1} << (kBits - 1)) * 2;
  if (!(x < kLimit)) return x == x ? kMax : To(0);
  return x > static_cast<From>(kMin) ? static_cast<To>(x) : kMin;
}

template <class To, class From>
To cast_one(From x) {
  if constexpr (__is_same(To, Boolean)) {
    return {static_cast<uint8_t>(x != 0 ? 1 : 0)};
  } else if constexpr (__is_same(To, Float16)) {
    return {to_float16(static_cast<float>(x))};
  } else if constexpr (__is_same(To, Bfloat16)) {
    return {to_bfloat16(static_cast<float>(x))};
  } else if constexpr (kIsReal<From> && !kIsReal<To>) {
    return saturate<To>(x);
  } else {
    return static_cast<To>(x);
  }
}

template <class To, class From>
void cast_loop(const From* x, void* y, int64_t n) {
  To* to = static_cast<To*>(y);
  MOTE_INDEPENDENT
  for (int64_t i = 0; i < n; ++i) to[i] = cast_one<To>(x[i]);
}

// `Real`: float, or double where the evaluator holds float32 so. From int32 and int64 the sign of
// the narrow target does not matter: the low bits are kept.
template <class Real, class From>
void cast_to(Type to, const From* x, void* y, int64_t n) {
  constexpr bool kNarrows = !kIsReal<From>;
  switch (to) {
    case Type::int8:
      return cast_loop<int8_t>(x, y, n);
    case Type::uint8:
      return kNarrows ? cast_loop<int8_t>(x, y, n) : cast_loop<uint8_t>(x, y, n);
    case Type::int16:
      return cast_loop<int16_t>(x, y, n);
    case Type::int32:
      return cast_loop<int32_t>(x, y, n);
    case Type::int64:
      return cast_loop<int64_t>(x, y, n);
    case Type::boolean:
      return cast_loop<Boolean>(x, y, n);
    case Type::float16:
      return cast_loop<Float16>(x, y, n);
    case Type::bfloat16:
      return cast_loop<Bfloat16>(x, y, n);
    default:
      return cast_loop<Real>(x, y, n);
  }
}

// Elements that widen to int32 or float do so in blocks, so that there are not as many loops as
// pairs.
constexpr int64_t kBlock = 256;

template <class Real, class Wide = int32_t, class From, class Read>
void widen_and_cast(Type to, const From* x, uint8_t* y, int64_t n, Read read) {
  Wide block[kBlock];
  for (int64_t i = 0; i < n; i += kBlock) {
    int64_t count = n - i < kBlock ? n - i : kBlock;
    for (int64_t k = 0; k < count; ++k) block[k] = read(x[i + k]);
    cast_to<Real>(to, block, y + i * static_cast<int64_t>(type_bytes(to)), count);
  }
}

template <class Real>
void cast_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  Range r = elementwise_range(call, tile);
  const int64_t n = r.end - r.begin;
  const Type from = call.in(0).type(), to = call.out().type();
  const uint8_t* x = call.in(0).as<uint8_t>() + r.begin * static_cast<int64_t>(type_bytes(from));
  uint8_t* y = call.out().as<uint8_t>() + r.begin * static_cast<int64_t>(type_bytes(to));
  auto widen = [](int32_t v) { return v; };
  switch (from) {
    case Type::int8:
      return widen_and_cast<Real>(to, reinterpret_cast<const int8_t*>(x), y, n, widen);
    case Type::uint8:
      return widen_and_cast<Real>(to, x, y, n, widen);
    case Type::boolean:
      return widen_and_cast<Real>(to, x, y, n, [](int32_t v) { return v != 0 ? 1 : 0; });
    case Type::int16:
      return widen_and_cast<Real>(to, reinterpret_cast<const int16_t*>(x), y, n, widen);
    case Type::float16:
      return widen_and_cast<Real, float>(to, reinterpret_cast<const uint16_t*>(x), y, n,
                                         from_float16);
    case Type::bfloat16:
      return widen_and_cast<Real, float>(to, reinterpret_cast<const uint16_t*>(x), y, n,
                                         from_bfloat16);
    case Type::int32:
      return cast_to<Real>(to, reinterpret_cast<const int32_t*>(x), y, n);
    case Type::int64:
      return cast_to<Real>(to, reinterpret_cast<const int64_t*>(x), y, n);
    default:
      return cast_to<Real>(to, reinterpret_cast<const Real*>(x), y, n);
  }
}

bool accepts(const OpView& v) { return castable(v.in(0).type) && castable(v.out().type); }

bool accepts_f64(const OpView& v) {
  return v.in(0).type == Type::float64 || v.out().type == Type::float64;
}

constexpr Kernel kKernels[] = {
#include "ops/cast/kernels.inc"
};

}  // namespace

extern const Operator cast_operator;
extern const Kernel cast_f64;

const Operator cast_operator = conversion::make_operator(op_code::cast, "cast", check, kKernels);

const Kernel cast_f64 = {.name = "cast_f64_reference",
                         .reference = true,
                         .accepts = accepts_f64,
                         .tiles = elementwise_tiles,
                         .run = cast_reference<double>};

}  // namespace mote
