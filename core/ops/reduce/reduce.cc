// Reductions over axes (NUMERICS.md, 6.1 and 19.1).
#include "base/interval.h"
#include "base/requantize.h"
#include "kernels/reduce/sums.h"
#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/reduce/attributes.h"
#include "ops/reduce/fold.h"
#include "ops/reduce/split.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Reduce*>(table);
  auto& out = *static_cast<ReduceAttrs*>(attrs);
  out.kind = static_cast<int32_t>(in.kind());
  out.keep_dims = in.keep_dims() ? 1 : 0;
  out.requantize_scale = in.requantize_scale();
  return read_array("axes", in.axes(), out.axes, &out.axis_count);
}

Status check_attributes(const ReduceAttrs& a, int32_t rank) {
  MOTE_TRY(check_attribute("kind", a.kind, kMoteReduceSum, kMoteReduceAll));
  MOTE_TRY(check_attribute("keep_dims", a.keep_dims, 0, 1));
  if (a.axis_count < 1 || a.axis_count > rank)
    return error(Code::attribute_count, rank, a.axis_count, "axes");
  for (int i = 0; i < a.axis_count; ++i)
    MOTE_TRY(check_attribute("axes", a.axes[i], i == 0 ? 0 : a.axes[i - 1] + 1, rank - 1));
  float scale = a.requantize_scale;
  if (scale == 0 || (scale > 0 && scale < __builtin_huge_valf())) return {};
  return error(Code::attribute_range, 0, scale < 0 ? -1 : 1, "requantize_scale");
}

bool is_sum_or_mean(const OpView& v) { return v.attributes<ReduceAttrs>().kind <= kMoteReduceMean; }

Status check_unquantized(const OpView& v) {
  if (v.in(0).quantization.quantized()) return error(Code::quantization_unexpected, 0, 0);
  return v.out().quantization.quantized() ? error(Code::quantization_unexpected, 0, 1) : Status{};
}

// The kinds that integers have; an error names the nearest one.
Status check_integer_kind(int32_t kind) {
  switch (kind) {
    case kMoteReduceMean:
      return error(Code::attribute_range, kMoteReduceSum, kind, "kind");
    case kMoteReduceL2:
    case kMoteReduceLogSum:
      return error(Code::attribute_range, kMoteReduceL1, kind, "kind");
    case kMoteReduceLogSumExp:
      return error(Code::attribute_range, kMoteReduceSumSquare, kind, "kind");
    default:
      return check_attribute("kind", kind, kMoteReduceSum, kMoteReduceSumSquare);
  }
}

Status check(const OpView& v) {
  const auto& a = v.attributes<ReduceAttrs>();
  const TensorInfo& x = v.in(0);
  MOTE_TRY(check_attributes(a, x.bounds.rank));
  if (!is_sum_or_mean(v) && a.requantize_scale != 0)
    return error(Code::attribute_range, 0, 1, "requantize_scale");
  switch (x.type) {
    case Type::boolean:
      MOTE_TRY(check_attribute("kind", a.kind, kMoteReduceAny, kMoteReduceAll));
      MOTE_TRY(check_output_type(v, x.type));
      return check_unquantized(v);
    case Type::int32:
    case Type::int64:
      MOTE_TRY(check_integer_kind(a.kind));
      MOTE_TRY(check_output_type(v, x.type));
      return check_unquantized(v);
    case Type::int8:
      if (is_sum_or_mean(v)) return check_float_or_quantized(v);
      // Stored values are compared.
      MOTE_TRY(check_attribute("kind", a.kind, kMoteReduceMax, kMoteReduceMin));
      return check_movement(v);
    default:
      MOTE_TRY(check_attribute("kind", a.kind, kMoteReduceSum, kMoteReduceSumSquare));
      return check_float_or_quantized(v);
  }
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<ReduceAttrs>();
  int32_t last = a.axes[a.axis_count - 1];
  if (in[0].rank <= last) return error(Code::operand_rank, last + 1, in[0].rank);
  out[0].rank = 0;
  for (int i = 0; i < in[0].rank; ++i) {
    if (!is_reduced(a, i)) {
      out[0].dims[out[0].rank++] = in[0].dims[i];
    } else if (a.keep_dims != 0) {
      out[0].dims[out[0].rank++] = {};
    }
  }
  return {};
}

int64_t work(const OpView& v) { return v.in(0).max_bytes; }

ReduceLoops loops_of(const KernelCall& call) {
  return reduce_loops(call.attributes<ReduceAttrs>(), call.in(0).shape);
}

// Accumulators of a block of neighbouring outputs: 1 KiB, a few cache lines beside the rows.
constexpr int64_t kBlock = 256;

// Outputs of a tile. Where neighbours lie side by side in the input, a tile takes a block at least,
// so that each cache line is read once.
Tiling tiling(const KernelCall& call) {
  ReduceLoops loops = loops_of(call);
  int64_t bytes = loops.terms * static_cast<int64_t>(type_bytes(call.in(0).type()));
  bool neighbours = loops.reduced_stride != 1;
  if (neighbours && bytes > kTileBytes / kBlock) return {loops.outputs, 1, kBlock};
  return {loops.outputs, bytes};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// Calls term(element) for each term of an output.
template <class T, class Term>
void for_terms(const ReduceLoops& loops, const T* x, int64_t output, Term&& term) {
  loops.for_lines(loops.base(output), [&](int64_t offset) {
    for (int64_t i = 0; i < loops.reduced_size; ++i) term(x[offset + i * loops.reduced_stride]);
  });
}

bool is_mean(const KernelCall& call) {
  return call.attributes<ReduceAttrs>().kind == kMoteReduceMean;
}

// (6.1)
template <class T>
void real_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  ReduceLoops loops = loops_of(call);
  T n = is_mean(call) ? static_cast<T>(loops.terms) : T(1);
  Range r = tiling(call).range(tile);
  for (int64_t o = r.begin; o < r.end; ++o) {
    T sum = 0;
    for_terms(loops, call.in(0).as<T>(), o, [&](T v) { sum += v; });
    call.out().as<T>()[o] = sum / n;
  }
}

// (6.2), (19.1), (19.2), U the unsigned type.
template <class T, class U>
void integer_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  folding::fold_integer<T, U>(call.attributes<ReduceAttrs>().kind, loops_of(call),
                              tiling(call).range(tile), call.in(0).as<T>(), call.out().as<T>());
}

// Kinds of floats other than sum and mean.
template <class T>
void real_fold(const KernelCall& call, uint32_t tile, uint32_t) {
  folding::fold_real(call.attributes<ReduceAttrs>().kind, loops_of(call), tiling(call).range(tile),
                     call.in(0).as<T>(), call.out().as<T>());
}
void s8_fold(const KernelCall& call, uint32_t tile, uint32_t) {
  ReduceLoops loops = loops_of(call);
  Range r = tiling(call).range(tile);
  const int8_t* x = call.in(0).as<int8_t>();
  int8_t* y = call.out().as<int8_t>();
  if (call.attributes<ReduceAttrs>().kind == kMoteReduceMax)
    return folding::fold_max(loops, r, x, y);
  folding::fold_min(loops, r, x, y);
}
void boolean_fold(const KernelCall& call, uint32_t tile, uint32_t) {
  folding::fold_boolean(call.attributes<ReduceAttrs>().kind, loops_of(call),
                        tiling(call).range(tile), call.in(0).as<uint8_t>(),
                        call.out().as<uint8_t>());
}
void f64_reference(const KernelCall& call, uint32_t tile, uint32_t worker) {
  if (is_sum_or_mean(*call.view)) return real_reference<double>(call, tile, worker);
  real_fold<double>(call, tile, worker);
}

// (6.3) apart from what follows the current shape.
struct S8Params {
  float scale;  // requantize_scale, or s_in / s_out
  bool divide;  // the scale of a mean, still to be divided by n
  int32_t zero_in;
  RequantizeRange range;
};

Status prepare_s8(PrepareContext& ctx) {
  auto* p = ctx.allocate<S8Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(S8Params));
  const OpView& v = ctx.view;
  const auto& a = v.attributes<ReduceAttrs>();
  const Quantization &in = v.in(0).quantization, &out = v.out().quantization;
  bool implied = a.requantize_scale == 0;
  p->scale = implied ? in.scale() / out.scale() : a.requantize_scale;
  p->divide = implied && a.kind == kMoteReduceMean;
  p->zero_in = in.zero_point();
  p->range = requantize_range(-128, 127, out.zero_point());
  ctx.params = p;
  return {};
}

// Stores sums of stored values.
struct S8Finish {
  S8Params p;
  float scale;
  int64_t zeros;  // n times the zero point
  int8_t* y;

  S8Finish(const KernelCall& call, int64_t terms)
      : p(*static_cast<const S8Params*>(call.params)),
        scale(p.divide ? p.scale / static_cast<float>(terms) : p.scale),
        zeros(terms * p.zero_in),
        y(call.out().as<int8_t>()) {}
  void operator()(int64_t output, int64_t sum) const {
    y[output] = static_cast<int8_t>(requantize(sum - zeros, scale, p.range));
  }
};

void s8_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  ReduceLoops loops = loops_of(call);
  S8Finish finish(call, loops.terms);
  Range r = tiling(call).range(tile);
  for (int64_t o = r.begin; o < r.end; ++o) {
    int64_t sum = 0;
    for_terms(loops, call.in(0).as<int8_t>(), o, [&](int8_t v) { sum += v; });
    finish(o, sum);
  }
}

// Calls rows(x, rows, stride, n, acc) on accumulators for blocks of neighbouring outputs, or
// line(x, n) on contiguous terms; then finish(output, sum). Of all terms, or of a part of them.
template <class T, class Acc, class Rows, class Line, class Finish>
void for_sums(const KernelCall& call, uint32_t tile, const ReduceSplit& split, int64_t part,
              Rows rows, Line line, Finish&& finish) {
  ReduceLoops loops = loops_of(call);
  const T* x = call.in(0).as<T>();
  Range r = tiling(call).range(tile);
  bool lines = loops.reduced_stride == 1;
  for (int64_t o = r.begin; o < r.end;) {
    Acc acc[kBlock];
    int64_t n = lines ? 1 : loops.kept_size - o % loops.kept_size;
    n = n < r.end - o ? n : r.end - o;
    n = n < kBlock ? n : kBlock;
    for (int64_t i = 0; i < n; ++i) acc[i] = 0;
    split.for_lines(loops, part, loops.base(o), [&](int64_t offset, int64_t terms) {
      if (lines) {
        acc[0] += line(x + offset, terms);
      } else {
        rows(x + offset, terms, loops.reduced_stride, n, acc);
      }
    });
    for (int64_t i = 0; i < n; ++i) finish(o + i, acc[i]);
    o += n;
  }
}

// float32: partial sums of the parts, then their total.
Status prepare_f32(PrepareContext& ctx) {
  int64_t sums = ReduceSplit::most_sums(element_count(ctx.view.in(0).bounds).max,
                                        element_count(ctx.view.out().bounds).max);
  ctx.shared_scratch_bytes = static_cast<size_t>(sums) * sizeof(float);
  return {};
}

uint32_t part_tiles(const KernelCall& call) {
  auto parts = static_cast<uint32_t>(ReduceSplit(loops_of(call)).parts());
  return parts == 1 ? 1 : parts * tiles(call);
}
template <const SumKernels* kSums>
void f32_part_sums(const KernelCall& call, uint32_t tile, uint32_t) {
  ReduceLoops loops = loops_of(call);
  ReduceSplit split(loops);
  if (split.parts() == 1) return;
  uint32_t part = tile / tiles(call);
  float* sums = reinterpret_cast<float*>(call.shared_scratch) + part * loops.outputs;
  for_sums<float, float>(call, tile % tiles(call), split, part, kSums->rows_f32, kSums->f32,
                         [=](int64_t o, float sum) { sums[o] = sum; });
}

uint32_t total_tiles(const KernelCall& call) {
  return ReduceSplit(loops_of(call)).parts() == 1 ? tiles(call) : 1;
}
template <const SumKernels* kSums>
void f32_sums(const KernelCall& call, uint32_t tile, uint32_t) {
  ReduceLoops loops = loops_of(call);
  ReduceSplit split(loops);
  float* y = call.out().as<float>();
  const float n = is_mean(call) ? static_cast<float>(loops.terms) : 1.0f;
  if (split.parts() == 1)
    return for_sums<float, float>(call, tile, split, 0, kSums->rows_f32, kSums->f32,
                                  [=](int64_t o, float sum) { y[o] = sum / n; });
  const auto* sums = reinterpret_cast<const float*>(call.shared_scratch);
  for (int64_t o = 0; o < loops.outputs; ++o) {
    float sum = 0;
    for (int64_t part = 0; part < split.parts(); ++part) sum += sums[part * loops.outputs + o];
    y[o] = sum / n;
  }
}

template <const SumKernels* kSums>
void s8_sums(const KernelCall& call, uint32_t tile, uint32_t worker) {
  // An int32 holds the sum of this many int8.
  constexpr int64_t kMaxTerms = 1 << 23;
  int64_t terms = loops_of(call).terms;
  if (terms > kMaxTerms) return s8_reference(call, tile, worker);
  for_sums<int8_t, int32_t>(call, tile, ReduceSplit::whole(loops_of(call)), 0, kSums->rows_s8,
                            kSums->s8, S8Finish(call, terms));
}

template <Type kType>
bool is_type(const OpView& v) {
  return input_is(v, kType);
}

// Sums and means have rows of their own.
bool is_f32_sum(const OpView& v) { return is_f32(v) && is_sum_or_mean(v); }
bool is_s8_sum(const OpView& v) { return is_s8(v) && is_sum_or_mean(v); }
bool is_f32_fold(const OpView& v) { return is_f32(v) && !is_sum_or_mean(v); }
bool is_s8_fold(const OpView& v) { return is_s8(v) && !is_sum_or_mean(v); }

constexpr Kernel kKernels[] = {
#include "ops/reduce/kernels.inc"
};

}  // namespace

extern const Operator reduce_operator;
extern const Kernel reduce_f64;

const Operator reduce_operator = {
    .code = op_code::reduce,
    .name = "reduce",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Reduce),
    .attributes_bytes = sizeof(ReduceAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel reduce_f64 = {.name = "reduce_f64_reference",
                           .reference = true,
                           .accepts = is_f64,
                           .tiles = tiles,
                           .run = f64_reference};

}  // namespace mote
