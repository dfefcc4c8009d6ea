// Constant, ConstantOfShape, Range, EyeLike.
#include <cmath>

#include "base/checked.h"
#include "import/onnx/graph_importer.h"
#include "import/onnx/node_import.h"
#include "import/onnx/sizes.h"

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

// `count` elements from start, delta apart.
template <class T>
ir::ValueId range(NodeImport& c, double start, double delta, int64_t count, Type type) {
  std::vector<T> elements;
  for (int64_t i = 0; i < count; ++i) {
    // As ONNX's reference: start + i * delta in the operands' type.
    if constexpr (std::is_same_v<T, float>)
      elements.push_back(static_cast<float>(start) +
                         static_cast<float>(i) * static_cast<float>(delta));
    else
      elements.push_back(
          static_cast<T>(static_cast<int64_t>(start) + i * static_cast<int64_t>(delta)));
  }
  return c.build().constant(c.where() + "/range", type, {static_cast<int32_t>(count)}, elements);
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
  auto start = c.constant_reals(0), limit = c.constant_reals(1), delta = c.constant_reals(2);
  if (c.failed() || !start || !limit || !delta) return;
  if (start->size() != 1 || limit->size() != 1 || delta->size() != 1 || delta->front() == 0)
    return c.error("start, limit and delta are scalars, and delta is not 0");
  double steps = std::ceil((limit->front() - start->front()) / delta->front());
  if (!(steps <= static_cast<double>(kMaxMade)))
    return c.error("a range of " + std::to_string(steps) + " elements", "the limit is 1048576");
  Type type = c.type(first);
  if (!(steps >= 1)) return c.define_empty(0, type, {0});
  auto count = static_cast<int64_t>(steps);
  switch (type) {
    case Type::float32:
      return c.define(0, range<float>(c, start->front(), delta->front(), count, type));
    case Type::int16:
      return c.define(0, range<int16_t>(c, start->front(), delta->front(), count, type));
    case Type::int32:
      return c.define(0, range<int32_t>(c, start->front(), delta->front(), count, type));
    case Type::int64:
      return c.define(0, range<int64_t>(c, start->front(), delta->front(), count, type));
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
