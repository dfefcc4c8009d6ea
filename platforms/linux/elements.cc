#include "elements.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "failure.h"

namespace mote::tool {
namespace {

float half_to_float(uint16_t half) {
  // binary16 has 5 exponent bits with bias 15, binary32 has 8 with bias 127 (IEEE 754).
  const uint32_t sign = (half & 0x8000u) << 16;
  const uint32_t magnitude = half & 0x7fffu;
  uint32_t bits = 0;
  if (magnitude >= 0x7c00u) {
    bits = sign | 0x7f800000u | (magnitude & 0x3ffu) << 13;
  } else if (magnitude >= 0x0400u) {
    bits = sign | ((magnitude << 13) + ((127u - 15u) << 23));
  } else {
    const float value = static_cast<float>(magnitude) * 0x1p-24f;
    return sign != 0 ? -value : value;
  }
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

float bfloat_to_float(uint16_t stored) {
  const uint32_t bits = static_cast<uint32_t>(stored) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

template <class T, class Convert>
std::vector<double> read_as(const void* data, size_t count, Convert convert) {
  std::vector<double> values(count);
  for (size_t i = 0; i < count; ++i) {
    T element;
    std::memcpy(&element, static_cast<const uint8_t*>(data) + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(convert(element));
  }
  return values;
}

template <class T>
std::vector<double> read_as(const void* data, size_t count) {
  return read_as<T>(data, count, [](T element) { return element; });
}

template <class T>
void write_as(const std::vector<double>& values, void* data) {
  for (size_t i = 0; i < values.size(); ++i) {
    const T element = static_cast<T>(values[i]);
    std::memcpy(static_cast<uint8_t*>(data) + i * sizeof(T), &element, sizeof(T));
  }
}

bool is_byte(Type type) { return type == Type::int8 || type == Type::uint8; }

bool is_integer(Type type) {
  return is_byte(type) || type == Type::int16 || type == Type::int32 || type == Type::int64 ||
         type == Type::boolean;
}

bool fits(Type type, double value) {
  switch (type) {
    case Type::boolean:
      return value == 0 || value == 1;
    case Type::int8:
      return value >= INT8_MIN && value <= INT8_MAX;
    case Type::uint8:
      return value >= 0 && value <= UINT8_MAX;
    case Type::int16:
      return value >= INT16_MIN && value <= INT16_MAX;
    case Type::int32:
      return value >= INT32_MIN && value <= INT32_MAX;
    default:
      return type == Type::int64;
  }
}

}  // namespace

std::vector<double> stored_values(Type type, const void* data, size_t count) {
  switch (type) {
    case Type::float32:
      return read_as<float>(data, count);
    case Type::float64:
      return read_as<double>(data, count);
    case Type::float16:
      return read_as<uint16_t>(data, count, half_to_float);
    case Type::bfloat16:
      return read_as<uint16_t>(data, count, bfloat_to_float);
    case Type::int8:
      return read_as<int8_t>(data, count);
    case Type::uint8:
      return read_as<uint8_t>(data, count);
    case Type::int16:
      return read_as<int16_t>(data, count);
    case Type::int32:
      return read_as<int32_t>(data, count);
    case Type::int64:
      return read_as<int64_t>(data, count);
    case Type::boolean:
      return read_as<uint8_t>(data, count, [](uint8_t element) { return element != 0 ? 1 : 0; });
  }
  return {};
}

void store_values(Type type, const std::vector<double>& values, void* data) {
  switch (type) {
    case Type::float32:
      return write_as<float>(values, data);
    case Type::int8:
      return write_as<int8_t>(values, data);
    case Type::uint8:
    case Type::boolean:
      return write_as<uint8_t>(values, data);
    case Type::int16:
      return write_as<int16_t>(values, data);
    case Type::int32:
      return write_as<int32_t>(values, data);
    case Type::int64:
      return write_as<int64_t>(values, data);
    default:
      bad_input(std::string("elements of type ") + type_name(type) + " cannot be written here");
  }
}

double real_value(double stored, const Quantization& quantization) {
  if (quantization.scale_count != 1) return stored;
  return static_cast<double>(quantization.scale()) * (stored - quantization.zero_point());
}

bool convert_elements(Type from, const void* source, Type to, void* target, size_t count) {
  if (from == to) {
    std::memcpy(target, source, count * type_bytes(to));
    return true;
  }
  if (is_byte(from) && is_byte(to)) {
    const auto* bytes = static_cast<const uint8_t*>(source);
    std::transform(bytes, bytes + count, static_cast<uint8_t*>(target),
                   [](uint8_t byte) { return static_cast<uint8_t>(byte ^ 0x80); });
    return true;
  }
  if (!is_integer(from) || !is_integer(to)) return false;
  const std::vector<double> values = stored_values(from, source, count);
  if (!std::all_of(values.begin(), values.end(), [to](double v) { return fits(to, v); })) {
    return false;
  }
  store_values(to, values, target);
  return true;
}

Type parse_type(const std::string& name) {
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower == "bool") return Type::boolean;
  for (uint8_t i = 0; i < kFileTypes; ++i) {
    if (lower == type_name(static_cast<Type>(i))) return static_cast<Type>(i);
  }
  bad_input("element type '" + name + "' is unknown");
}

}  // namespace mote::tool
