// Appends operators to a graph; shapes come from the operators' own shape functions.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "diagnostics.h"
#include "ir/graph.h"
#include "ops/attributes.h"

namespace mote {

// Values that it makes have unique names that start with the scope. What an operator refuses
// becomes a diagnostic; the graph is then of no use, and further operators are appended unchecked.
class Builder {
 public:
  using ValueId = ir::ValueId;

  // `graph` outlives the builder and changes through it alone.
  Builder(ir::Graph& graph, Diagnostics& diagnostics);

  ir::Graph& graph() { return graph_; }
  void set_scope(std::string scope) { scope_ = std::move(scope); }
  bool failed() const { return failed_; }
  std::string unique_name(const std::string& name);

  // One operator with one output of `type`, unquantized.
  template <class Attrs>
  ValueId node(uint16_t op, const Attrs& attrs, std::vector<ValueId> inputs,
               Type type = Type::float32) {
    return nodes(op, bytes_of(attrs), std::move(inputs), {type})[0];
  }
  ValueId node(uint16_t op, std::vector<ValueId> inputs, Type type = Type::float32) {
    return nodes(op, ir::Bytes{}, std::move(inputs), {type})[0];
  }
  // One operator with an output per type.
  template <class Attrs>
  std::vector<ValueId> nodes(uint16_t op, const Attrs& attrs, std::vector<ValueId> inputs,
                             const std::vector<Type>& types) {
    return nodes(op, bytes_of(attrs), std::move(inputs), types);
  }
  std::vector<ValueId> nodes(uint16_t op, ir::Bytes attributes, std::vector<ValueId> inputs,
                             const std::vector<Type>& types);

  ValueId constant(const ShapeBounds& shape, float value);
  ValueId scalar(float value) { return constant(ir::shape_of({1}), value); }

  ValueId add(ValueId a, ValueId b) { return binary(op_code::add, a, b); }
  ValueId sub(ValueId a, ValueId b) { return binary(op_code::sub, a, b); }
  ValueId mul(ValueId a, ValueId b) { return binary(op_code::mul, a, b); }
  ValueId scale(ValueId x, float factor);
  // kind: MoteActivationKind
  ValueId activation_grad(ValueId dy, ValueId y, int32_t kind);
  ValueId matmul(ValueId a, ValueId b, bool transpose_a, bool transpose_b);
  ValueId reshape(ValueId x, const std::vector<int32_t>& shape);
  // As `like`, which is static.
  ValueId reshape_like(ValueId x, ValueId like);
  ValueId broadcast_like(ValueId x, ValueId like);
  ValueId transpose(ValueId x, const std::vector<int32_t>& permutation);
  ValueId sum(ValueId x, const std::vector<int32_t>& axes, bool keep_dims);
  // Sums over all dimensions but the last.
  ValueId sum_to_channels(ValueId x);
  // Undoes broadcasting: sums what `like` has once, in its shape.
  ValueId sum_to(ValueId x, ValueId like);
  // x[begin[i] : begin[i] + size[i] : 1]
  ValueId slice(ValueId x, const std::vector<int32_t>& begin, const std::vector<int32_t>& size);
  ValueId pad(ValueId x, const std::vector<int32_t>& before, const std::vector<int32_t>& after);
  // The elements along these axes in reverse.
  ValueId reverse(ValueId x, const std::vector<bool>& axes);

  const ShapeBounds& shape(ValueId v) const { return graph_.value(v).shape; }
  std::vector<int32_t> dims(ValueId v) const;

 private:
  template <class Attrs>
  static ir::Bytes bytes_of(const Attrs& attrs) {
    ir::Node n;
    n.set_attrs(attrs);
    return n.attributes;
  }
  static ir::Bytes bytes_of(ir::Bytes bytes) { return bytes; }
  ValueId binary(uint16_t op, ValueId a, ValueId b) { return node(op, BinaryAttrs{}, {a, b}); }

  ir::Graph& graph_;
  Diagnostics& diagnostics_;
  std::set<std::string> names_;
  std::string scope_;
  bool failed_ = false;
};

}  // namespace mote
