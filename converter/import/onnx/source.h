// A parsed ONNX model and what its graphs share while they are imported.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "diagnostics.h"
#include "import/fixed_inputs.h"
#include "import/onnx/external_data.h"
#include "ir/graph.h"
#include "onnx.pb.h"

namespace mote::onnx_import {

// A name of the file as people and C strings can read it.
std::string text_of(const std::string& name);
// The operator set and name: "Conv", "com.microsoft.FusedConv".
std::string full_name(const std::string& domain, const std::string& name);

using Opsets = std::map<std::string, int32_t>;  // version by domain; "" is ONNX's own
using Names = std::unordered_set<std::string>;

// A TensorProto's elements.
struct Tensor {
  Type type = Type::float32;
  std::vector<int64_t> dims;              // at least 0
  std::shared_ptr<const ir::Bytes> data;  // null when there are no elements
  bool is_empty() const { return data == nullptr; }
};

class Source {
 public:
  // `model` and `options` outlive the source; `file_bytes`: the size of the file.
  Source(const onnx::ModelProto& model, uint64_t file_bytes, const ConvertOptions& options,
         Diagnostics& diagnostics);

  const onnx::ModelProto& model() const { return model_; }
  const ConvertOptions& options() const { return options_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  const Opsets& opsets() const { return opsets_; }
  Opsets read_opsets(
      const google::protobuf::RepeatedPtrField<onnx::OperatorSetIdProto>& imports) const;

  uint32_t errors() const { return errors_; }
  // True when there are so many errors that further ones say nothing new.
  bool gave_up() const;
  void error(const std::string& where, const std::string& what, const std::string& remedy = {});
  // Operators without an importer: counted, and reported together by report_unsupported.
  void note_unsupported(const std::string& name, const std::string& where);
  void report_unsupported();

  // Bodies of functions, loops and branches are copied, so a small file may ask for more nodes than
  // anybody wants; false (and a diagnostic, once) when it does.
  bool visit_node();

  // Element type; nothing and an error when Mote has none.
  std::optional<Type> type_of(int64_t data_type, const std::string& where);
  // The elements, read once per tensor; nothing and an error when they are not as declared.
  std::optional<Tensor> read_tensor(const onnx::TensorProto& tensor, const std::string& where);

  // An empty graph that lives as long as the source: what is read is remembered by address.
  onnx::GraphProto& make_graph();
  // Null when the model has no function of this name.
  const onnx::FunctionProto* find_function(const onnx::NodeProto& node) const;
  // The names that a graph's nodes read, with those in its subgraphs, and its outputs.
  const Names& used_names(const onnx::GraphProto& graph);
  const Names& used_names(const onnx::FunctionProto& function);

  std::set<std::string> shaped_inputs;             // names in the options that were found
  std::map<std::string, FixedInput> fixed_inputs;  // the same
  std::set<std::string> bounded_dimensions;

 private:
  struct Unsupported {
    uint32_t count = 0;
    std::string where;  // the first
  };

  const onnx::ModelProto& model_;
  const ConvertOptions& options_;
  Diagnostics& diagnostics_;
  Opsets opsets_;
  std::map<std::string, const onnx::FunctionProto*> functions_;
  std::map<const onnx::TensorProto*, Tensor> tensors_;
  std::map<const void*, Names> used_names_;
  std::vector<std::unique_ptr<onnx::GraphProto>> made_graphs_;
  std::map<std::string, Unsupported> unsupported_;
  ExternalData external_data_;
  uint64_t nodes_left_;
  uint32_t errors_ = 0;
};

}  // namespace mote::onnx_import
