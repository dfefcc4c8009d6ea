// QUANTIZE, DEQUANTIZE, CAST.
#include <cmath>

#include "import/tflite/op_import.h"

namespace mote::tflite_import {
namespace {

// IEEE 754 binary16: 5 bits of exponent, 10 of fraction.
float from_half(uint16_t h) {
  int exponent = h >> 10 & 31, fraction = h & 1023;
  float magnitude;
  if (exponent == 31) {
    magnitude = fraction == 0 ? INFINITY : NAN;
  } else if (exponent == 0) {
    magnitude = std::ldexp(static_cast<float>(fraction), -24);
  } else {
    magnitude = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
  }
  return (h & 0x8000) != 0 ? -magnitude : magnitude;
}

// Elements before and after one step of dimension `axis`.
size_t inner_size(const ShapeBounds& shape, int32_t axis) {
  size_t n = 1;
  for (int i = axis + 1; i < shape.rank; ++i) n *= static_cast<size_t>(shape.dims[i].max);
  return n;
}

template <class T>
std::vector<float> dequantized_as(const ir::Value& v) {
  const ir::Quantization& q = v.quantization;
  size_t count = v.data->size() / sizeof(T), scales = q.scales.size();
  size_t inner = scales == 1 ? 1 : inner_size(v.shape, q.axis);
  std::vector<float> out(count);
  for (size_t i = 0; i < count; ++i) {
    size_t s = scales == 1 ? 0 : i / inner % scales;
    out[i] = static_cast<float>(v.as<T>()[i] - q.zero_points[s]) * q.scales[s];
  }
  return out;
}

}  // namespace

std::optional<std::vector<float>> dequantized(const ir::Value& v) {
  if (v.type == Type::int8 && v.quantization.quantized()) return dequantized_as<int8_t>(v);
  if (v.type == Type::int16 && v.quantization.quantized()) return dequantized_as<int16_t>(v);
  if (v.type != Type::float16 && v.type != Type::bfloat16) return std::nullopt;
  size_t count = v.data->size() / 2;
  std::vector<float> out(count);
  for (size_t i = 0; i < count; ++i) {
    uint16_t bits = v.as<uint16_t>()[i];
    uint32_t wide = uint32_t{bits} << 16;  // bfloat16 is the upper half of float32
    if (v.type == Type::float16)
      out[i] = from_half(bits);
    else
      memcpy(&out[i], &wide, sizeof wide);
  }
  return out;
}

void import_quantize(OpImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  bool from_float = c.value(x).type == Type::float32;
  c.emit(from_float ? op_code::quantize : op_code::requantize, {x}, y);
}

void import_dequantize(OpImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  ir::Value in = c.value(x);
  if (in.kind == TensorKind::constant) {
    if (!c.importer().source().visit(in.data->size())) return;
    auto elements = dequantized(in);
    int32_t t = c.output_tensor(0);
    bool valid = t >= 0 && static_cast<uint32_t>(t) < c.importer().tensor_count() &&
                 !c.importer().is_defined(t);
    if (elements && valid) {
      std::string name = c.importer().tensor_name(static_cast<uint32_t>(t));
      return c.importer().define(t,
                                 c.graph().add_constant(name, Type::float32, in.shape, *elements));
    }
  }
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::dequantize, {x}, y);
}

// Sparse constants are made dense when they are read.
void import_densify(OpImport& c) {
  ir::ValueId x = c.input(0);
  int32_t t = c.output_tensor(0);
  if (c.failed()) return;
  if (t < 0 || static_cast<uint32_t>(t) >= c.importer().tensor_count() ||
      c.importer().is_defined(t))
    return c.error("output 0 is missing or written twice", "the file is damaged");
  c.importer().define(t, x);
}

void import_cast(OpImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  // A cast takes the stored value, which the legacy type has 128 above ours.
  if (c.importer().is_shifted(c.input_tensor(0))) {
    ir::Value in = c.value(x);
    for (int32_t& z : in.quantization.zero_points) z += 128;
    ir::ValueId stored = c.importer().new_value(in.name + "/uint8", Type::uint8, in.quantization);
    if (!c.emit(op_code::requantize, {x}, stored)) return;
    x = stored;
  }
  int32_t t = c.output_tensor(0);
  ir::ValueId y = c.output();
  if (c.failed()) return;
  if (c.importer().is_shifted(t))
    return c.error("a cast to a quantized uint8 tensor", "use QUANTIZE in the source model");
  c.emit(op_code::cast, {x}, y);
}

}  // namespace mote::tflite_import
