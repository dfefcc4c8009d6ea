#include "import/onnx/source.h"

#include <algorithm>

#include "import/onnx/tensor_data.h"

namespace mote::onnx_import {
namespace {

// Enough to see every kind of trouble in a real model.
constexpr uint32_t kMaxErrors = 1000;
// Names are for people.
constexpr size_t kMaxName = 1024;
// What unrolled loops and inlined functions may add to the nodes of the file.
constexpr uint64_t kMaxCopiedNodes = 1 << 16;

std::string key_of(const std::string& domain, const std::string& name,
                   const std::string& overload) {
  return full_name(domain, name) + '\n' + overload;
}

void add_used(const google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes, Source& source,
              Names* names) {
  for (const onnx::NodeProto& node : nodes) {
    names->insert(node.input().begin(), node.input().end());
    for (const onnx::AttributeProto& a : node.attribute()) {
      if (!a.has_g()) continue;
      const Names& inner = source.used_names(a.g());
      names->insert(inner.begin(), inner.end());
    }
  }
}

// The parsed model is the import's alone, and nobody reads elements but read_tensor: weights are
// held once.
void give_up(const onnx::TensorProto& tensor) {
  auto& parsed = const_cast<onnx::TensorProto&>(tensor);
  if (parsed.has_raw_data()) delete parsed.release_raw_data();
  google::protobuf::RepeatedField<float>().Swap(parsed.mutable_float_data());
}

}  // namespace

std::string text_of(const std::string& name) {
  std::string text = name.substr(0, kMaxName);
  auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  text.erase(std::remove_if(text.begin(), text.end(), is_control), text.end());
  return text;
}

std::string full_name(const std::string& domain, const std::string& name) {
  bool is_own = domain.empty() || domain == "ai.onnx";
  return text_of(is_own ? name : domain + "." + name);
}

Source::Source(const onnx::ModelProto& model, uint64_t file_bytes, const ConvertOptions& options,
               Diagnostics& diagnostics)
    : model_(model),
      options_(options),
      diagnostics_(diagnostics),
      opsets_(read_opsets(model.opset_import())),
      external_data_(options.external_data_directory),
      // A node takes at least two bytes.
      nodes_left_(file_bytes / 2 + kMaxCopiedNodes) {
  for (const onnx::FunctionProto& f : model.functions())
    functions_.emplace(key_of(f.domain(), f.name(), f.overload()), &f);
}

Opsets Source::read_opsets(
    const google::protobuf::RepeatedPtrField<onnx::OperatorSetIdProto>& imports) const {
  Opsets opsets;
  for (const onnx::OperatorSetIdProto& o : imports) {
    int64_t version = std::clamp<int64_t>(o.version(), 0, INT32_MAX);
    opsets[o.domain() == "ai.onnx" ? "" : o.domain()] = static_cast<int32_t>(version);
  }
  return opsets;
}

bool Source::gave_up() const { return errors_ >= kMaxErrors; }

void Source::error(const std::string& where, const std::string& what, const std::string& remedy) {
  if (errors_++ < kMaxErrors) diagnostics_.add(where, what, remedy);
  if (errors_ == kMaxErrors) diagnostics_.add("", "and more of the like");
}

void Source::note_unsupported(const std::string& name, const std::string& where) {
  Unsupported& u = unsupported_[name];
  if (u.count++ == 0) u.where = where;
}

void Source::report_unsupported() {
  if (unsupported_.empty()) return;
  std::string text = "operators that are not supported:";
  for (const auto& [name, u] : unsupported_)
    text += (text.back() == ':' ? " " : ", ") + name + " (" + std::to_string(u.count) +
            (u.count == 1 ? " time, at " : " times, first at ") + u.where + ")";
  error("", text,
        "replace them in the source model, or give each a model that computes the same (--custom "
        "NAME=FILE) or an importer (mote/custom_operator.h)");
}

bool Source::visit_node() {
  if (nodes_left_ > 0) {
    if (--nodes_left_ > 0) return true;
    error("", "loops and functions unfold to too many nodes",
          "export the model without unrolling, or with smaller trip counts");
  }
  return false;
}

std::optional<Type> Source::type_of(int64_t data_type, const std::string& where) {
  if (std::optional<Type> type = element_type(data_type)) return type;
  const bool is_double = data_type == onnx::TensorProto::DOUBLE;
  if (is_double && options_.double_as_float) return Type::float32;
  error(where, "element type " + element_type_text(data_type) + " is not supported",
        is_double ? "export the model with float32, or convert it so (--double-as-float)"
                  : "export the model with other types");
  return std::nullopt;
}

std::optional<Tensor> Source::read_tensor(const onnx::TensorProto& tensor,
                                          const std::string& where) {
  auto known = tensors_.find(&tensor);
  if (known != tensors_.end()) return known->second;
  std::optional<Type> type = type_of(tensor.data_type(), where);
  if (!type) return std::nullopt;
  Tensor out;
  out.type = *type;
  std::string problem = read_elements(tensor, external_data_, &out);
  if (!problem.empty()) {
    error(where, problem, "the file is damaged or incomplete; export the model again");
    return std::nullopt;
  }
  give_up(tensor);
  return tensors_.emplace(&tensor, std::move(out)).first->second;
}

const onnx::FunctionProto* Source::find_function(const onnx::NodeProto& node) const {
  if (functions_.empty()) return nullptr;
  auto it = functions_.find(key_of(node.domain(), node.op_type(), node.overload()));
  return it == functions_.end() ? nullptr : it->second;
}

onnx::GraphProto& Source::make_graph() {
  made_graphs_.push_back(std::make_unique<onnx::GraphProto>());
  return *made_graphs_.back();
}

const Names& Source::used_names(const onnx::GraphProto& graph) {
  auto known = used_names_.find(&graph);
  if (known != used_names_.end()) return known->second;
  Names names;
  add_used(graph.node(), *this, &names);
  for (const onnx::ValueInfoProto& o : graph.output()) names.insert(o.name());
  return used_names_.emplace(&graph, std::move(names)).first->second;
}

const Names& Source::used_names(const onnx::FunctionProto& function) {
  auto known = used_names_.find(&function);
  if (known != used_names_.end()) return known->second;
  Names names;
  add_used(function.node(), *this, &names);
  names.insert(function.output().begin(), function.output().end());
  return used_names_.emplace(&function, std::move(names)).first->second;
}

}  // namespace mote::onnx_import
