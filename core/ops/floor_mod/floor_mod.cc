// y = the remainder of a / b with broadcasting (NUMERICS.md, 18.1).
#include <cmath>

#include "ops/binary.h"
#include "ops/floor_mod/attributes.h"

namespace mote {
namespace {

using namespace binary;

Status read_modulo(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Modulo*>(table);
  static_cast<ModuloAttrs*>(attrs)->truncate = in.truncate() ? 1 : 0;
  return {};
}

Status check(const OpView& v) {
  MOTE_TRY(check_attribute("truncate", v.attributes<ModuloAttrs>().truncate, 0, 1));
  MOTE_TRY(check_same_type(v, 0, 1));
  Type type = v.in(0).type;
  MOTE_TRY(check_output_type(v, type));
  if (type == Type::float32) return {};
  if (type != Type::int32 && type != Type::int64) return error(Code::operand_type, 0, 0);
  for (int i = 0; i < 3; ++i)
    if ((i < 2 ? v.in(static_cast<size_t>(i)) : v.out()).quantization.quantized())
      return error(Code::quantization_unexpected, 0, i);
  return {};
}

inline float truncated(float a, float b) { return std::fmod(a, b); }
inline double truncated(double a, double b) { return std::fmod(a, b); }
// 0 for a divisor of 0; the remainder by -1 would overflow on the way.
template <class T>
T truncated(T a, T b) {
  return b == 0 || b == -1 ? T(0) : static_cast<T>(a % b);
}

template <class T>
void modulo_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const bool floors = call.attributes<ModuloAttrs>().truncate == 0;
  for_rows<T>(call, tile, [=](auto... row) {
    apply_row<T>(row..., [=](T a, T b) {
      T r = truncated(a, b);
      return floors && r != 0 && (r < 0) != (b < 0) ? static_cast<T>(r + b) : r;
    });
  });
}

constexpr Kernel kKernels[] = {
#include "ops/floor_mod/kernels.inc"
};

}  // namespace

extern const Operator floor_mod_operator;
extern const Kernel floor_mod_f64;

const Operator floor_mod_operator = {
    .code = op_code::floor_mod,
    .name = "floor_mod",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Modulo),
    .attributes_bytes = sizeof(ModuloAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .in_place = 3,
    .read = read_modulo,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel floor_mod_f64 = {.name = "floor_mod_f64_reference",
                              .reference = true,
                              .accepts = is_f64,
                              .tiles = elementwise_tiles,
                              .run = modulo_reference<double>};

}  // namespace mote
