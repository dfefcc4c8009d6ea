// Writes ONNX models operator by operator: weights and names are made up.
#pragma once

#include <random>
#include <string>
#include <variant>
#include <vector>

#include "converter/onnx_builder.h"
#include "support/open_models.h"

namespace mote::test {

struct OnnxAttribute {
  OnnxAttribute(const char* n, int64_t i) : name(n), value(i) {}
  OnnxAttribute(const char* n, int i) : name(n), value(int64_t{i}) {}
  OnnxAttribute(const char* n, const char* s) : name(n), value(std::string(s)) {}
  OnnxAttribute(const char* n, const onnx::GraphProto& g) : name(n), value(g) {}
  OnnxAttribute(const char* n, std::initializer_list<int64_t> list)
      : name(n), value(std::vector<int64_t>(list)) {}
  std::string name;
  std::variant<int64_t, std::string, onnx::GraphProto, std::vector<int64_t>> value;
};

class OnnxMaker {
 public:
  using Name = std::string;
  using Names = std::vector<std::string>;
  using Attributes = std::vector<OnnxAttribute>;

  explicit OnnxMaker(const std::string& name, int64_t opset = 17) : builder_(opset) {
    model_.name = name;
  }

  void input(const Name& name, const Names& dims, int32_t type = onnx::TensorProto::FLOAT) {
    builder_.input(name, {}, type);
    auto* shape = builder_.graph()
                      .mutable_input(static_cast<int>(model_.inputs.size()))
                      ->mutable_type()
                      ->mutable_tensor_type()
                      ->mutable_shape();
    for (const std::string& d : dims) {
      const bool is_number = d.find_first_not_of("0123456789") == std::string::npos;
      if (is_number)
        shape->add_dim()->set_dim_value(std::stoi(d));
      else
        shape->add_dim()->set_dim_param(d);
    }
    model_.inputs.push_back({name, dims});
  }
  void bound(const std::string& dimension, int32_t largest) {
    model_.bounds[dimension] = {1, largest};
  }
  void output(const Name& name) { builder_.output(name); }

  Name floats(const std::vector<int64_t>& shape, const std::vector<float>& elements) {
    return constant(OnnxBuilder::floats(next(), shape, elements));
  }
  Name scalar(float value) { return floats({}, {value}); }
  // From -0.4 to 0.4, so that networks of them stay within bounds.
  Name weights(const std::vector<int64_t>& shape) {
    int64_t count = 1;
    for (int64_t d : shape) count *= d;
    std::vector<float> elements(static_cast<size_t>(count));
    for (float& e : elements) e = static_cast<float>(random_() % 801) * 1e-3f - 0.4f;
    return floats(shape, elements);
  }
  // The same in the form that exporters choose for large ones.
  Name raw_weights(const std::vector<int64_t>& shape) {
    Name name = weights(shape);
    auto& t = *builder_.graph().mutable_initializer()->rbegin();
    t.set_raw_data(t.float_data().data(), static_cast<size_t>(t.float_data_size()) * sizeof(float));
    t.clear_float_data();
    return name;
  }
  Name ints(const std::vector<int64_t>& elements) {
    return constant(OnnxBuilder::ints(next(), elements));
  }
  Name int_scalar(int64_t value) {
    onnx::TensorProto t = OnnxBuilder::ints(next(), {value});
    t.clear_dims();
    return constant(t);
  }
  // int8; of rank 0 without a shape.
  Name bytes(const std::vector<int8_t>& elements, const std::vector<int64_t>& shape = {}) {
    onnx::TensorProto t;
    t.set_name(next());
    t.set_data_type(onnx::TensorProto::INT8);
    for (int64_t d : shape) t.add_dims(d);
    for (int8_t e : elements) t.add_int32_data(e);
    return constant(t);
  }

  Name op(const std::string& type, const Names& inputs, const Attributes& attributes = {}) {
    return ops(type, inputs, 1, attributes)[0];
  }
  Names ops(const std::string& type, const Names& inputs, int outputs,
            const Attributes& attributes) {
    Names results;
    for (int i = 0; i < outputs; ++i) results.push_back(next());
    onnx::NodeProto* node = builder_.node(type, inputs, results);
    for (const OnnxAttribute& a : attributes) set(node, a);
    return results;
  }

  OpenModel finish() {
    model_.bytes = builder_.finish();
    return model_;
  }

 private:
  using Proto = onnx::AttributeProto;

  Name next() { return "v" + std::to_string(count_++); }
  Name constant(const onnx::TensorProto& t) {
    builder_.constant(t);
    return t.name();
  }
  static void set(onnx::NodeProto* node, const OnnxAttribute& a) {
    if (const auto* i = std::get_if<int64_t>(&a.value)) {
      OnnxBuilder::set_int(node, a.name, *i);
    } else if (const auto* s = std::get_if<std::string>(&a.value)) {
      OnnxBuilder::attribute(node, a.name, Proto::STRING)->set_s(*s);
    } else if (const auto* g = std::get_if<onnx::GraphProto>(&a.value)) {
      *OnnxBuilder::attribute(node, a.name, Proto::GRAPH)->mutable_g() = *g;
    } else {
      auto* list = OnnxBuilder::attribute(node, a.name, Proto::INTS);
      for (int64_t i : std::get<std::vector<int64_t>>(a.value)) list->add_ints(i);
    }
  }

  OnnxBuilder builder_;
  OpenModel model_;
  int count_ = 0;
  std::mt19937 random_{7};
};

}  // namespace mote::test
