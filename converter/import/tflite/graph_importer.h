// One subgraph becomes one graph: its tensors become values when an operator first names them.
#pragma once

#include <optional>

#include "import/shape_values.h"
#include "import/tflite/source.h"

namespace mote::tflite_import {

std::string builtin_name(int32_t code);
// The operator's number; -1 when its index is out of range.
int32_t builtin_code(const tfl::Model& model, const tfl::Operator& op);

class GraphImporter {
 public:
  GraphImporter(Source& source, uint32_t subgraph);

  // `signature` may be null; it names the ports.
  ir::Graph run(const std::string& name, const tfl::SignatureDef* signature);

  // As run(), of a subgraph that an operator calls with these operands; their shapes hold in it.
  ir::Graph run_called(const std::string& name, const std::vector<ir::Value>& passed);

  Source& source() { return source_; }
  ir::Graph& graph() { return graph_; }
  // What is known of sizes that are computed at run.
  ShapeValues& shape_values() { return shape_values_; }
  uint32_t tensor_count() const { return static_cast<uint32_t>(slots_.size()); }
  const tfl::Tensor& tensor(uint32_t index) const { return *subgraph_.tensors()->Get(index); }
  std::string tensor_name(uint32_t index) const { return text_of(tensor(index).name()); }

  // The value of a tensor; constants are made when they are first asked for. kNone when it has none
  // (an error was added) or when its writer failed (silent).
  ir::ValueId value(int32_t index, const std::string& where);
  // Type, quantization and declared shape (rank 0 when that is dynamic or invalid) of a tensor.
  std::optional<ir::Value> describe(uint32_t index, const std::string& where);
  // All declared sizes are positive and the rank is at most 8.
  bool has_static_shape(uint32_t index) const;
  // Binds a tensor to the value that an operator makes.
  void define(int32_t index, ir::ValueId value);
  bool is_defined(int32_t index) const;
  bool is_unknown(int32_t index) const;
  // A uint8 tensor whose value is int8, 128 less.
  bool is_shifted(int32_t index) const;
  // Data of a constant tensor; false when it is not one.
  bool constant_data(uint32_t index, Span<const uint8_t>* data);

  // Adds a node and infers its output's shape; false and an error when it does not fit.
  bool emit(uint16_t op, ir::Bytes attributes, std::vector<ir::ValueId> inputs, ir::ValueId output,
            const std::string& where);
  // The same with several outputs.
  bool emit_all(uint16_t op, ir::Bytes attributes, std::vector<ir::ValueId> inputs,
                std::vector<ir::ValueId> outputs, const std::string& where,
                std::vector<ir::Graph> graphs = {});
  // `value` was made for an output and is known now.
  void make_constant(ir::ValueId value, const ShapeBounds& shape, ir::Bytes bytes);
  // An activation with these properties and no shape yet.
  ir::ValueId new_value(const std::string& name, Type type, const ir::Quantization& quantization);

  // Resource variables: handles are tensors without a value.
  void bind_handle(int32_t tensor, const std::string& variable) { handles_[tensor] = variable; }
  const std::string* handle(int32_t tensor) const;
  // The value that a read sees: an earlier assignment's, else the state's.
  ir::ValueId read_variable(const std::string& variable, const ir::Value& like,
                            const std::string& where);
  void assign_variable(const std::string& variable, ir::ValueId value, const std::string& where);

 private:
  struct Slot {
    ir::ValueId value = ir::kNone;
    bool unknown = false;  // its writer failed
  };
  struct Variable {
    ir::ValueId state = ir::kNone, current = ir::kNone;
    bool assigned = false;
    std::string where;
  };

  using PortNames = std::map<uint32_t, std::string>;  // by tensor
  void import_inputs(const PortNames& names);
  void import_input(int32_t index, const PortNames& names);
  bool check_input(int32_t index, const std::string& where);
  void import_outputs(const PortNames& names);
  ir::ValueId output_value(int32_t index, const std::string& where);
  void import_operators();
  void import_operator(uint32_t index);
  void check_outputs(const tfl::Operator& op, const std::string& where);
  void abandon_outputs(const tfl::Operator& op);
  void write_states();
  bool fold_integers(const ir::Node& node);
  // True when the input became a constant, or should have and an error was added.
  bool fix_input(uint32_t index, const std::string& port, ir::Value value,
                 const std::string& where);
  bool choose_shape(uint32_t index, const std::string& port, ir::Value* value,
                    const std::string& where);
  // The dense form of a sparse constant; null and an error when there is none.
  std::shared_ptr<const ir::Bytes> dense_data(uint32_t index, const ir::Value& value,
                                              Span<const uint8_t> data, const std::string& place);
  ir::ValueId import_constant(uint32_t index, Span<const uint8_t> data, const std::string& where);
  bool read_quantization(const tfl::Tensor& tensor, ir::Value* value, const std::string& where);
  Variable* variable(const std::string& name, const ir::Value& like, const std::string& where);

  Source& source_;
  const uint32_t number_;
  const tfl::SubGraph& subgraph_;
  ir::Graph graph_;
  ShapeValues shape_values_{graph_};
  bool called_ = false;  // by an operator: ports are as the values within
  std::vector<Slot> slots_;
  std::map<int32_t, std::string> handles_;
  std::map<std::string, Variable> variables_;
};

}  // namespace mote::tflite_import
