// y = a * b over the last two dimensions, either of them transposed; the leading dimensions are
// broadcast (NUMERICS.md, 4.1).
#include "mote_generated.h"
#include "ops/batch_matmul/batch.h"
#include "ops/batch_matmul/dots.h"
#include "ops/batch_matmul/integers.h"
#include "ops/check.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

using namespace batch_matmul;
using Attrs = BatchMatmulAttrs;

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::BatchMatmul*>(table);
  auto& out = *static_cast<Attrs*>(attrs);
  out.transpose_a = in.transpose_a();
  out.transpose_b = in.transpose_b();
  return {};
}

// int8: quantized per tensor; or with an exact int32 result, where only zero points count.
Status check_s8(const OpView& v) {
  if (v.out().type == Type::int8) {
    for (size_t i = 0; i < 2; ++i) MOTE_TRY(check_per_tensor(v.in(i), static_cast<int64_t>(i)));
    return check_per_tensor(v.out(), 2);
  }
  for (size_t i = 0; i < 2; ++i)
    if (v.in(i).quantization.scale_count > 1)
      return error(Code::per_channel_not_allowed, 0, static_cast<int64_t>(i));
  if (v.out().quantization.quantized()) return error(Code::quantization_unexpected, 0, 2);
  return check_output_type(v, Type::int32);
}

Status check_types(const OpView& v) {
  MOTE_TRY(check_same_type(v, 0, 1));
  Type type = v.in(0).type;
  if (type == Type::int8) return check_s8(v);
  if (type != Type::float32 && type != Type::int32 && type != Type::int64)
    return error(Code::operand_type, 0, 0);
  for (const TensorInfo* t : {v.inputs[0], v.inputs[1], v.outputs[0]})
    if (type != Type::float32 && t->quantization.quantized())
      return error(Code::quantization_unexpected, 0, 0);
  return check_output_type(v, type);
}

Status check(const OpView& v) {
  const auto& a = v.attributes<Attrs>();
  MOTE_TRY(check_attribute("transpose_a", a.transpose_a, 0, 1));
  MOTE_TRY(check_attribute("transpose_b", a.transpose_b, 0, 1));
  MOTE_TRY(check_types(v));
  for (size_t i = 0; i < 2; ++i)
    if (v.in(i).bounds.rank < 2) return error(Code::operand_rank, 2, v.in(i).bounds.rank);
  int64_t terms = matrix_dim(v.in(0).bounds, 1, a.transpose_a).max;
  return terms <= kMaxTerms ? Status{} : error(Code::operand_shape, kMaxTerms, terms);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& attrs = v.attributes<Attrs>();
  ShapeBounds a = in[0], b = in[1];
  Dim m = matrix_dim(a, 2, attrs.transpose_a), n = matrix_dim(b, 1, attrs.transpose_b);
  Dim a_terms = matrix_dim(a, 1, attrs.transpose_a), b_terms = matrix_dim(b, 2, attrs.transpose_b);
  if (a_terms.min > b_terms.max || b_terms.min > a_terms.max)
    return error(Code::shape_incompatible, a_terms.max, b_terms.max);
  a.rank -= 2;
  b.rank -= 2;
  MOTE_TRY(broadcast_shapes(a, b, &out[0]));
  out[0].dims[out[0].rank++] = m;
  out[0].dims[out[0].rank++] = n;
  return {};
}

int64_t work(const OpView& v) {
  return weighted_work(v, matrix_dim(v.in(0).bounds, 1, v.attributes<Attrs>().transpose_a).max);
}

struct Params {
  ProductPlan plan;
  bool merged;
};

bool is_merged(const OpView& v) {
  const ShapeBounds& b = v.in(1).bounds;
  for (int i = 0; i < b.rank - 2; ++i)
    if (b.dims[i].max != 1) return false;
  return v.attributes<Attrs>().transpose_a == 0;
}

template <auto& kKernel>
Status prepare(PrepareContext& ctx) {
  const OpView& v = ctx.view;
  const auto& attrs = v.attributes<Attrs>();
  auto* p = ctx.allocate<Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(Params));
  p->merged = is_merged(v);
  Batch largest =
      batch_of(attrs, p->merged, v.in(0).bounds.max(), v.in(1).bounds.max(), v.out().bounds.max());
  if (!make_product_plan(kKernel, attrs.transpose_a != 0, attrs.transpose_b != 0, largest.size,
                         &p->plan))
    return error(Code::out_of_memory, 0, v.in(1).max_bytes);
  ctx.params = p;
  ctx.shared_scratch_bytes = p->plan.shared_bytes;
  ctx.scratch_bytes = p->plan.scratch_bytes;
  return {};
}

const Params& params(const KernelCall& call) { return *static_cast<const Params*>(call.params); }

template <uint32_t (*kTiles)(const ProductPlan&, const ProductSize&)>
uint32_t tiles(const KernelCall& call) {
  return kTiles(params(call).plan, current(call, params(call).merged).size);
}

template <void (*kRun)(const ProductRun&, uint32_t)>
void run(const KernelCall& call, uint32_t tile, uint32_t worker) {
  Batch batch = current(call, params(call).merged);
  kRun({params(call).plan, batch.size, call.in(0).as<float>(), call.in(1).as<float>(),
        call.out().as<float>(), call.shared_scratch, call.scratch + worker * call.scratch_stride,
        Batch::a_matrix, Batch::b_matrix, &batch},
       tile);
}

template <class T>
void reference(const KernelCall& call, uint32_t tile, uint32_t) {
  Batch batch = current(call, false);
  const ProductSize& s = batch.size;
  const auto& attrs = call.attributes<Attrs>();
  bool ta = attrs.transpose_a != 0, tb = attrs.transpose_b != 0;
  PlaceRange range = place_range(s.batch * s.m, s.n * s.k, tile);
  for (int64_t row = range.begin; row < range.end; ++row) {
    const T* a = call.in(0).as<T>() + Batch::a_matrix(&batch, row / s.m) * s.m * s.k;
    const T* b = call.in(1).as<T>() + Batch::b_matrix(&batch, row / s.m) * s.k * s.n;
    int64_t i = row % s.m;
    for (int64_t j = 0; j < s.n; ++j) {
      T sum = 0;
      for (int64_t k = 0; k < s.k; ++k)
        sum += a[ta ? k * s.m + i : i * s.k + k] * b[tb ? j * s.k + k : k * s.n + j];
      call.out().as<T>()[row * s.n + j] = sum;
    }
  }
}

constexpr Kernel kKernels[] = {
#include "ops/batch_matmul/kernels.inc"
};

}  // namespace

extern const Operator batch_matmul_operator;
extern const Kernel batch_matmul_f64;

const Operator batch_matmul_operator = {
    .code = op_code::batch_matmul,
    .name = "batch_matmul",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::BatchMatmul),
    .attributes_bytes = sizeof(BatchMatmulAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel batch_matmul_f64 = {.name = "batch_matmul_f64_reference",
                                 .reference = true,
                                 .accepts = is_f64,
                                 .tiles = reference_tiles,
                                 .run = reference<double>};

}  // namespace mote
