// What the importer of one ONNX operator sees: the node's operands and attributes, and a builder
// that appends Mote's operators in its place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/builder.h"
#include "ir/graph.h"

namespace mote::onnx {
class AttributeProto;
}
namespace mote::onnx_import {

class GraphImporter;
struct NodeSource;  // the node in the file

// Layouts: values keep ONNX's (channels second). Operators that Mote has for channels-last alone
// are imported between two transposes (channels.h); the passes remove them.
class NodeImport {
 public:
  NodeImport(GraphImporter& importer, const NodeSource& node, std::string where);

  // ---- Operands ----
  size_t input_count() const;
  size_t output_count() const;
  bool has(size_t input) const;          // given, not the empty name, not without elements
  bool has_output(size_t output) const;  // somebody wants it
  ir::ValueId input(size_t i);           // kNone and an error when it is missing
  ir::ValueId optional_input(size_t i);  // kNone when it is missing
  const ir::Value& value(ir::ValueId v) const;
  const ShapeBounds& shape(ir::ValueId v) const { return value(v).shape; }
  int32_t rank(ir::ValueId v) const { return value(v).shape.rank; }
  Type type(ir::ValueId v) const { return value(v).type; }
  bool is_constant(ir::ValueId v) const;

  // Elements of an operand whose value is known now: a constant, or computed from constants and
  // static shapes. Otherwise nothing and an error that names the operand, and the dynamic
  // dimension where one is the cause.
  std::optional<std::vector<int64_t>> constant_ints(size_t i);
  std::optional<std::vector<double>> constant_reals(size_t i);  // of any numeric type
  std::optional<int64_t> constant_int(size_t i);                // of one element

  // The sizes of an operand, also of one without elements (where no size is dynamic); nothing and
  // an error when it is missing.
  std::optional<std::vector<int64_t>> static_dims(size_t i);
  // True for a tensor of no elements: only its type and sizes are known. Importers that do not ask
  // get an error from input().
  bool is_empty(size_t i) const;

  // The sizes that operand `i` (int64, a shape) asks for, as in ReshapeAttrs: a size, or -1 for one
  // that is only known at run, 0 for the size of `x` at that place.
  std::optional<std::vector<int32_t>> target_shape(size_t i, ir::ValueId x);

  // ---- Attributes ----
  int32_t opset() const;  // of the node's domain
  bool has_attr(const char* name) const;
  int64_t attr_int(const char* name, int64_t fallback);
  float attr_float(const char* name, float fallback);
  std::string attr_string(const char* name, const std::string& fallback);
  std::vector<int64_t> attr_ints(const char* name, const std::vector<int64_t>& fallback = {});
  std::vector<float> attr_floats(const char* name, const std::vector<float>& fallback = {});
  std::vector<std::string> attr_strings(const char* name);
  // A TensorProto as a constant; kNone and an error when there is none.
  ir::ValueId attr_tensor(const char* name);
  // An element type of ONNX (TensorProto.DataType) as ours; an error where there is none.
  std::optional<Type> type_of(int64_t data_type);
  // `axis` in [-rank, rank) as one in [0, rank); -1 and an error otherwise.
  int32_t axis(int64_t axis, int32_t rank);
  // Axes by attribute "axes" or, from `since_opset` on, operand `i`; sorted, in [0, rank).
  // Nothing given: empty.
  std::optional<std::vector<int32_t>> axes(size_t i, int32_t since_opset, int32_t rank);

  // ---- Results ----
  // Appends operators; operators on constants become constants at once.
  Builder& build();
  void define(size_t output, ir::ValueId v);
  // A result without elements.
  void define_empty(size_t output, Type type, std::vector<int64_t> dims);
  // The output is the operand, whatever it is.
  void define_as(size_t output, size_t input);
  // `x` with sizes of 1 inserted at these places of the result (sorted), or such sizes removed.
  ir::ValueId insert_ones(ir::ValueId x, const std::vector<int32_t>& axes);
  ir::ValueId drop_ones(ir::ValueId x, const std::vector<int32_t>& axes);
  // x[.., begin:end:stride, ..] along an axis, as NumPy.
  ir::ValueId slice_axis(ir::ValueId x, int32_t axis, int64_t begin, int64_t end,
                         int64_t stride = 1);
  // Output 0: `x` broadcast with the shape that operand `i` asks for, as Expand.
  void define_expanded(ir::ValueId x, size_t i);
  // A constant of int64 (a shape, indices) with this shape.
  ir::ValueId int_constant(const std::vector<int64_t>& elements, const std::vector<int32_t>& shape);
  // One operator with this output.
  template <class Attrs>
  void emit(uint16_t op, const Attrs& attrs, std::vector<ir::ValueId> inputs, Type type) {
    define(0, build().node(op, attrs, std::move(inputs), type));
  }

  void error(const std::string& what, const std::string& remedy = {});
  bool failed() const;  // an error was added since the node was begun

  // For control flow.
  GraphImporter& importer() { return importer_; }
  const NodeSource& node() const { return node_; }
  const std::string& where() const { return where_; }

 private:
  const std::string& input_name(size_t i) const;
  void error_unknown(size_t i, ir::ValueId v);
  ir::ValueId aligned(size_t i, ir::ValueId v);
  // Null, and an error when the type differs.
  const onnx::AttributeProto* attribute(const char* name, int32_t type);

  GraphImporter& importer_;
  const NodeSource& node_;
  std::string where_;
  uint32_t errors_before_;
};

// An importer of an operator: importers.inc lists them by name ("com.microsoft.FusedConv" for
// those of other domains). It may be called with any malformed node.
struct Importer {
  const char* name;
  void (*run)(NodeImport&);
};
// Null when there is none.
const Importer* find_importer(const std::string& name);
// An operator that the caller imports.
void import_registered(NodeImport& c, const CustomImporter& importer);

}  // namespace mote::onnx_import
