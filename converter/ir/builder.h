// Appends operators to a graph; shapes come from the operators' own shape functions.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "diagnostics.h"
#include "ir/graph.h"
#include "ops/attributes.h"

namespace mote {

struct Operator;

// Values that it makes have unique names that start with the scope. What an operator refuses
// becomes a diagnostic; the graph is then of no use, and further operators are appended unchecked.
class Builder {
 public:
  using ValueId = ir::ValueId;

  // `graph` outlives the builder and changes through it alone.
  Builder(ir::Graph& graph, Diagnostics& diagnostics);

  ir::Graph& graph() { return graph_; }
  void set_scope(std::string scope) { scope_ = std::move(scope); }
  // From now on an operator whose operands are constants becomes constants itself, unless they are
  // more than 8 times as large (as the pass fold_constants).
  void set_folding(bool on) { folding_ = on; }
  bool failed() const { return failed_; }
  // Checks again: the importers report every operator that does not fit, not only the first.
  void forget_failure() { failed_ = false; }
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
  // Control flow (core/ops/control.h): outputs are as those of the last of `graphs`.
  std::vector<ValueId> calls(uint16_t op, int32_t max_steps, std::vector<ValueId> inputs,
                             std::vector<ir::Graph> graphs);

  ValueId constant(const ShapeBounds& shape, float value);
  template <class T>
  ValueId constant(const std::string& name, Type type, const std::vector<int32_t>& shape,
                   const std::vector<T>& elements) {
    return graph_.add_constant(unique_name(name), type, ir::shape_of(shape), elements);
  }
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
  bool fold(const ir::Node& node, const Operator& row);
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
  bool folding_ = false;
  // What folding may still take: bytes of results, and estimated scalar operations.
  int64_t fold_bytes_left_ = int64_t{1} << 30;
  int64_t fold_work_left_ = int64_t{1} << 32;
};

}  // namespace mote
