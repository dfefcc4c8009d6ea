// Custom operators that the caller imports.
#include <flatbuffers/flexbuffers.h>

#include "import/custom/custom_call.h"
#include "import/tflite/op_import.h"
#include "ir/called_graphs.h"

namespace mote::tflite_import {
namespace {

std::optional<CustomAttribute> list_of(const flexbuffers::TypedVector& list) {
  std::vector<int64_t> integers;
  std::vector<double> reals;
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].IsIntOrUint() || list[i].IsBool()) integers.push_back(list[i].AsInt64());
    if (!list[i].IsNumeric() && !list[i].IsBool()) return std::nullopt;
    reals.push_back(list[i].AsDouble());
  }
  if (integers.size() == reals.size()) return CustomAttribute(std::move(integers));
  return CustomAttribute(std::move(reals));
}

// Lists of numbers of several types are untyped.
std::optional<CustomAttribute> list_of(const flexbuffers::Vector& list) {
  std::vector<double> reals;
  bool whole = true;
  for (size_t i = 0; i < list.size(); ++i) {
    if (!list[i].IsNumeric() && !list[i].IsBool()) return std::nullopt;
    whole = whole && !list[i].IsFloat();
    reals.push_back(list[i].AsDouble());
  }
  if (whole) return CustomAttribute(std::vector<int64_t>(reals.begin(), reals.end()));
  return CustomAttribute(std::move(reals));
}

std::optional<CustomAttribute> attribute_of(Source& source, const flexbuffers::Reference& r) {
  if (r.IsBool() || r.IsIntOrUint()) return CustomAttribute(r.AsInt64());
  if (r.IsFloat()) return CustomAttribute(r.AsDouble());
  // Many keys may name one list or text.
  if (r.IsTypedVector() && !source.visit(r.AsTypedVector().size())) return std::nullopt;
  if (r.IsUntypedVector() && !source.visit(r.AsVector().size())) return std::nullopt;
  if (r.IsString() && !source.visit(r.AsString().size())) return std::nullopt;
  if (r.IsString()) return CustomAttribute(r.AsString().str());
  if (r.IsTypedVector()) return list_of(r.AsTypedVector());
  if (r.IsUntypedVector()) return list_of(r.AsVector());
  return std::nullopt;  // the raw bytes have it
}

std::map<std::string, CustomAttribute> attributes_of(Source& source, Span<const uint8_t> bytes) {
  std::map<std::string, CustomAttribute> out;
  // Three bytes are the least: a value, its type, its width.
  if (bytes.size < 3 || !source.visit(bytes.size)) return out;
  // Shared parts are verified once.
  std::vector<uint8_t> reuse(bytes.size);
  if (!flexbuffers::VerifyBuffer(bytes.data, bytes.size, &reuse)) return out;
  if (!flexbuffers::GetRoot(bytes.data, bytes.size).IsMap()) return out;
  flexbuffers::Map map = flexbuffers::GetRoot(bytes.data, bytes.size).AsMap();
  flexbuffers::TypedVector keys = map.Keys();
  for (size_t i = 0; i < keys.size(); ++i) {
    std::string key = keys[i].AsKey();
    if (std::optional<CustomAttribute> a = attribute_of(source, map.Values()[i]))
      out.emplace(std::move(key), std::move(*a));
  }
  return out;
}

std::optional<CustomTensor> declared_output(OpImport& c, size_t i) {
  const int32_t t = c.output_tensor(i);
  if (t < 0 || static_cast<uint32_t>(t) >= c.importer().tensor_count()) return std::nullopt;
  Source& source = c.importer().source();
  source.muted = true;
  std::optional<ir::Value> value = c.importer().describe(static_cast<uint32_t>(t), c.where());
  source.muted = false;
  if (!value) return std::nullopt;
  return describe_custom(*value);
}

}  // namespace

void import_registered(OpImport& c, const CustomImporter& importer) {
  CustomCall call;
  call.name = importer.name;
  call.where = c.where();
  call.options = c.custom_options();
  call.attributes = attributes_of(c.importer().source(), call.options);
  call.output_count = c.output_count();
  std::vector<ir::ValueId> operands;
  std::vector<ir::Value> copies(c.input_count());
  for (size_t i = 0; i < c.input_count(); ++i) {
    ir::ValueId v = c.optional_input(i);
    if (c.failed()) return;
    call.operands.push_back(v == ir::kNone ? nullptr : &(copies[i] = c.value(v)));
    if (v != ir::kNone) operands.push_back(v);
  }
  for (size_t i = 0; i < c.output_count(); ++i) call.declared.push_back(declared_output(c, i));
  Diagnostics diagnostics;
  std::optional<ir::Graph> body = import_custom(importer, call, diagnostics);
  for (const Diagnostic& d : diagnostics.list())
    c.importer().source().error(d.where, d.what, d.remedy);
  if (!body) return c.fail_silently();
  std::vector<ir::ValueId> outputs = ir::inline_graph(c.graph(), *body, operands);
  for (size_t i = 0; i < outputs.size(); ++i) {
    const int32_t t = c.output_tensor(i);
    if (t < 0 || static_cast<uint32_t>(t) >= c.importer().tensor_count() ||
        c.importer().is_defined(t))
      return c.error("output " + std::to_string(i) + " is invalid", "the file is damaged");
    c.importer().define(t, outputs[i]);
  }
}

}  // namespace mote::tflite_import
