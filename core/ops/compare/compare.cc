// y = a <kind> b with broadcasting; booleans (NUMERICS.md, 18.3).
#include "ops/binary.h"
#include "ops/compare/attributes.h"

namespace mote {
namespace {

using namespace binary;

Status read_kind(const void* table, void* attrs) {
  static_cast<CompareAttrs*>(attrs)->kind = static_cast<const file::Compare*>(table)->kind();
  return {};
}

Status check(const OpView& v) {
  int32_t kind = v.attributes<CompareAttrs>().kind;
  MOTE_TRY(check_attribute("kind", kind, kMoteEqual, kMoteGreaterEqual));
  MOTE_TRY(check_same_type(v, 0, 1));
  MOTE_TRY(check_output_type(v, Type::boolean));
  switch (v.in(0).type) {
    case Type::float32:
    case Type::int32:
    case Type::int64:
      return {};
    case Type::boolean:
      return kind <= kMoteNotEqual ? Status{} : error(Code::operand_type, 0, 0);
    case Type::int8:
      MOTE_TRY(check_per_tensor(v.in(0), 0));
      return check_per_tensor(v.in(1), 1);
    default:
      return error(Code::operand_type, 0, 0);
  }
}

// The six kinds are three with their operands exchanged or the result negated; NaN included.
struct Parts {
  int32_t kind;  // equal, less or less_equal
  bool exchange, negate;
};
Parts parts_of(int32_t kind) {
  switch (kind) {
    case kMoteNotEqual:
      return {kMoteEqual, false, true};
    case kMoteGreater:
      return {kMoteLess, true, false};
    case kMoteGreaterEqual:
      return {kMoteLessEqual, true, false};
    default:
      return {kind, false, false};
  }
}

// value(operand, stored): what is compared.
template <class T, class Value>
void compare_rows(const KernelCall& call, uint32_t tile, Value value) {
  const Parts p = parts_of(call.attributes<CompareAttrs>().kind);
  const T *a = call.in(0).as<T>(), *b = call.in(1).as<T>();
  uint8_t* y = call.out().as<uint8_t>();
  Broadcast s = make_broadcast(call.in(0).shape, call.in(1).shape, call.out().shape);
  Range range = elementwise_range(call, tile);
  for_each_row(s, range.begin, range.end, [&](const BroadcastRow& r) {
    auto each = [&](auto compare) {
      apply_row<T>(a + r.a, r.a_step, b + r.b, r.b_step, y + r.y, r.n, [&](T a_stored, T b_stored) {
        auto left = value(0, a_stored), right = value(1, b_stored);
        bool is = p.exchange ? compare(right, left) : compare(left, right);
        return static_cast<uint8_t>(is != p.negate);
      });
    };
    if (p.kind == kMoteEqual) return each([](auto l, auto r) { return l == r; });
    if (p.kind == kMoteLess) return each([](auto l, auto r) { return l < r; });
    each([](auto l, auto r) { return l <= r; });
  });
}

template <class T>
void compare_reference(const KernelCall& call, uint32_t tile, uint32_t) {
  compare_rows<T>(call, tile, [](int, T stored) { return stored; });
}

void compare_booleans(const KernelCall& call, uint32_t tile, uint32_t) {
  compare_rows<uint8_t>(call, tile, [](int, uint8_t stored) { return stored != 0; });
}

// (18.4): 9 bits times 24, exact in double.
void compare_quantized(const KernelCall& call, uint32_t tile, uint32_t) {
  const Quantization &a = call.view->in(0).quantization, &b = call.view->in(1).quantization;
  const int32_t zero[2] = {a.zero_point(), b.zero_point()};
  const double scale[2] = {static_cast<double>(a.scale()), static_cast<double>(b.scale())};
  compare_rows<int8_t>(call, tile,
                       [&](int i, int8_t stored) { return (stored - zero[i]) * scale[i]; });
}

bool is_boolean(const OpView& v) { return input_is(v, Type::boolean); }

constexpr Kernel kKernels[] = {
#include "ops/compare/kernels.inc"
};

}  // namespace

extern const Operator compare_operator;
extern const Kernel compare_f64;

const Operator compare_operator = {
    .code = op_code::compare,
    .name = "compare",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::Compare),
    .attributes_bytes = sizeof(CompareAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .in_place = 3,
    .read = read_kind,
    .check = check,
    .shape = shape,
    .kernels = kKernels,
};

const Kernel compare_f64 = {.name = "compare_f64_reference",
                            .reference = true,
                            .accepts = is_f64,
                            .tiles = elementwise_tiles,
                            .run = compare_reference<double>};

}  // namespace mote
