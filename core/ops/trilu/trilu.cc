// One triangle of each matrix, zeros elsewhere (NUMERICS.md, 19.6).
#include <cstring>

#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"
#include "ops/trilu/attributes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Trilu*>(table);
  auto& out = *static_cast<TriluAttrs*>(attrs);
  out.upper = in.upper() ? 1 : 0;
  out.diagonal = in.diagonal();
  return {};
}

Status check(const OpView& v) {
  MOTE_TRY(check_attribute("upper", v.attributes<TriluAttrs>().upper, 0, 1));
  if (v.in(0).bounds.rank < 2) return error(Code::operand_rank, 2, v.in(0).bounds.rank);
  // A zero byte must stand for 0.
  if (v.in(0).quantization.quantized()) return error(Code::quantization_unexpected, 0, 0);
  return check_movement(v);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  out[0] = in[0];
  return {};
}

int64_t row_size(const Tensor& x) { return x.dim(x.shape.rank - 1); }

Tiling tiling(const KernelCall& call) {
  const Tensor& x = call.in(0);
  return {x.elements() / row_size(x), row_size(x) * element_bytes(x)};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

int64_t clamped(int64_t v, int64_t most) { return v < 0 ? 0 : v > most ? most : v; }

void run(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<TriluAttrs>();
  const Tensor& x = call.in(0);
  int64_t n = row_size(x), bytes = element_bytes(x), rows = x.dim(x.shape.rank - 2);
  Range r = tiling(call).range(tile);
  for (int64_t row = r.begin; row < r.end; ++row) {
    const uint8_t* from = x.as<uint8_t>() + row * n * bytes;
    uint8_t* to = call.out().as<uint8_t>() + row * n * bytes;
    int64_t i = row % rows;
    int64_t begin = a.upper != 0 ? clamped(i + a.diagonal, n) : 0;
    int64_t end = a.upper != 0 ? n : clamped(i + a.diagonal + 1, n);
    memset(to, 0, static_cast<size_t>(begin * bytes));
    memcpy(to + begin * bytes, from + begin * bytes, static_cast<size_t>((end - begin) * bytes));
    memset(to + end * bytes, 0, static_cast<size_t>((n - end) * bytes));
  }
}

constexpr Kernel kKernels[] = {
#include "ops/trilu/kernels.inc"
};

}  // namespace

extern const Operator trilu_operator;
extern const Kernel trilu_f64;

const Operator trilu_operator = {
    .code = op_code::trilu,
    .name = "trilu",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Trilu),
    .attributes_bytes = sizeof(TriluAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel trilu_f64 = {.name = "trilu_f64_reference",
                          .reference = true,
                          .accepts = any_type,
                          .tiles = tiles,
                          .run = run};

}  // namespace mote
