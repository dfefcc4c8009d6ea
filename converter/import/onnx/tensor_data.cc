#include "import/onnx/tensor_data.h"

#include <cstring>

#include "base/checked.h"

namespace mote::onnx_import {
namespace {

using onnx::TensorProto;

// By number of TensorProto.DataType.
constexpr const char* kTypeNames[] = {
    "undefined",      "float",      "uint8",          "int8",       "uint16",   "int16",
    "int32",          "int64",      "string",         "boolean",    "float16",  "double",
    "uint32",         "uint64",     "complex64",      "complex128", "bfloat16", "float8e4m3fn",
    "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4",      "int4",     "float4e2m1"};

template <class To, class List>
void narrow(const List& list, int64_t count, ir::Bytes* bytes) {
  if (list.size() != count) return;
  bytes->resize(static_cast<size_t>(count) * sizeof(To));
  for (int64_t i = 0; i < count; ++i) {
    auto element = static_cast<To>(list.Get(static_cast<int>(i)));
    memcpy(bytes->data() + static_cast<size_t>(i) * sizeof element, &element, sizeof element);
  }
}

// Leaves `bytes` empty when the count differs. Typed lists hold small elements as int32.
void read_list(const TensorProto& t, Type type, int64_t count, ir::Bytes* bytes) {
  switch (type) {
    case Type::float32:
      return narrow<float>(t.float_data(), count, bytes);
    case Type::int64:
      return narrow<int64_t>(t.int64_data(), count, bytes);
    case Type::int32:
      return narrow<int32_t>(t.int32_data(), count, bytes);
    case Type::int16:
    case Type::float16:
    case Type::bfloat16:
      return narrow<int16_t>(t.int32_data(), count, bytes);
    default:
      return narrow<int8_t>(t.int32_data(), count, bytes);
  }
}

// Numbers of float64 as float32.
ir::Bytes narrowed(const ir::Bytes& doubles) {
  ir::Bytes out(doubles.size() / 2);
  for (size_t i = 0; i < out.size() / sizeof(float); ++i) {
    double wide;
    memcpy(&wide, doubles.data() + i * sizeof wide, sizeof wide);
    const auto element = static_cast<float>(wide);
    memcpy(out.data() + i * sizeof element, &element, sizeof element);
  }
  return out;
}

}  // namespace

std::optional<Type> element_type(int64_t data_type) {
  switch (data_type) {
    case TensorProto::FLOAT:
      return Type::float32;
    case TensorProto::UINT8:
      return Type::uint8;
    case TensorProto::INT8:
      return Type::int8;
    case TensorProto::INT16:
      return Type::int16;
    case TensorProto::INT32:
      return Type::int32;
    case TensorProto::INT64:
      return Type::int64;
    case TensorProto::BOOL:
      return Type::boolean;
    case TensorProto::FLOAT16:
      return Type::float16;
    case TensorProto::BFLOAT16:
      return Type::bfloat16;
    default:
      return std::nullopt;
  }
}

std::string element_type_text(int64_t data_type) {
  bool is_known = data_type >= 0 && data_type < static_cast<int64_t>(std::size(kTypeNames));
  return is_known ? kTypeNames[data_type] : "number " + std::to_string(data_type);
}

std::string read_elements(const TensorProto& t, ExternalData& external, Tensor* out) {
  int64_t count = 1, bytes = 0;
  bool is_empty = false;
  for (int64_t d : t.dims()) {
    if (d < 0) return "a constant of size " + std::to_string(d);
    is_empty = is_empty || d == 0;
    if (!is_empty && !checked_mul(count, d, &count)) return "a constant of too many elements";
    out->dims.push_back(d);
  }
  if (is_empty) return {};
  const bool is_double = t.data_type() == TensorProto::DOUBLE;
  const size_t element = is_double ? sizeof(double) : type_bytes(out->type);
  if (!checked_mul(count, static_cast<int64_t>(element), &bytes))
    return "a constant of too many elements";
  // A sparse external file may be larger than any memory.
  constexpr int64_t kMostBytes = int64_t{1} << 32;
  if (bytes > kMostBytes) return "a constant of more than 4 GiB";
  ir::Bytes data;
  if (t.data_location() == TensorProto::EXTERNAL) {
    std::string problem = external.read(t, static_cast<uint64_t>(bytes), &data);
    if (!problem.empty()) return problem;
  } else if (t.has_raw_data()) {
    if (static_cast<uint64_t>(bytes) == t.raw_data().size())
      data.assign(t.raw_data().begin(), t.raw_data().end());
  } else if (is_double) {
    narrow<double>(t.double_data(), count, &data);
  } else {
    read_list(t, out->type, count, &data);
  }
  if (data.size() != static_cast<uint64_t>(bytes))
    return "its data do not have the " + std::to_string(count) + " elements of its shape";
  if (is_double) data = narrowed(data);
  if (out->type == Type::boolean)
    for (uint8_t& b : data) b = b != 0 ? 1 : 0;
  out->data = std::make_shared<const ir::Bytes>(std::move(data));
  return {};
}

}  // namespace mote::onnx_import
