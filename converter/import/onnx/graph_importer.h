// A model's graph, with the functions, branches and loops that are unfolded into it, becomes one
// graph: names are looked up in nested scopes.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "import/onnx/source.h"
#include "import/shape_values.h"
#include "ir/builder.h"

namespace mote::onnx_import {

struct NodeSource;

// What a name stands for.
struct Slot {
  enum class State {
    unknown,      // its writer failed
    value,        //
    initializer,  // that nobody has read yet
    empty,        // a tensor of no elements: its type and dims alone
    absent,       // an optional operand that a function's call leaves out
    unsupported,  // `reason`
  };
  State state = State::unknown;
  ir::ValueId value = ir::kNone;
  const onnx::TensorProto* initializer = nullptr;
  Tensor empty;
  std::string reason;

  static Slot of(ir::ValueId v) {
    Slot s;
    s.state = State::value;
    s.value = v;
    return s;
  }
};

// The call of a function, where its attributes stand.
struct FunctionCall {
  const onnx::FunctionProto& function;
  const NodeSource& node;
};

struct NodeSource {
  const onnx::NodeProto& proto;
  int32_t opset;                       // of the node's domain
  const FunctionCall* call = nullptr;  // null outside of functions
};

// The attribute as the node sees it: its own, or the one of the function's call that it refers to.
const onnx::AttributeProto* find_attribute(const NodeSource& node, const std::string& name);

class GraphImporter {
 public:
  explicit GraphImporter(Source& source);

  ir::Graph run(const std::string& name);

  Source& source() { return source_; }
  Builder& builder() { return builder_; }
  ir::Graph& graph() { return graph_; }
  ShapeValues& shape_values() { return shape_values_; }

  // Null when nothing has this name.
  Slot* find(const std::string& name);
  // The value of a name, made when it is first asked for. kNone when it has none (an error was
  // added) or when its writer failed (silent).
  ir::ValueId value(const std::string& name, const std::string& where);
  bool is_wanted(const std::string& name) const;
  // Binds an output's name; the empty name: nobody wants it.
  void define(const std::string& name, Slot slot, const std::string& where);
  // One more output of the model, behind its own.
  void add_output(ir::ValueId v) { further_outputs_.push_back(v); }
  // Elements without a shape of Mote's: none.
  ir::ValueId constant(const Tensor& tensor, const std::string& name, const std::string& where);

  // Unfolds a branch or one turn of a loop: binds `inputs` to the graph's inputs, imports the nodes
  // and returns the outputs' slots. Nothing when it is nested too deep.
  std::optional<std::vector<Slot>> unfold(const onnx::GraphProto& graph, std::vector<Slot> inputs,
                                          const NodeSource& node, const std::string& where);

 private:
  struct Scope {
    Scope* parent = nullptr;  // whose names are visible here
    const Names* used = nullptr;
    const Opsets* opsets = nullptr;
    const FunctionCall* call = nullptr;
    std::string place;  // "node 3 (If), "
    std::unordered_map<std::string, Slot> slots;
  };
  using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

  void import_initializers(const onnx::GraphProto& graph);
  void import_inputs(const onnx::GraphProto& graph);
  void import_input(const onnx::ValueInfoProto& input, size_t place);
  std::optional<ShapeBounds> input_shape(const onnx::ValueInfoProto& input, const std::string& name,
                                         const std::string& where);
  bool fix_empty(const onnx::ValueInfoProto& input, const std::string& name, size_t place,
                 Type type);
  bool fix_input(const std::string& name, const ir::Value& value, const std::string& where);
  void report_open_dimensions();
  void import_nodes(const Nodes& nodes);
  void import_node(const onnx::NodeProto& node, const std::string& where);
  void call_importer(const NodeSource& node, const std::string& where);
  void call_function(const onnx::FunctionProto& function, const NodeSource& node,
                     const std::string& where);
  bool reads_unknown(const onnx::NodeProto& node);
  // A name for a value: the copies of a body are counted.
  std::string fresh_name(const std::string& name);
  void abandon_outputs(const onnx::NodeProto& node);
  void import_outputs(const onnx::GraphProto& graph);
  void import_further_outputs();
  ir::ValueId output_value(const std::string& name, const std::string& where);

  Source& source_;
  ir::Graph graph_;
  Builder builder_;
  ShapeValues shape_values_{graph_};
  Scope* scope_ = nullptr;
  int depth_ = 0;                // of unfolded bodies
  size_t node_first_value_ = 0;  // values from here on are the current node's
  struct OpenDimension {
    std::string name;
    std::vector<std::string> inputs;
  };
  std::vector<OpenDimension> open_dimensions_;
  std::unordered_map<std::string, int> name_counts_;
  std::vector<ir::ValueId> further_outputs_;
  std::unordered_map<const Nodes*, std::vector<int>> orders_;
};

}  // namespace mote::onnx_import
