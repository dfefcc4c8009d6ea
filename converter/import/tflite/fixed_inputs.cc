// Inputs that become constants (ConvertOptions::fixed_inputs).
#include <algorithm>
#include <cmath>
#include <cstring>

#include "import/tflite/graph_importer.h"
#include "ir/op_view.h"

namespace mote::tflite_import {
namespace {

template <class T>
void append(double v, ir::Bytes* bytes) {
  auto element = static_cast<T>(v);
  const auto* p = reinterpret_cast<const uint8_t*>(&element);
  bytes->insert(bytes->end(), p, p + sizeof element);
}

// False for types that cannot be given, and for numbers that the type does not hold.
bool append(Type type, double v, ir::Bytes* bytes) {
  auto is_integer = [&](double low, double high) {
    return v >= low && v <= high && std::nearbyint(v) == v;
  };
  switch (type) {
    case Type::float32:
      append<float>(v, bytes);
      return true;
    case Type::int32:
      if (is_integer(INT32_MIN, INT32_MAX)) append<int32_t>(v, bytes);
      return is_integer(INT32_MIN, INT32_MAX);
    case Type::int64:
      // Every integer up to 2^53 is a double.
      if (is_integer(-0x1p53, 0x1p53)) append<int64_t>(v, bytes);
      return is_integer(-0x1p53, 0x1p53);
    case Type::boolean:
      append<uint8_t>(v != 0, bytes);
      return true;
    default:
      return false;
  }
}

}  // namespace

bool GraphImporter::fix_input(uint32_t index, const std::string& port, ir::Value value,
                              const std::string& where) {
  const auto& fixed = source_.options().fixed_inputs;
  auto given = fixed.find(port);
  if (given == fixed.end()) given = fixed.find(tensor_name(index));
  if (given == fixed.end()) return false;
  const auto& inputs = *subgraph_.inputs();
  const auto at = std::find(inputs.begin(), inputs.end(), static_cast<int32_t>(index));
  source_.fixed_inputs[given->first] = {static_cast<size_t>(at - inputs.begin()), value.type,
                                        value.shape.max()};
  const std::string place = where + " '" + port + "'";
  const std::vector<double>& elements = given->second;
  slots_[index].unknown = true;  // unless it succeeds
  auto count = static_cast<size_t>(value.shape.max().elements());
  // A single element may fill this much.
  constexpr size_t kMaxFilled = 1 << 20;
  if (!value.shape.is_static() || (elements.size() != count && elements.size() != 1) ||
      count > std::max(kMaxFilled, elements.size())) {
    source_.error(place, "fixed to " + std::to_string(elements.size()) +
                             " elements; its shape is " + ir::shape_text(value.shape));
    return true;
  }
  ir::Bytes bytes;
  for (size_t i = 0; i < count; ++i) {
    if (append(value.type, elements[elements.size() == 1 ? 0 : i], &bytes)) continue;
    source_.error(place, std::string("an element that an input of type ") + type_name(value.type) +
                             " cannot be fixed to");
    return true;
  }
  value.kind = TensorKind::constant;
  value.data = std::make_shared<const ir::Bytes>(std::move(bytes));
  slots_[index].unknown = false;
  define(static_cast<int32_t>(index), graph_.add_value(std::move(value)));
  return true;
}

}  // namespace mote::tflite_import
