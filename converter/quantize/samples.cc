#include "quantize/samples.h"

#include <algorithm>
#include <cmath>

#include "ir/op_view.h"

namespace mote {
namespace {

// Enough to keep a processor busy; more only takes memory.
constexpr int32_t kBatch = 16;

template <class T>
void append_as(ir::Bytes& bytes, float v) {
  // Integer inputs hold indices, pixels or flags: whole numbers that float32 can say.
  T element = static_cast<T>(v);
  auto* p = reinterpret_cast<const uint8_t*>(&element);
  bytes.insert(bytes.end(), p, p + sizeof element);
}

// (8.1)
float stored(float real, const ir::Quantization& q) {
  return std::nearbyint(real * (1.0f / q.scales[0])) + static_cast<float>(q.zero_points[0]);
}

bool is_supported(Type type) {
  return type == Type::float32 || type == Type::int8 || type == Type::uint8 ||
         type == Type::boolean || type == Type::int32 || type == Type::int64;
}

}  // namespace

void Samples::append(ir::Bytes& bytes, const Input& input, float v) {
  if (input.quantization.quantized()) v = stored(v, input.quantization);
  switch (input.type) {
    case Type::float32:
      return append_as<float>(bytes, v);
    case Type::int8:
      return append_as<int8_t>(bytes, std::clamp(v, -128.0f, 127.0f));
    case Type::uint8:
    case Type::boolean:
      return append_as<uint8_t>(bytes, std::clamp(v, 0.0f, 255.0f));
    case Type::int32:
      return append_as<int32_t>(bytes, std::clamp(v, -0x1p30f, 0x1p30f));
    default:
      return append_as<int64_t>(bytes, std::clamp(v, -0x1p62f, 0x1p62f));
  }
}

Samples Samples::with_ports_of(const ir::Graph& graph) const {
  Samples same = *this;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const ir::Value& v = graph.value(graph.inputs[i].value);
    same.inputs_[i].type = v.type;
    same.inputs_[i].quantization = v.quantization;
  }
  return same;
}

bool Samples::add_input(const ir::Graph& graph, const ir::Port& port,
                        const std::vector<float>& values, Diagnostics& diagnostics) {
  const ir::Value& v = graph.value(port.value);
  Input input{v.type, v.shape.max(), v.shape.rank > 0 && !v.shape.dims[0].is_static(),
              0,      &values,       v.quantization};
  if (input.is_batched) input.shape.dims[0] = v.shape.dims[0].min;
  input.elements = input.shape.elements();
  std::string where = "calibration data of input '" + port.name + "'";
  if (!is_supported(v.type)) {
    diagnostics.add(where,
                    std::string("inputs of type ") + type_name(v.type) + " are not supported");
    return false;
  }
  if (values.empty() || values.size() % static_cast<size_t>(input.elements) != 0) {
    diagnostics.add(where, "expected a multiple of " + std::to_string(input.elements) +
                               " values, the elements of one sample of shape " +
                               ir::shape_text(v.shape) + "; found " +
                               std::to_string(values.size()));
    return false;
  }
  if (!std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); })) {
    diagnostics.add(where, "a value is NaN or infinite", "remove such samples from the data");
    return false;
  }
  inputs_.push_back(input);
  return true;
}

Samples::Samples(const ir::Graph& graph, const CalibrationData& data, size_t limit,
                 Diagnostics& diagnostics) {
  if (data.inputs.size() != graph.inputs.size()) {
    diagnostics.add("calibration data", "expected data for " + std::to_string(graph.inputs.size()) +
                                            " inputs, found data for " +
                                            std::to_string(data.inputs.size()));
    return;
  }
  int32_t batch = kBatch;
  for (size_t i = 0; i < data.inputs.size(); ++i) {
    if (!add_input(graph, graph.inputs[i], data.inputs[i], diagnostics)) return;
    Dim d = graph.value(graph.inputs[i].value).shape.dims[0];
    batch = inputs_.back().is_batched ? std::min(batch, d.max / d.min) : 1;
  }
  if (inputs_.empty()) return;
  auto samples_of = [](const Input& in) {
    return in.values->size() / static_cast<size_t>(in.elements);
  };
  size_t total = samples_of(inputs_[0]);
  for (const Input& in : inputs_) {
    if (samples_of(in) == total) continue;
    diagnostics.add("calibration data", "the inputs have " + std::to_string(total) + " and " +
                                            std::to_string(samples_of(in)) + " samples");
    return;
  }
  size_t count = std::min(total, std::max<size_t>(limit, 1));
  // Data sets are often sorted by class: the first samples alone would not do.
  for (size_t i = 0; i < count; ++i) chosen_.push_back(i * total / count);
  largest_batch_ = static_cast<size_t>(batch);
}

std::vector<Shape> Samples::shapes(size_t batch) const {
  std::vector<Shape> shapes;
  for (const Input& in : inputs_) {
    shapes.push_back(in.shape);
    if (in.is_batched) shapes.back().dims[0] *= static_cast<int32_t>(batch);
  }
  return shapes;
}

std::vector<ir::Bytes> Samples::inputs(size_t first, size_t batch) const {
  std::vector<ir::Bytes> all;
  for (const Input& in : inputs_) {
    ir::Bytes& bytes = all.emplace_back();
    auto n = static_cast<size_t>(in.elements);
    for (size_t s = first; s < first + batch; ++s)
      for (size_t i = 0; i < n; ++i) append(bytes, in, (*in.values)[chosen_[s] * n + i]);
  }
  return all;
}

}  // namespace mote
