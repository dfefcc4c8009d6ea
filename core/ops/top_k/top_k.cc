// The k largest or smallest elements along an axis with their indices (NUMERICS.md, 19.4).
#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/op_codes.h"
#include "ops/tiles.h"
#include "ops/top_k/attributes.h"

namespace mote {
namespace {

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::TopK*>(table);
  auto& out = *static_cast<TopKAttrs*>(attrs);
  out.axis = in.axis();
  out.k = in.k();
  out.smallest = in.smallest() ? 1 : 0;
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<TopKAttrs>();
  MOTE_TRY(check_axis(a.axis, v.in(0).bounds.rank));
  MOTE_TRY(check_attribute("k", a.k, 1, v.in(0).bounds.dims[a.axis].max));
  MOTE_TRY(check_attribute("smallest", a.smallest, 0, 1));
  switch (v.in(0).type) {
    case Type::float32:
    case Type::int8:
    case Type::uint8:
    case Type::int32:
    case Type::int64:
      break;
    default:
      return error(Code::operand_type, 0, 0);
  }
  MOTE_TRY(check_movement(v));
  if (v.out(1).type != Type::int32) return error(Code::operand_type, 0, 2);
  return v.out(1).quantization.quantized() ? error(Code::quantization_unexpected, 0, 2) : Status{};
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<TopKAttrs>();
  if (in[0].rank <= a.axis) return error(Code::operand_rank, a.axis + 1, in[0].rank);
  if (in[0].dims[a.axis].max < a.k) return error(Code::operand_shape, a.k, in[0].dims[a.axis].max);
  out[0] = in[0];
  out[0].dims[a.axis] = {a.k, a.k};
  out[1] = out[0];
  return {};
}

int64_t work(const OpView& v) { return v.in(0).max_bytes; }

int64_t inner_of(const KernelCall& call) {
  int64_t inner = 1;
  for (int i = call.attributes<TopKAttrs>().axis + 1; i < call.in(0).shape.rank; ++i)
    inner *= call.in(0).dim(i);
  return inner;
}

Tiling tiling(const KernelCall& call) {
  int64_t lines = call.out().elements() / call.attributes<TopKAttrs>().k;
  return {lines, call.in(0).bytes() / lines};
}
uint32_t tiles(const KernelCall& call) { return tiling(call).count(); }

// One line of x with a heap of indices in the memory of the result, whose root comes last in the
// order of (19.7).
template <class T>
struct Line {
  const T* x;
  int32_t* heap;
  int64_t stride;
  int32_t k;
  bool smallest;

  T value(int32_t index) const { return x[index * stride]; }
  int32_t& at(int32_t i) const { return heap[i * stride]; }
  bool above(T a, T b) const { return a > b || (a != a && b == b); }
  // Index a stands before index b.
  bool before(int32_t a, int32_t b) const {
    T u = value(a), v = value(b);
    if (above(u, v)) return !smallest;
    if (above(v, u)) return smallest;
    return a < b;
  }
  // Moves the element at `i` down in a heap of `size`.
  void sift(int32_t i, int32_t size) const {
    int32_t moved = at(i);
    while (i <= (size - 2) / 2 && size > 1) {
      int32_t child = 2 * i + 1;
      if (child + 1 < size && before(at(child), at(child + 1))) ++child;
      if (!before(moved, at(child))) break;
      at(i) = at(child);
      i = child;
    }
    at(i) = moved;
  }
  void select(int32_t n) const {
    for (int32_t i = 0; i < k; ++i) at(i) = i;
    for (int32_t i = k / 2 - 1; i >= 0; --i) sift(i, k);
    for (int32_t i = k; i < n; ++i) {
      if (!before(i, at(0))) continue;
      at(0) = i;
      sift(0, k);
    }
    for (int32_t size = k - 1; size > 0; --size) {
      int32_t last = at(size);
      at(size) = at(0);
      at(0) = last;
      sift(0, size);
    }
  }
};

template <class T>
void run(const KernelCall& call, uint32_t tile, uint32_t) {
  const auto& a = call.attributes<TopKAttrs>();
  int64_t inner = inner_of(call);
  int32_t n = call.in(0).dim(a.axis);
  Range r = tiling(call).range(tile);
  for (int64_t i = r.begin; i < r.end; ++i) {
    int64_t outer = i / inner, column = i % inner, first = outer * a.k * inner + column;
    Line<T> line = {call.in(0).as<T>() + outer * n * inner + column,
                    call.out(1).as<int32_t>() + first, inner, a.k, a.smallest != 0};
    line.select(n);
    T* values = call.out(0).as<T>() + first;
    for (int32_t j = 0; j < a.k; ++j) values[j * inner] = line.value(line.at(j));
  }
}

template <Type kType>
bool is_type(const OpView& v) {
  return input_is(v, kType);
}

constexpr Kernel kKernels[] = {
#include "ops/top_k/kernels.inc"
};

}  // namespace

extern const Operator top_k_operator;
extern const Kernel top_k_f64;

const Operator top_k_operator = {
    .code = op_code::top_k,
    .name = "top_k",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::TopK),
    .attributes_bytes = sizeof(TopKAttrs),
    .outputs = 2,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel top_k_f64 = {.name = "top_k_f64_reference",
                          .reference = true,
                          .accepts = is_f64,
                          .tiles = tiles,
                          .run = run<double>};

}  // namespace mote
