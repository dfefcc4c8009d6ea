// Tensors of a subgraph as values: types, shapes, quantization, constant data.
#include <cmath>
#include <cstring>

#include "base/checked.h"
#include "import/tflite/graph_importer.h"
#include "import/tflite/sparse.h"
#include "ir/op_view.h"

namespace mote::tflite_import {
namespace {

const char* type_text(tfl::TensorType type) {
  const char* name = tfl::EnumNameTensorType(type);
  return *name == '\0' ? "unknown" : name;
}

std::optional<Type> type_of(tfl::TensorType type) {
  switch (type) {
    case tfl::TensorType::FLOAT32:
      return Type::float32;
    case tfl::TensorType::FLOAT16:
      return Type::float16;
    case tfl::TensorType::BFLOAT16:
      return Type::bfloat16;
    case tfl::TensorType::INT8:
      return Type::int8;
    case tfl::TensorType::UINT8:
      return Type::uint8;
    case tfl::TensorType::INT16:
      return Type::int16;
    case tfl::TensorType::INT32:
      return Type::int32;
    case tfl::TensorType::INT64:
      return Type::int64;
    case tfl::TensorType::BOOL:
      return Type::boolean;
    default:
      return std::nullopt;
  }
}

// Limits of scales (NUMERICS.md, 1.4).
constexpr float kSmallestScale = 0x1p-100f, kLargestScale = 0x1p100f;

bool is_quantized_type(Type t) { return t == Type::int8 || t == Type::uint8 || t == Type::int16; }

// False when a size is not positive or does not fit.
bool read_shape(const tfl::Tensor& t, ShapeBounds* shape) {
  uint32_t rank = size_of(t.shape());
  if (rank > kMaxRank) return false;
  shape->rank = static_cast<int32_t>(rank);
  for (uint32_t i = 0; i < rank; ++i) {
    int32_t n = t.shape()->Get(i);
    if (n < 1) return false;
    shape->dims[i] = {n, n};
  }
  return true;
}

std::string declared_text(const tfl::Tensor& t) {
  std::string text = "[";
  for (uint32_t i = 0; i < size_of(t.shape()) && i <= kMaxRank; ++i)
    text += (i > 0 ? ", " : "") + std::to_string(t.shape()->Get(i));
  return text + "]";
}

}  // namespace

bool GraphImporter::is_shifted(int32_t index) const {
  const tfl::Tensor& t = tensor(static_cast<uint32_t>(index));
  return t.type() == tfl::TensorType::UINT8 && t.quantization() != nullptr &&
         size_of(t.quantization()->scale()) != 0;
}

bool GraphImporter::read_quantization(const tfl::Tensor& t, ir::Value* value,
                                      const std::string& where) {
  const tfl::QuantizationParameters* q = t.quantization();
  // Scales of biases follow from the operands; floats carry ranges of the training at most.
  if (q == nullptr || !is_quantized_type(value->type)) return true;
  auto fail = [&](const std::string& what) {
    source_.error(where, what, "export the model again");
    return false;
  };
  if (q->details_type() != tfl::QuantizationDetails::NONE)
    return fail("the tensor's quantization is block-wise or custom; only affine is supported");
  uint32_t scales = size_of(q->scale()), zero_points = size_of(q->zero_point());
  if (scales == 0) return true;
  if (!source_.visit(uint64_t{scales} + zero_points)) return false;
  if (zero_points > 1 && zero_points != scales)
    return fail(std::to_string(scales) + " scales and " + std::to_string(zero_points) +
                " zero points; expected as many");
  // The axis of a single scale says nothing, and some files hold nonsense there.
  if (scales > 1) {
    int32_t axis = q->quantized_dimension();
    if (axis < 0 || axis >= value->shape.rank ||
        static_cast<uint32_t>(value->shape.dims[axis].max) != scales)
      return fail(std::to_string(scales) + " scales along axis " + std::to_string(axis) +
                  " do not fit the shape " + ir::shape_text(value->shape));
    value->quantization.axis = axis;
  }
  int64_t lo = value->type == Type::int8 ? -128 : value->type == Type::uint8 ? 0 : INT16_MIN;
  int64_t hi = value->type == Type::int8 ? 127 : value->type == Type::uint8 ? 255 : INT16_MAX;
  for (uint32_t i = 0; i < scales; ++i) {
    float s = q->scale()->Get(i);
    // Copied: the verifier looks at the alignment of a vector's length only.
    int64_t z = 0;
    if (zero_points != 0) {
      memcpy(&z, q->zero_point()->Data() + (zero_points == 1 ? 0 : i) * sizeof z, sizeof z);
    }
    // All-zero channels of weights have scale 0: any small one gives the same results.
    if (s >= 0 && s < kSmallestScale && scales > 1) s = kSmallestScale;
    if (!(s >= kSmallestScale && s <= kLargestScale))
      return fail("scale " + std::to_string(i) + " is zero, negative, too large or not a number");
    if (z < lo || z > hi)
      return fail("zero point " + std::to_string(z) + " is outside [" + std::to_string(lo) + ", " +
                  std::to_string(hi) + "]");
    value->quantization.scales.push_back(s);
    value->quantization.zero_points.push_back(static_cast<int32_t>(z));
  }
  return true;
}

std::optional<ir::Value> GraphImporter::describe(uint32_t index, const std::string& where) {
  const tfl::Tensor& t = tensor(index);
  std::string place = where + ", tensor '" + tensor_name(index) + "'";
  std::optional<Type> type = type_of(t.type());
  if (!type) {
    source_.error(place, std::string("element type ") + type_text(t.type()) + " is not supported",
                  "export the model with float32 or int8 tensors");
    return std::nullopt;
  }
  if (size_of(t.shape()) > kMaxRank) {
    source_.error(place, "rank " + std::to_string(size_of(t.shape())) + "; the limit is 8",
                  "reshape the tensor in the source model");
    return std::nullopt;
  }
  ir::Value value;
  value.name = tensor_name(index);
  value.type = *type;
  if (!read_shape(t, &value.shape)) value.shape = {};
  if (!read_quantization(t, &value, place)) return std::nullopt;
  if (value.type == Type::uint8 && value.quantization.quantized()) {
    value.type = Type::int8;
    for (int32_t& z : value.quantization.zero_points) z -= 128;
  }
  return value;
}

bool GraphImporter::has_static_shape(uint32_t index) const {
  ShapeBounds unused;
  return read_shape(tensor(index), &unused);
}

bool GraphImporter::constant_data(uint32_t index, Span<const uint8_t>* data) {
  // Buffer 0 is empty by convention, so that it serves tensors without data.
  return source_.buffer(tensor(index).buffer(), data) && data->size != 0;
}

std::shared_ptr<const ir::Bytes> GraphImporter::dense_data(uint32_t index, const ir::Value& value,
                                                           Span<const uint8_t> data,
                                                           const std::string& place) {
  if (!source_.visit(data.size)) return nullptr;
  std::string why = "legacy uint8 is not supported here";
  std::optional<ir::Bytes> dense;
  if (!is_shifted(static_cast<int32_t>(index)))
    dense = densified(*tensor(index).sparsity(), value.shape, type_bytes(value.type), data, &why);
  if (dense) return std::make_shared<const ir::Bytes>(std::move(*dense));
  source_.error(place, "the tensor is stored sparsely, and " + why,
                "export the model with dense weights");
  return nullptr;
}

ir::ValueId GraphImporter::import_constant(uint32_t index, Span<const uint8_t> data,
                                           const std::string& where) {
  std::optional<ir::Value> value = describe(index, where);
  if (!value) return ir::kNone;
  std::string place = where + ", tensor '" + value->name + "'";
  if (!has_static_shape(index)) {
    source_.error(place, "a constant of shape " + declared_text(tensor(index)),
                  "constants need sizes of at least 1");
    return ir::kNone;
  }
  value->kind = TensorKind::constant;
  if (tensor(index).sparsity() != nullptr) {
    value->data = dense_data(index, *value, data, place);
    return value->data ? graph_.add_value(std::move(*value)) : ir::kNone;
  }
  int64_t bytes = max_bytes_of(value->shape, value->type);
  if (bytes < 0 || static_cast<uint64_t>(bytes) != data.size) {
    source_.error(place,
                  "its data have " + std::to_string(data.size) + " bytes, its shape " +
                      ir::shape_text(value->shape) + " needs " + std::to_string(bytes),
                  "the file is damaged; export the model again");
    return ir::kNone;
  }
  value->data = source_.copy(tensor(index).buffer(), data, is_shifted(static_cast<int32_t>(index)));
  if (!value->data) {
    source_.error(place, "the constants are larger than the file", "the file is damaged");
    return ir::kNone;
  }
  return graph_.add_value(std::move(*value));
}

ir::ValueId GraphImporter::value(int32_t index, const std::string& where) {
  if (index < 0 || static_cast<uint32_t>(index) >= tensor_count()) {
    source_.error(where,
                  "tensor index " + std::to_string(index) + "; the subgraph has " +
                      std::to_string(tensor_count()),
                  "the file is damaged; export the model again");
    return ir::kNone;
  }
  Slot& slot = slots_[static_cast<size_t>(index)];
  if (slot.value != ir::kNone || slot.unknown) return slot.value;
  auto t = static_cast<uint32_t>(index);
  Span<const uint8_t> data;
  std::string place = where + ", tensor '" + tensor_name(t) + "'";
  if (tensor(t).is_variable()) {
    source_.error(place, "a variable tensor that no supported operator uses",
                  "export the state as a resource variable");
  } else if (!source_.buffer(tensor(t).buffer(), &data)) {
    source_.error(place, "its data lie outside the file", "the file is cut or damaged");
  } else if (data.size != 0) {
    slot.value = import_constant(t, data, where);
  } else {
    source_.error(place, "read before any operator writes it, and it holds no data",
                  "the file is damaged; export the model again");
  }
  slot.unknown = slot.value == ir::kNone;
  return slot.value;
}

}  // namespace mote::tflite_import
