// The model's inputs: ports, or constants where the user fixes them.
#include <algorithm>

#include "base/checked.h"
#include "import/onnx/graph_importer.h"
#include "import/onnx/tensor_data.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

// The nearest element; whole numbers saturate.
template <class T>
void append(double x, ir::Bytes* bytes) {
  T element;
  if constexpr (std::is_same_v<T, float>) {
    element = static_cast<float>(x);
  } else {
    constexpr double kLimit = static_cast<double>(std::numeric_limits<T>::max());
    element = x >= kLimit ? std::numeric_limits<T>::max()
              : x > static_cast<double>(std::numeric_limits<T>::min())
                  ? static_cast<T>(x)
                  : std::numeric_limits<T>::min();
  }
  const auto* p = reinterpret_cast<const uint8_t*>(&element);
  bytes->insert(bytes->end(), p, p + sizeof element);
}

bool append(Type type, double x, ir::Bytes* bytes) {
  switch (type) {
    case Type::float32:
      append<float>(x, bytes);
      return true;
    case Type::int8:
      append<int8_t>(x, bytes);
      return true;
    case Type::uint8:
      append<uint8_t>(x, bytes);
      return true;
    case Type::int16:
      append<int16_t>(x, bytes);
      return true;
    case Type::int32:
      append<int32_t>(x, bytes);
      return true;
    case Type::int64:
      append<int64_t>(x, bytes);
      return true;
    case Type::boolean:
      bytes->push_back(x != 0 ? 1 : 0);
      return true;
    default:
      return false;
  }
}

bool is_valid(const Dim& d) { return d.min >= 1 && d.max >= d.min; }

}  // namespace

void GraphImporter::import_inputs(const onnx::GraphProto& graph) {
  // Up to IR version 3 initializers stand among the inputs too, as defaults.
  size_t place = 0;
  for (const onnx::ValueInfoProto& input : graph.input())
    if (find(input.name()) == nullptr) import_input(input, place++);
  report_open_dimensions();
}

void GraphImporter::import_input(const onnx::ValueInfoProto& input, size_t place) {
  const std::string name = text_of(input.name()), where = "input '" + name + "'";
  scope_->slots.emplace(input.name(), Slot());
  if (!input.type().has_tensor_type())
    return source_.error(where, "a sequence, map or optional; only tensors are supported",
                         "change the source model");
  std::optional<Type> type = source_.type_of(input.type().tensor_type().elem_type(), where);
  if (type && fix_empty(input, name, place, *type)) return;
  std::optional<ShapeBounds> shape = input_shape(input, name, where);
  if (!type || !shape) return;
  ir::Value v;
  v.name = builder_.unique_name(name);
  v.type = *type;
  v.shape = *shape;
  if (max_bytes_of(v.shape, v.type) < 0)
    return source_.error(where, "the shape " + ir::shape_text(v.shape) + " is too large");
  if (source_.options().fixed_inputs.count(name) != 0) {
    source_.fixed_inputs[name] = {place, v.type, v.shape.max()};
    fix_input(name, v, where);
    return;
  }
  ir::ValueId id = graph_.add_value(std::move(v));
  graph_.inputs.push_back({name, id});
  scope_->slots[input.name()] = Slot::of(id);
}

// True when the input has no elements: the user says so, and its sizes leave it open.
bool GraphImporter::fix_empty(const onnx::ValueInfoProto& input, const std::string& name,
                              size_t place, Type type) {
  const auto fixed = source_.options().fixed_inputs.find(name);
  if (fixed == source_.options().fixed_inputs.end() || !fixed->second.empty()) return false;
  const auto& dims = input.type().tensor_type().shape().dim();
  if (dims.size() > kMaxRank) return false;
  Slot slot;
  slot.state = Slot::State::empty;
  slot.empty.type = type;
  FixedInput found = {place, type, {}};
  bool is_empty = false;
  for (const auto& d : dims) {
    const int64_t size = std::clamp<int64_t>(d.dim_value(), 0, INT32_MAX);
    slot.empty.dims.push_back(size);
    found.shape.dims[found.shape.rank++] = static_cast<int32_t>(size);
    is_empty = is_empty || size == 0;
  }
  if (!is_empty) return false;
  source_.fixed_inputs[name] = found;
  scope_->slots[input.name()] = std::move(slot);
  return true;
}

// True when the input became a constant.
bool GraphImporter::fix_input(const std::string& name, const ir::Value& value,
                              const std::string& where) {
  const std::vector<double>& given = source_.options().fixed_inputs.at(name);
  auto count = static_cast<size_t>(value.shape.max().elements());
  // A single element may fill this much.
  constexpr size_t kMaxFilled = 1 << 20;
  if (!value.shape.is_static() || (given.size() != count && given.size() != 1) ||
      count > std::max(kMaxFilled, given.size())) {
    source_.error(where, "fixed to " + std::to_string(given.size()) + " elements; its shape is " +
                             ir::shape_text(value.shape));
    return false;
  }
  ir::Bytes bytes;
  for (size_t i = 0; i < count; ++i)
    if (!append(value.type, given[given.size() == 1 ? 0 : i], &bytes)) {
      source_.error(where,
                    std::string("an input of type ") + type_name(value.type) + " cannot be fixed");
      return false;
    }
  ir::Value constant = value;
  constant.kind = TensorKind::constant;
  constant.data = std::make_shared<const ir::Bytes>(std::move(bytes));
  scope_->slots[name] = Slot::of(graph_.add_value(std::move(constant)));
  return true;
}

std::optional<ShapeBounds> GraphImporter::input_shape(const onnx::ValueInfoProto& input,
                                                      const std::string& name,
                                                      const std::string& where) {
  const onnx::TypeProto::Tensor& declared = input.type().tensor_type();
  const int rank = declared.shape().dim_size();
  const ConvertOptions& options = source_.options();
  auto given = options.input_shapes.find(name);
  if (given != options.input_shapes.end()) {
    source_.shaped_inputs.insert(name);
    const ShapeBounds& s = given->second;
    if ((!declared.has_shape() || s.rank == rank) && std::all_of(s.dims, s.dims + s.rank, is_valid))
      return s;
    source_.error(where,
                  "the shape given is " + ir::shape_text(s) + "; the input has rank " +
                      std::to_string(rank) + " and sizes are at least 1",
                  "give one size or range per dimension");
    return std::nullopt;
  }
  if (!declared.has_shape() || rank > kMaxRank) {
    bool is_unknown = !declared.has_shape();
    source_.error(where, is_unknown ? "the rank is not known" : "the rank is more than 8",
                  is_unknown ? "give the shape, as in --shape " + name + "=1x3x224x224"
                             : "change the source model");
    return std::nullopt;
  }
  ShapeBounds shape;
  shape.rank = rank;
  bool is_open = false;
  for (int i = 0; i < rank; ++i) {
    const onnx::TensorShapeProto::Dimension& d = declared.shape().dim(i);
    if (d.dim_value() > INT32_MAX) {
      source_.error(where, "a size of " + std::to_string(d.dim_value()) + " is too large");
      return std::nullopt;
    }
    if (d.dim_value() > 0) {
      auto size = static_cast<int32_t>(d.dim_value());
      shape.dims[i] = {size, size};
      continue;
    }
    std::string dimension = text_of(d.dim_param());
    if (dimension.empty()) dimension = name + ".dim" + std::to_string(i);
    auto bounds = options.dimension_bounds.find(dimension);
    if (bounds != options.dimension_bounds.end() && is_valid(bounds->second)) {
      source_.bounded_dimensions.insert(dimension);
      shape.dims[i] = bounds->second;
      continue;
    }
    is_open = true;
    auto same = [&](const OpenDimension& o) { return o.name == dimension; };
    auto it = std::find_if(open_dimensions_.begin(), open_dimensions_.end(), same);
    if (it == open_dimensions_.end())
      it = open_dimensions_.insert(it, OpenDimension{dimension, {}});
    it->inputs.push_back(name);
  }
  if (is_open) return std::nullopt;
  return shape;
}

void GraphImporter::report_open_dimensions() {
  if (open_dimensions_.empty()) return;
  std::string text = "sizes of inputs are not known:";
  std::string remedy = "give bounds, as in";
  for (const OpenDimension& d : open_dimensions_) {
    text += (text.back() == ':' ? " '" : ", '") + d.name + "' of";
    for (const std::string& input : d.inputs) text += " " + input;
    remedy += " --bound " + d.name + "=1-8";
  }
  source_.error(
      "", text,
      remedy + ", or shapes, as in --shape " + open_dimensions_[0].inputs[0] + "=1x3x224x224");
}

}  // namespace mote::onnx_import
