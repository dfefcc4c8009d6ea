// Small ONNX files for the tests of the importer.
#pragma once

#include <string>
#include <vector>

#include "onnx.pb.h"

namespace mote::test {

class OnnxBuilder {
 public:
  onnx::ModelProto model;

  explicit OnnxBuilder(int64_t opset = 17) {
    model.set_ir_version(8);
    model.mutable_graph();
    import_opset("", opset);
  }
  onnx::GraphProto& graph() { return *model.mutable_graph(); }

  void import_opset(const std::string& domain, int64_t version) {
    auto* o = model.add_opset_import();
    o->set_domain(domain);
    o->set_version(version);
  }
  // A size of -1: a dimension without a name; named ones by dim_param.
  static void describe(onnx::ValueInfoProto* port, const std::string& name,
                       const std::vector<int64_t>& shape, int32_t type = onnx::TensorProto::FLOAT) {
    port->set_name(name);
    auto* tensor = port->mutable_type()->mutable_tensor_type();
    tensor->set_elem_type(type);
    tensor->mutable_shape();
    for (int64_t d : shape) {
      auto* dim = tensor->mutable_shape()->add_dim();
      if (d >= 0) dim->set_dim_value(d);
    }
  }
  void input(const std::string& name, const std::vector<int64_t>& shape,
             int32_t type = onnx::TensorProto::FLOAT) {
    describe(graph().add_input(), name, shape, type);
  }
  // The dimension of the input added last.
  void name_dimension(int place, const std::string& name) {
    auto* input = graph().mutable_input(graph().input_size() - 1);
    input->mutable_type()
        ->mutable_tensor_type()
        ->mutable_shape()
        ->mutable_dim(place)
        ->set_dim_param(name);
  }
  void output(const std::string& name) { graph().add_output()->set_name(name); }

  static onnx::TensorProto ints(const std::string& name, const std::vector<int64_t>& elements) {
    onnx::TensorProto t;
    t.set_name(name);
    t.set_data_type(onnx::TensorProto::INT64);
    t.add_dims(static_cast<int64_t>(elements.size()));
    for (int64_t e : elements) t.add_int64_data(e);
    return t;
  }
  static onnx::TensorProto floats(const std::string& name, const std::vector<int64_t>& shape,
                                  const std::vector<float>& elements) {
    onnx::TensorProto t;
    t.set_name(name);
    t.set_data_type(onnx::TensorProto::FLOAT);
    for (int64_t d : shape) t.add_dims(d);
    for (float e : elements) t.add_float_data(e);
    return t;
  }
  void constant(const onnx::TensorProto& t) { *graph().add_initializer() = t; }

  static onnx::NodeProto* add(onnx::NodeProto* node, const std::string& op,
                              const std::vector<std::string>& inputs,
                              const std::vector<std::string>& outputs) {
    node->set_op_type(op);
    for (const std::string& i : inputs) node->add_input(i);
    for (const std::string& o : outputs) node->add_output(o);
    return node;
  }
  onnx::NodeProto* node(const std::string& op, const std::vector<std::string>& inputs,
                        const std::vector<std::string>& outputs) {
    return add(graph().add_node(), op, inputs, outputs);
  }
  static onnx::AttributeProto* attribute(onnx::NodeProto* node, const std::string& name,
                                         onnx::AttributeProto::AttributeType type) {
    auto* a = node->add_attribute();
    a->set_name(name);
    a->set_type(type);
    return a;
  }
  static void set_int(onnx::NodeProto* node, const std::string& name, int64_t value) {
    attribute(node, name, onnx::AttributeProto::INT)->set_i(value);
  }

  std::vector<uint8_t> finish() const {
    std::string bytes = model.SerializeAsString();
    return {bytes.begin(), bytes.end()};
  }
};

}  // namespace mote::test
