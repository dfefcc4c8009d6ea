// What the import function of an operator works with.
#pragma once

#include "import/tflite/graph_importer.h"
#include "ops/attributes.h"

namespace mote::tflite_import {

class OpImport {
 public:
  OpImport(GraphImporter& importer, const tfl::Operator& op, std::string where)
      : importer_(importer), op_(op), where_(std::move(where)) {}

  GraphImporter& importer() { return importer_; }
  ir::Graph& graph() { return importer_.graph(); }
  const std::string& where() const { return where_; }
  bool failed() const { return failed_; }
  // An error was added elsewhere.
  void fail_silently() { failed_ = true; }
  // Adds an error at this operator, and at a tensor (its index in the subgraph) when that is given.
  void error(const std::string& what, const std::string& remedy = {}, int32_t tensor = -1);

  template <class Options>
  const Options* options() const {
    return op_.builtin_options_as<Options>();
  }
  // Of operators that are younger than the first list of options.
  template <class Options>
  const Options* options_2() const {
    return op_.builtin_options_2_as<Options>();
  }
  // As options(); an error when the operator has none.
  template <class Options>
  const Options* required_options() {
    const Options* o = options<Options>();
    if (o == nullptr) error("the operator has no options", "export the model again");
    return o;
  }

  // The bytes that a custom operator interprets.
  Span<const uint8_t> custom_options() const {
    return {op_.custom_options() == nullptr ? nullptr : op_.custom_options()->data(),
            size_of(op_.custom_options())};
  }

  size_t input_count() const { return size_of(op_.inputs()); }
  size_t output_count() const { return size_of(op_.outputs()); }
  int32_t input_tensor(size_t i) const;   // -1: absent
  int32_t output_tensor(size_t i) const;  // -1: absent
  bool has(size_t i) const { return input_tensor(i) >= 0; }
  // Tensors that only carry the quantization of a value within the operator; -1: absent.
  int32_t intermediate_tensor(size_t i) const {
    return i < size_of(op_.intermediates()) ? op_.intermediates()->Get(static_cast<uint32_t>(i))
                                            : -1;
  }

  // A required operand; kNone (and failed()) when it is absent or unusable.
  ir::ValueId input(size_t i);
  // kNone when it is absent.
  ir::ValueId optional_input(size_t i);
  // As input(), but a quantized constant comes as float32 when `like` is float32: weights of models
  // that are quantized for storage only.
  ir::ValueId input_like(size_t i, ir::ValueId like);
  // A new value for an output tensor.
  ir::ValueId output(size_t i = 0);
  const ir::Value& value(ir::ValueId id) { return graph().value(id); }

  // Elements of a constant int32 or int64 tensor.
  std::optional<std::vector<int64_t>> constant_ints(size_t i);
  // A constant tensor of one int32 or int64.
  std::optional<int64_t> constant_int(size_t i);
  // An axis in [-rank, rank) as one in [0, rank).
  std::optional<int32_t> axis(int64_t value, int32_t rank);

  // Adds the node that makes `output`.
  template <class Attrs>
  bool emit(uint16_t op, const Attrs& attributes, std::vector<ir::ValueId> inputs,
            ir::ValueId output) {
    ir::Bytes bytes(sizeof attributes);
    memcpy(bytes.data(), &attributes, sizeof attributes);
    return finish(importer_.emit(op, std::move(bytes), std::move(inputs), output, where_));
  }
  // As emit(), of several outputs.
  template <class Attrs>
  bool emit_all(uint16_t op, const Attrs& attributes, std::vector<ir::ValueId> inputs,
                std::vector<ir::ValueId> outputs) {
    ir::Bytes bytes(sizeof attributes);
    memcpy(bytes.data(), &attributes, sizeof attributes);
    return finish(
        importer_.emit_all(op, std::move(bytes), std::move(inputs), std::move(outputs), where_));
  }
  // As emit_all(), of control flow.
  template <class Attrs>
  bool emit_calls(uint16_t op, const Attrs& attributes, std::vector<ir::ValueId> inputs,
                  std::vector<ir::ValueId> outputs, std::vector<ir::Graph> graphs) {
    ir::Bytes bytes(sizeof attributes);
    memcpy(bytes.data(), &attributes, sizeof attributes);
    return finish(importer_.emit_all(op, std::move(bytes), std::move(inputs), std::move(outputs),
                                     where_, std::move(graphs)));
  }
  bool emit(uint16_t op, std::vector<ir::ValueId> inputs, ir::ValueId output) {
    return finish(importer_.emit(op, {}, std::move(inputs), output, where_));
  }

  // `x` as another shape, by static sizes, 0 and -1 of ReshapeAttrs.
  bool emit_reshape(ir::ValueId x, const std::vector<int32_t>& shape, ir::ValueId output);
  // A reshaped copy of `x` with x's type and quantization; kNone on failure.
  ir::ValueId reshaped(ir::ValueId x, const std::vector<int32_t>& shape, const char* suffix);
  // The sizes that `target` asks for in the form of ReshapeAttrs: what is dynamic becomes 0 where
  // it stands at its place in `x`, else -1, at most once.
  std::optional<std::vector<int32_t>> reshape_dims(const ShapeBounds& x,
                                                   const std::vector<Dim>& target);
  // `x` in the quantization of `like`: itself or a requantize node's output.
  ir::ValueId requantized(ir::ValueId x, const ir::Value& like);

  // The activation as an attribute. One that the attributes cannot say is left for
  // finish_activation.
  int32_t fused_activation(tfl::Activation activation);
  // Puts an operator for the activation that is left behind output 0.
  void finish_activation();

 private:
  bool finish(bool ok) {
    failed_ = failed_ || !ok;
    return ok;
  }

  GraphImporter& importer_;
  const tfl::Operator& op_;
  std::string where_;
  bool failed_ = false;
  tfl::Activation left_activation_ = tfl::Activation::NONE;
};

struct Importer {
  int32_t code;
  const char* name;
  void (*run)(OpImport&);
};
// Null when there is none.
const Importer* find_importer(int32_t code);
const Importer* find_custom_importer(const std::string& name);
// A custom operator that the caller imports.
void import_registered(OpImport& c, const CustomImporter& importer);

// Whether `weights`, an input, is int8 for activations `x` of float32 (dynamic range quantization)
// in a way that hybrid_product takes.
bool is_hybrid(OpImport& c, ir::ValueId x, size_t weights);
struct HybridOperands {
  ir::ValueId x, weights, bias, y;
};
// y = activation(x * weights + bias), the product as batch_matmul's, with x quantized row by row at
// run as LiteRT's kernels do.
void emit_hybrid_product(OpImport& c, const HybridOperands& o, bool transpose_weights,
                         int32_t activation);

// Float elements of a quantized or float16 constant; nothing for other types.
std::optional<std::vector<float>> dequantized(const ir::Value& value);

}  // namespace mote::tflite_import
