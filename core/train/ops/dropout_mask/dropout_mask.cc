// Zeros with a given probability, else the factor that keeps the mean (NUMERICS.md, 15.6). A
// function of shape, seed, step and stream alone.
#include "mote_generated.h"
#include "ops/check.h"
#include "ops/elementwise.h"
#include "ops/op_codes.h"
#include "train/ops/dropout_mask/attributes.h"
#include "train/ops/dropout_mask/philox.h"

namespace mote {
namespace {

constexpr int64_t kBlock = 4;  // words of one draw
static_assert(kElementwiseTile % kBlock == 0);

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::DropoutMask*>(table);
  auto& out = *static_cast<DropoutMaskAttrs*>(attrs);
  out.rate = in.rate();
  out.stream = in.stream();
  return {};
}

Status check_integers(const OpView& v, size_t i) {
  auto operand = static_cast<int64_t>(i);
  if (v.in(i).type != Type::int32) return error(Code::operand_type, 0, operand);
  if (v.in(i).quantization.quantized()) return error(Code::quantization_unexpected, 0, operand);
  return check_rank(v.in(i), 1);
}

Status check(const OpView& v) {
  float rate = v.attributes<DropoutMaskAttrs>().rate;
  if (!(rate >= 0 && rate < 1)) return error(Code::attribute_range, 0, rate >= 1 ? 1 : -1, "rate");
  if (v.in(0).type != Type::float32) return error(Code::operand_type, 0, 0);
  if (v.in(0).quantization.quantized()) return error(Code::quantization_unexpected, 0, 0);
  if (v.out().quantization.quantized()) return error(Code::quantization_unexpected, 0, 3);
  MOTE_TRY(check_output_type(v, Type::float32));
  MOTE_TRY(check_integers(v, 1));
  return check_integers(v, 2);
}

Status shape(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  for (size_t i = 1; i < 3; ++i) {
    int32_t count = i == 1 ? 2 : 1;
    if (in[i].rank != 1) return error(Code::operand_rank, 1, in[i].rank);
    const Dim& d = in[i].dims[0];
    if (d.max != count) return error(Code::operand_shape, count, d.max);
    if (d.min != count) return error(Code::operand_shape, count, d.min);
  }
  out[0] = in[0];
  return {};
}

template <class T>
void dropout_mask_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<DropoutMaskAttrs>();
  const auto *seed = call.in(1).as<uint32_t>(), *step = call.in(2).as<uint32_t>();
  // (15.13): exact, since a scaling by a power of two; below 2^32, since rate < 1.
  auto threshold = static_cast<uint32_t>(a.rate * 0x1p32f);
  T kept = T{1} / (T{1} - static_cast<T>(a.rate));
  T* y = call.out().as<T>();
  Range r = elementwise_range(call, tile);
  for (int64_t i = r.begin; i < r.end; i += kBlock) {
    auto block = static_cast<uint64_t>(i / kBlock);
    PhiloxBlock draw = philox(
        {{static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), *step, a.stream}},
        {{seed[0], seed[1]}});
    for (int64_t k = 0; k < kBlock && i + k < r.end; ++k)
      y[i + k] = draw.words[k] < threshold ? T{0} : kept;
  }
}

constexpr Kernel kKernels[] = {
#include "train/ops/dropout_mask/kernels.inc"
};

}  // namespace

extern const Operator dropout_mask_operator;
extern const Kernel dropout_mask_f64;

const Operator dropout_mask_operator = {
    .code = op_code::dropout_mask,
    .name = "dropout_mask",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::DropoutMask),
    .attributes_bytes = sizeof(DropoutMaskAttrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .shape_inputs = 1,
    .read = read,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel dropout_mask_f64 = {.name = "dropout_mask_f64_reference",
                                 .reference = true,
                                 .accepts = is_f64,
                                 .tiles = elementwise_tiles,
                                 .run = dropout_mask_reference<double>};

}  // namespace mote
