// Constant, ConstantOfShape, Range, EyeLike.
#include <cmath>
#include <type_traits>

#include "base/checked.h"
#include "import/onnx/graph_importer.h"
#include "import/onnx/node_import.h"
#include "import/onnx/sizes.h"
#include "import/series.h"

namespace mote::onnx_import {
namespace {

// Constants that a file asks for without holding them; larger ones are made at run.
constexpr int64_t kMaxMade = 1 << 20;

template <class T>
void define_list(NodeImport& c, const std::vector<T>& list, Type type) {
  if (c.failed()) return;
  if (list.empty()) return c.define_empty(0, type, {0});
  if (list.size() > INT32_MAX) return c.error("too many elements");
  c.define(
      0, c.build().constant(c.where() + "/value", type, {static_cast<int32_t>(list.size())}, list));
}

// `count` elements from start, delta apart; as ONNX's reference: start + i * delta in the operands'
// type.
template <class T, class Operand>
ir::ValueId range(NodeImport& c, Operand start, Operand delta, int64_t count, Type type) {
  std::vector<T> elements;
  for (int64_t i = 0; i < count; ++i) {
    if constexpr (std::is_same_v<T, float>)
      elements.push_back(static_cast<float>(start) +
                         static_cast<float>(i) * static_cast<float>(delta));
    else
      elements.push_back(static_cast<T>(series_element(start, delta, static_cast<uint64_t>(i))));
  }
  return c.build().constant(c.where() + "/range", type, {static_cast<int32_t>(count)}, elements);
}

struct RangeOperands {
  std::vector<double> reals[3];  // start, limit, delta
  std::vector<int64_t> ints[3];  // the same, of integers
};

bool read_range(NodeImport& c, bool is_real, RangeOperands* out) {
  for (size_t i = 0; i < 3; ++i) {
    auto reals = is_real ? c.constant_reals(i) : std::nullopt;
    auto ints = is_real ? std::nullopt : c.constant_ints(i);
    if (c.failed()) return false;
    if (reals) out->reals[i] = *reals;
    if (ints) out->ints[i] = *ints;
    if (out->reals[i].size() + out->ints[i].size() != 1) {
      c.error("start, limit and delta are scalars");
      return false;
    }
  }
  return true;
}

// The numbers below a dynamic size; false when it is another range.
bool define_counting(NodeImport& c) {
  auto start = size_elements(c, 0), limit = size_elements(c, 1), delta = size_elements(c, 2);
  if (!start || !limit || !delta || limit->size() != 1) return false;
  const Element end = limit->front();
  if (end.kind != Element::Kind::size || *start != std::vector{Element::of(0)} ||
      *delta != std::vector{Element::of(1)})
    return false;
  c.define(0, counting(c, end.symbol, c.type(c.input(1))));
  return true;
}

}  // namespace

void import_constant(NodeImport& c) {
  if (c.has_attr("value")) {
    const onnx::AttributeProto* a = find_attribute(c.node(), "value");
    std::optional<Tensor> tensor = c.importer().source().read_tensor(a->t(), c.where());
    if (tensor && tensor->is_empty()) return c.define_empty(0, tensor->type, tensor->dims);
    return c.define(0, c.attr_tensor("value"));
  }
  if (c.has_attr("value_float"))
    return c.define(0, c.build().constant(c.where() + "/value", Type::float32, {},
                                          std::vector<float>{c.attr_float("value_float", 0)}));
  if (c.has_attr("value_int")) return c.define(0, c.int_constant({c.attr_int("value_int", 0)}, {}));
  if (c.has_attr("value_floats"))
    return define_list(c, c.attr_floats("value_floats"), Type::float32);
  if (c.has_attr("value_ints")) return define_list(c, c.attr_ints("value_ints"), Type::int64);
  c.error("a constant of strings, stored sparsely, or without a value",
          "only dense tensors of numbers are supported");
}

void import_constant_of_shape(NodeImport& c) {
  ir::ValueId fill = c.has_attr("value") ? c.attr_tensor("value")
                                         : c.build().constant(c.where() + "/value", Type::float32,
                                                              {1}, std::vector<float>{0});
  if (c.failed() || fill == ir::kNone) return;
  if (c.shape(fill).max().elements() != 1) return c.error("the value has several elements");
  const Type type = c.type(fill);
  ir::ValueId scalar = c.build().node(op_code::reshape, ReshapeAttrs{}, {fill}, type);
  c.define_expanded(scalar, 0);
}

void import_range(NodeImport& c) {
  ir::ValueId first = c.input(0);
  if (define_counting(c)) return;
  if (c.failed()) return;
  const Type type = c.type(first);
  const bool is_real = type == Type::float32;
  RangeOperands o;
  if (!read_range(c, is_real, &o)) return;
  if (is_real ? o.reals[2][0] == 0 : o.ints[2][0] == 0) return c.error("delta is 0");
  double steps = is_real
                     ? std::ceil((o.reals[1][0] - o.reals[0][0]) / o.reals[2][0])
                     : static_cast<double>(series_length(o.ints[0][0], o.ints[1][0], o.ints[2][0]));
  if (!(steps <= static_cast<double>(kMaxMade)))
    return c.error("a range of too many elements", "the limit is 1048576");
  if (!(steps >= 1)) return c.define_empty(0, type, {0});
  auto count = static_cast<int64_t>(steps);
  switch (type) {
    case Type::float32:
      return c.define(0, range<float>(c, o.reals[0][0], o.reals[2][0], count, type));
    case Type::int16:
      return c.define(0, range<int16_t>(c, o.ints[0][0], o.ints[2][0], count, type));
    case Type::int32:
      return c.define(0, range<int32_t>(c, o.ints[0][0], o.ints[2][0], count, type));
    case Type::int64:
      return c.define(0, range<int64_t>(c, o.ints[0][0], o.ints[2][0], count, type));
    default:
      c.error(std::string("a range of type ") + type_name(type));
  }
}

void import_eye_like(NodeImport& c) {
  auto dims = c.static_dims(0);
  if (!dims || dims->size() != 2 || c.is_empty(0)) return c.error("the shape must be a matrix's");
  std::optional<Type> type = c.has_attr("dtype") ? c.type_of(c.attr_int("dtype", 1))
                                                 : std::optional<Type>(c.type(c.input(0)));
  int64_t k = c.attr_int("k", 0), rows = (*dims)[0], columns = (*dims)[1], count = 0;
  if (c.failed() || !type) return;
  if (!checked_mul(rows, columns, &count) || count > kMaxMade)
    return c.error("a matrix of too many elements", "the limit is 1048576");
  std::vector<float> elements(static_cast<size_t>(count), 0);
  for (int64_t r = 0; r < rows; ++r)
    if (k > -rows && k < columns && r + k >= 0 && r + k < columns)
      elements[static_cast<size_t>(r * columns + r + k)] = 1;
  ir::ValueId eye =
      c.build().constant(c.where() + "/eye", Type::float32,
                         {static_cast<int32_t>(rows), static_cast<int32_t>(columns)}, elements);
  c.define(0, *type == Type::float32 ? eye : c.build().node(op_code::cast, {eye}, *type));
}

}  // namespace mote::onnx_import
