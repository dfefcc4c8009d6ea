// Importers of custom operators: what an operator that Mote does not know is made of. Desktop only.
//
//   ConvertOptions options;
//   options.custom_operators.push_back(
//       {CustomImporter::Format::any, "ScaledAdd", [](CustomOperator& c) {
//          CustomValue scale = c.constant({}, std::vector<float>{float(c.real("scale", 1))});
//          CustomValue product = c.add("mul", {c.input(0), scale});
//          c.set_output(0, c.add("add", {product, c.input(1)}, {{"activation", "relu"}}));
//        }});
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "mote/converter.h"

namespace mote {

// A value of the graph that is being made; absent: an optional operand that is left out.
struct CustomValue {
  int32_t id = -1;
  bool is_absent() const { return id < 0; }
};

// What is known of a value.
struct CustomTensor {
  std::string name;
  Type type = Type::float32;
  ShapeBounds shape;
  std::vector<float> scales;         // empty: not quantized
  std::vector<int32_t> zero_points;  // as many as scales
  int32_t axis = -1;                 // of the scales, when there are several
  bool is_constant = false;
  Span<const uint8_t> data;  // of a constant: little-endian elements
};

// A number, a text (also the name of a kind: {"activation", "relu"}) or a list.
struct CustomAttribute {
  std::variant<int64_t, double, std::string, std::vector<int64_t>, std::vector<double>> value;

  // NOLINTBEGIN(google-explicit-constructor): attributes are written as {{"axis", 1}}
  CustomAttribute(std::integral auto v) : value(static_cast<int64_t>(v)) {}
  CustomAttribute(double v) : value(v) {}
  CustomAttribute(const char* v) : value(std::string(v)) {}
  CustomAttribute(std::string v) : value(std::move(v)) {}
  CustomAttribute(std::vector<int64_t> v) : value(std::move(v)) {}
  CustomAttribute(std::vector<double> v) : value(std::move(v)) {}
  // NOLINTEND(google-explicit-constructor)
};
using CustomAttributes = std::vector<std::pair<std::string, CustomAttribute>>;

// Type and quantization of a result; its shape follows from the operator.
struct CustomResult {
  Type type = Type::float32;
  std::vector<float> scales = {};
  std::vector<int32_t> zero_points = {};
};

// One custom operator of a source model while it is imported. Errors (a wrong number of operands,
// an operator that refuses its operands, an unknown attribute) are collected and fail the
// conversion with the operator's place; calls after the first error do nothing and give absent
// values.
class CustomOperator {
 public:
  struct Impl;  // the converter's
  explicit CustomOperator(Impl& impl) : impl_(impl) {}
  CustomOperator(const CustomOperator&) = delete;
  CustomOperator& operator=(const CustomOperator&) = delete;

  const std::string& name() const;   // as in CustomImporter::name
  const std::string& where() const;  // "node 3 (com.example.Scale)"

  // ---- What the source model says ----
  size_t input_count() const;
  size_t output_count() const;
  // Legacy uint8 values of TFLite are int8 here, 128 less. Absent operands give an absent value;
  // beyond input_count() an error.
  CustomValue input(size_t i);
  const CustomTensor& tensor(CustomValue value);
  // What a TFLite file declares of an output (rank 0: also where the shape is not known); nothing
  // for ONNX.
  std::optional<CustomTensor> declared_output(size_t i) const;

  // Attributes: of ONNX, or of TFLite where the options are a map of FlexBuffers. The fallback
  // where there is none of this name; one of another kind is an error.
  bool has(const char* name) const;
  int64_t integer(const char* name, int64_t fallback);
  double real(const char* name, double fallback);  // also of integers
  std::string text(const char* name, const std::string& fallback);
  std::vector<int64_t> integers(const char* name);
  std::vector<double> reals(const char* name);
  CustomValue tensor_attribute(const char* name);  // ONNX: a constant; absent without it
  // TFLite: the operator's options as they stand in the file; whatever bytes.
  Span<const uint8_t> options() const;

  // ---- What it is made of ----
  CustomValue constant(const std::vector<int32_t>& shape, const std::vector<float>& elements);
  CustomValue constant(const std::vector<int32_t>& shape, const std::vector<int32_t>& elements);
  CustomValue constant(const std::vector<int32_t>& shape, const std::vector<int64_t>& elements);
  // Of any type, also quantized: little-endian elements.
  CustomValue constant(const std::vector<int32_t>& shape, const CustomResult& type,
                       Span<const uint8_t> elements);
  // One of Mote's operators, by its name in core/ops/ops.inc; operands as
  // core/ops/<name>/attributes.h describes them, attributes by their names in the operator's table
  // of schema/mote.fbs (what is not given has the default there). Layouts are Mote's: channels
  // last.
  CustomValue add(const char* op, const std::vector<CustomValue>& inputs,
                  const CustomAttributes& attributes = {}, const CustomResult& result = {});
  // The same of several results.
  std::vector<CustomValue> add_all(const char* op, const std::vector<CustomValue>& inputs,
                                   const CustomAttributes& attributes,
                                   const std::vector<CustomResult>& results);
  // The entry point `infer` of a model (.tflite, .onnx, .mote) without states and custom operators:
  // its inputs and outputs are the operator's, by position, in the operator's shapes.
  void become(Span<const uint8_t> model);
  // Every output must be set, an input or a constant at will.
  void set_output(size_t i, CustomValue value);

  void fail(const std::string& what, const std::string& remedy = {});
  bool failed() const;

 private:
  Impl& impl_;
};

// An importer that makes the operator what `model` computes (CustomOperator::become).
CustomImporter custom_importer_from_model(std::string name, std::vector<uint8_t> model);

}  // namespace mote
