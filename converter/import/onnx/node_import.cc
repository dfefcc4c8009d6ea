#include "import/onnx/node_import.h"

#include <algorithm>
#include <cstring>

#include "import/onnx/graph_importer.h"
#include "ir/op_view.h"

namespace mote::onnx_import {

#define MOTE_ONNX_IMPORTER(name, function) void function(NodeImport&);
#include "import/onnx/importers.inc"
#undef MOTE_ONNX_IMPORTER

namespace {

constexpr Importer kImporters[] = {
#define MOTE_ONNX_IMPORTER(name, function) {#name, function},
#include "import/onnx/importers.inc"
#undef MOTE_ONNX_IMPORTER
};

using onnx::AttributeProto;

const char* attribute_type_text(int32_t type) {
  switch (type) {
    case AttributeProto::FLOAT:
      return "a float";
    case AttributeProto::INT:
      return "an integer";
    case AttributeProto::STRING:
      return "a string";
    case AttributeProto::TENSOR:
      return "a tensor";
    case AttributeProto::FLOATS:
      return "floats";
    case AttributeProto::INTS:
      return "integers";
    default:
      return "strings";
  }
}

// Elements of a constant as T; false for types without numbers of their own.
template <class T>
bool read_numbers(const ir::Value& v, std::vector<T>* out) {
  auto copy = [&](auto* elements) {
    out->assign(elements, elements + v.data->size() / sizeof *elements);
    return true;
  };
  switch (v.type) {
    case Type::float32:
      return copy(v.as<float>());
    case Type::int8:
      return copy(v.as<int8_t>());
    case Type::uint8:
    case Type::boolean:
      return copy(v.as<uint8_t>());
    case Type::int16:
      return copy(v.as<int16_t>());
    case Type::int32:
      return copy(v.as<int32_t>());
    case Type::int64:
      return copy(v.as<int64_t>());
    default:
      return false;
  }
}

}  // namespace

const Importer* find_importer(const std::string& name) {
  for (const Importer& i : kImporters)
    if (i.name == name) return &i;
  return nullptr;
}

NodeImport::NodeImport(GraphImporter& importer, const NodeSource& node, std::string where)
    : importer_(importer),
      node_(node),
      where_(std::move(where)),
      errors_before_(importer.source().errors()) {}

void NodeImport::error(const std::string& what, const std::string& remedy) {
  importer_.source().error(where_, what, remedy);
}

bool NodeImport::failed() const {
  return importer_.source().errors() != errors_before_ || importer_.builder().failed();
}

Builder& NodeImport::build() { return importer_.builder(); }

// ---- Operands ----

size_t NodeImport::input_count() const { return static_cast<size_t>(node_.proto.input_size()); }
size_t NodeImport::output_count() const { return static_cast<size_t>(node_.proto.output_size()); }

const std::string& NodeImport::input_name(size_t i) const {
  static const std::string kNothing;
  return i < input_count() ? node_.proto.input(static_cast<int>(i)) : kNothing;
}

bool NodeImport::is_empty(size_t i) const {
  if (input_name(i).empty()) return false;
  const Slot* slot = importer_.find(input_name(i));
  if (slot != nullptr && slot->state == Slot::State::initializer) {
    importer_.value(input_name(i), where_);
    slot = importer_.find(input_name(i));
  }
  return slot != nullptr && slot->state == Slot::State::empty;
}

bool NodeImport::has(size_t i) const {
  if (input_name(i).empty() || is_empty(i)) return false;
  const Slot* slot = importer_.find(input_name(i));
  return slot == nullptr || slot->state != Slot::State::absent;
}

bool NodeImport::has_output(size_t i) const {
  return i < output_count() && importer_.is_wanted(node_.proto.output(static_cast<int>(i)));
}

ir::ValueId NodeImport::input(size_t i) {
  if (is_empty(i)) {
    error("input " + std::to_string(i) + " has no elements", "sizes are at least 1");
    return ir::kNone;
  }
  if (!has(i)) {
    error("input " + std::to_string(i) + " is missing", "export the model again");
    return ir::kNone;
  }
  const uint32_t before = importer_.source().errors();
  ir::ValueId v = importer_.value(input_name(i), where_);
  // Silent where the writer failed; the importer must not go on.
  if (v == ir::kNone && importer_.source().errors() == before)
    error("input " + std::to_string(i) + " has no value, see above");
  return v == ir::kNone ? v : aligned(i, v);
}

// Before operator set 7 the second operand was aligned with the first by an attribute.
ir::ValueId NodeImport::aligned(size_t i, ir::ValueId v) {
  if (opset() >= 7 || i != 1 || !has_attr("broadcast") || !has_attr("axis")) return v;
  if (!node_.proto.domain().empty() || attr_int("broadcast", 0) == 0) return v;
  const int32_t whole = rank(input(0)), own = rank(v);
  const int32_t at = axis(attr_int("axis", 0), whole);
  std::vector<int32_t> ones;
  for (int32_t a = own; at >= 0 && a < whole - at; ++a) ones.push_back(a);
  return insert_ones(v, ones);
}

ir::ValueId NodeImport::optional_input(size_t i) { return has(i) ? input(i) : ir::kNone; }

// What is missing is a scalar, so that importers need not look for errors at every step.
const ir::Value& NodeImport::value(ir::ValueId v) const {
  static const ir::Value kMissing;
  return v == ir::kNone ? kMissing : importer_.graph().value(v);
}

bool NodeImport::is_constant(ir::ValueId v) const {
  return v != ir::kNone && value(v).kind == TensorKind::constant;
}

std::optional<std::vector<int64_t>> NodeImport::static_dims(size_t i) {
  if (is_empty(i)) return importer_.find(input_name(i))->empty.dims;
  ir::ValueId v = input(i);
  if (v == ir::kNone) return std::nullopt;
  std::vector<int64_t> dims;
  for (int d = 0; d < rank(v); ++d) {
    if (!shape(v).dims[d].is_static()) {
      error("the shape of input " + std::to_string(i) + " is dynamic: " + ir::shape_text(shape(v)),
            "give the model's inputs a static shape");
      return std::nullopt;
    }
    dims.push_back(shape(v).dims[d].max);
  }
  return dims;
}

std::optional<std::vector<int64_t>> NodeImport::constant_ints(size_t i) {
  if (is_empty(i)) return std::vector<int64_t>();
  ir::ValueId v = input(i);
  if (v == ir::kNone) return std::nullopt;
  std::vector<int64_t> out;
  if (type(v) == Type::float32 || type(v) == Type::boolean) {
    error("input " + std::to_string(i) + " '" + text_of(input_name(i)) +
          "' must be of an integer type");
    return std::nullopt;
  }
  if (is_constant(v) && read_numbers(value(v), &out)) return out;
  const auto* elements = importer_.shape_values().elements(v);
  for (size_t k = 0; elements != nullptr && k < elements->size(); ++k)
    if ((*elements)[k].is_number()) out.push_back((*elements)[k].number);
  if (elements != nullptr && out.size() == elements->size()) return out;
  error_unknown(i, v);
  return std::nullopt;
}

void NodeImport::error_unknown(size_t i, ir::ValueId v) {
  std::string what = "input " + std::to_string(i) + " '" + text_of(input_name(i)) + "' ";
  const auto* elements = importer_.shape_values().elements(v);
  for (size_t k = 0; elements != nullptr && k < elements->size(); ++k) {
    const ShapeValues::Element& e = (*elements)[k];
    if (e.kind != ShapeValues::Element::Kind::size) continue;
    ShapeValues::Place place = importer_.shape_values().place(e.symbol);
    return error(what + "depends on the dynamic dimension " + std::to_string(place.dimension) +
                     " of '" + value(place.value).name + "'",
                 "give the model's inputs static shapes");
  }
  error(what + "is computed at run; it must be known when the model is converted",
        "make it a constant, or fix the input that it depends on (--fix)");
}

std::optional<std::vector<double>> NodeImport::constant_reals(size_t i) {
  if (is_empty(i)) return std::vector<double>();
  ir::ValueId v = input(i);
  if (v == ir::kNone) return std::nullopt;
  std::vector<double> out;
  if (is_constant(v) && read_numbers(value(v), &out)) return out;
  error("input " + std::to_string(i) + " '" + text_of(input_name(i)) +
            "' is computed at run, or of a type without numbers; it must be known when the model "
            "is converted",
        "make it a constant, or fix the input that it depends on (--fix)");
  return std::nullopt;
}

std::optional<int64_t> NodeImport::constant_int(size_t i) {
  auto list = constant_ints(i);
  if (!list) return std::nullopt;
  if (list->size() == 1) return list->front();
  error("input " + std::to_string(i) + " has " + std::to_string(list->size()) +
        " elements, expected 1");
  return std::nullopt;
}

std::optional<std::vector<int32_t>> NodeImport::target_shape(size_t i, ir::ValueId x) {
  using Element = ShapeValues::Element;
  std::vector<Element> wanted;
  if (!is_empty(i)) {
    ir::ValueId v = input(i);
    if (v == ir::kNone) return std::nullopt;
    ShapeValues& values = importer_.shape_values();
    if (values.elements(v) == nullptr) {
      auto list = constant_ints(i);  // or the error
      if (!list) return std::nullopt;
      for (int64_t n : *list) wanted.push_back(Element::of(n));
    } else {
      wanted = *values.elements(v);
    }
  }
  if (wanted.size() > kMaxRank) {
    error("a shape of rank " + std::to_string(wanted.size()), "the limit is 8");
    return std::nullopt;
  }
  std::vector<int32_t> out;
  for (size_t d = 0; d < wanted.size(); ++d) {
    const Element& e = wanted[d];
    if (e.is_number() && (e.number < -1 || e.number > INT32_MAX)) {
      error("a size of " + std::to_string(e.number) + " in the shape");
      return std::nullopt;
    }
    const bool is_own = e.kind == Element::Kind::size && d < static_cast<size_t>(rank(x)) &&
                        importer_.shape_values().size(x, static_cast<int32_t>(d)) == e;
    out.push_back(e.is_number() ? static_cast<int32_t>(e.number) : is_own ? 0 : -1);
  }
  return out;
}

// ---- Attributes ----

int32_t NodeImport::opset() const { return node_.opset; }

bool NodeImport::has_attr(const char* name) const { return find_attribute(node_, name) != nullptr; }

const AttributeProto* NodeImport::attribute(const char* name, int32_t type) {
  const AttributeProto* a = find_attribute(node_, name);
  // Files of the first versions leave the type away.
  if (a == nullptr || !a->has_type() || a->type() == type) return a;
  error(std::string("attribute '") + name + "' is not " + attribute_type_text(type),
        "the file is damaged; export the model again");
  return nullptr;
}

int64_t NodeImport::attr_int(const char* name, int64_t fallback) {
  const AttributeProto* a = attribute(name, AttributeProto::INT);
  return a == nullptr ? fallback : a->i();
}
float NodeImport::attr_float(const char* name, float fallback) {
  const AttributeProto* a = attribute(name, AttributeProto::FLOAT);
  return a == nullptr ? fallback : a->f();
}
std::string NodeImport::attr_string(const char* name, const std::string& fallback) {
  const AttributeProto* a = attribute(name, AttributeProto::STRING);
  return a == nullptr ? fallback : a->s();
}
std::vector<int64_t> NodeImport::attr_ints(const char* name, const std::vector<int64_t>& fallback) {
  const AttributeProto* a = attribute(name, AttributeProto::INTS);
  return a == nullptr ? fallback : std::vector<int64_t>(a->ints().begin(), a->ints().end());
}
std::vector<float> NodeImport::attr_floats(const char* name, const std::vector<float>& fallback) {
  const AttributeProto* a = attribute(name, AttributeProto::FLOATS);
  return a == nullptr ? fallback : std::vector<float>(a->floats().begin(), a->floats().end());
}
std::vector<std::string> NodeImport::attr_strings(const char* name) {
  const AttributeProto* a = attribute(name, AttributeProto::STRINGS);
  if (a == nullptr) return {};
  return {a->strings().begin(), a->strings().end()};
}

ir::ValueId NodeImport::attr_tensor(const char* name) {
  const AttributeProto* a = attribute(name, AttributeProto::TENSOR);
  const std::string place = where_ + ", attribute '" + name + "'";
  if (a == nullptr || !a->has_t()) {
    importer_.source().error(place, "a tensor is missing", "export the model again");
    return ir::kNone;
  }
  std::optional<Tensor> tensor = importer_.source().read_tensor(a->t(), place);
  if (!tensor) return ir::kNone;
  if (!tensor->is_empty()) return importer_.constant(*tensor, where_ + "/" + name, place);
  importer_.source().error(place, "a tensor of no elements", "sizes are at least 1");
  return ir::kNone;
}

std::optional<Type> NodeImport::type_of(int64_t data_type) {
  return importer_.source().type_of(data_type, where_);
}

int32_t NodeImport::axis(int64_t axis, int32_t rank) {
  if (axis >= -int64_t{rank} && axis < rank)
    return static_cast<int32_t>(axis < 0 ? axis + rank : axis);
  error("axis " + std::to_string(axis) + " of a tensor of rank " + std::to_string(rank));
  return -1;
}

std::optional<std::vector<int32_t>> NodeImport::axes(size_t i, int32_t since_opset, int32_t rank) {
  std::vector<int64_t> given;
  if (opset() < since_opset) {
    given = attr_ints("axes");
  } else if (has(i)) {
    auto list = constant_ints(i);
    if (!list) return std::nullopt;
    given = *list;
  }
  if (failed()) return std::nullopt;
  std::vector<int32_t> out;
  for (int64_t a : given) {
    if (axis(a, rank) < 0) return std::nullopt;
    out.push_back(axis(a, rank));
  }
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) == out.end()) return out;
  error("an axis is given twice");
  return std::nullopt;
}

// ---- Results ----

void NodeImport::define(size_t output, ir::ValueId v) {
  if (v == ir::kNone || failed() || output >= output_count()) return;
  importer_.define(node_.proto.output(static_cast<int>(output)), Slot::of(v), where_);
}

void NodeImport::define_empty(size_t output, Type type, std::vector<int64_t> dims) {
  if (failed() || output >= output_count()) return;
  Slot slot;
  slot.state = Slot::State::empty;
  slot.empty.type = type;
  slot.empty.dims = std::move(dims);
  importer_.define(node_.proto.output(static_cast<int>(output)), std::move(slot), where_);
}

void NodeImport::define_as(size_t output, size_t i) {
  if (!is_empty(i)) return define(output, input(i));
  if (failed() || output >= output_count()) return;
  importer_.define(node_.proto.output(static_cast<int>(output)), *importer_.find(input_name(i)),
                   where_);
}

ir::ValueId NodeImport::slice_axis(ir::ValueId x, int32_t axis, int64_t begin, int64_t end,
                                   int64_t stride) {
  auto saturated = [](int64_t v) {
    return static_cast<int32_t>(std::clamp<int64_t>(v, INT32_MIN, INT32_MAX));
  };
  StridedSliceAttrs a{};
  a.count = axis + 1;
  for (int i = 0; i < axis; ++i) a.strides[i] = 1;
  a.begin_mask = a.end_mask = (1u << axis) - 1;
  a.begin[axis] = saturated(begin);
  a.end[axis] = saturated(end);
  a.strides[axis] = saturated(stride);
  return build().node(op_code::strided_slice, a, {x}, type(x));
}

ir::ValueId NodeImport::int_constant(const std::vector<int64_t>& elements,
                                     const std::vector<int32_t>& shape) {
  return build().constant(where_ + "/constant", Type::int64, shape, elements);
}

}  // namespace mote::onnx_import
