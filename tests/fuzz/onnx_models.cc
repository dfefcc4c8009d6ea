#include "onnx_models.h"

#include <cstring>
#include <iterator>
#include <random>

#include "converter/onnx_builder.h"

namespace mote::test {
namespace {

using Random = std::mt19937;
using onnx::AttributeProto;

OnnxBuilder chain() {
  OnnxBuilder b;
  b.input("x", {2, 3, 4});
  b.constant(OnnxBuilder::ints("ints", {0, 2, 1}));
  b.constant(OnnxBuilder::floats("w", {3, 4}, std::vector<float>(12, 0.5f)));
  auto* turned = b.node("Transpose", {"x"}, {"a"});
  auto* order = OnnxBuilder::attribute(turned, "perm", AttributeProto::INTS);
  for (int64_t p : {0, 2, 1}) order->add_ints(p);
  b.node("Shape", {"a"}, {"s"});
  b.node("Reshape", {"a", "s"}, {"r"});
  OnnxBuilder::set_int(b.node("Gather", {"x", "ints"}, {"g"}), "axis", 1);
  OnnxBuilder::set_int(b.node("Concat", {"r", "r"}, {"c"}), "axis", 2);
  b.node("Slice", {"c", "ints", "s"}, {"l"});
  b.node("Add", {"x", "w"}, {"y"});
  for (const char* name : {"c", "g", "y"}) b.output(name);
  return b;
}

OnnxBuilder branches() {
  OnnxBuilder b;
  b.input("x", {2, 2});
  b.constant(OnnxBuilder::ints("turns", {2}));
  onnx::GraphProto body;
  for (const char* name : {"i", "go", "state"}) body.add_input()->set_name(name);
  OnnxBuilder::add(body.add_node(), "Transpose", {"state"}, {"next"});
  for (const char* name : {"go", "next", "state"}) body.add_output()->set_name(name);
  auto* loop = b.node("Loop", {"turns", "", "x"}, {"last", "all"});
  *OnnxBuilder::attribute(loop, "body", AttributeProto::GRAPH)->mutable_g() = body;
  b.output("last");
  b.output("all");
  return b;
}

OnnxBuilder convolution() {
  OnnxBuilder b;
  b.input("x", {1, 2, 5, 5});
  b.constant(OnnxBuilder::floats("w", {3, 2, 3, 3}, std::vector<float>(54, 0.25f)));
  b.node("Conv", {"x", "w"}, {"c"});
  b.node("Relu", {"c"}, {"r"});
  auto* pool = b.node("MaxPool", {"r"}, {"p"});
  auto* kernel = OnnxBuilder::attribute(pool, "kernel_shape", AttributeProto::INTS);
  for (int64_t k : {2, 2}) kernel->add_ints(k);
  b.node("Flatten", {"p"}, {"f"});
  b.node("Softmax", {"f"}, {"y"});
  b.output("y");
  return b;
}

onnx::TensorProto bytes_tensor(const std::string& name, int32_t type,
                               const std::vector<int64_t>& shape, int32_t value) {
  onnx::TensorProto t;
  t.set_name(name);
  t.set_data_type(type);
  int64_t count = 1;
  for (int64_t d : shape) {
    t.add_dims(d);
    count *= d;
  }
  for (int64_t i = 0; i < count; ++i) t.add_int32_data(value);
  return t;
}

// Operators that become integer ones, among them a pool of stored integers.
OnnxBuilder quantized() {
  constexpr int32_t kInt8 = onnx::TensorProto::INT8, kUint8 = onnx::TensorProto::UINT8;
  OnnxBuilder b;
  b.import_opset("com.microsoft", 1);
  b.input("x", {1, 2, 5, 5});
  b.constant(OnnxBuilder::floats("s", {}, {0.5f}));
  b.constant(OnnxBuilder::floats("ws", {3}, {0.25f, 0.5f, 0.125f}));
  b.constant(bytes_tensor("z", kUint8, {}, 130));
  b.constant(bytes_tensor("w", kInt8, {3, 2, 3, 3}, -3));
  b.constant(bytes_tensor("wz", kInt8, {3}, 0));
  b.constant(bytes_tensor("bias", onnx::TensorProto::INT32, {3}, 20));
  b.node("QuantizeLinear", {"x", "s", "z"}, {"q"});
  b.node("DequantizeLinear", {"q", "s", "z"}, {"d"});
  OnnxBuilder::set_int(b.node("DequantizeLinear", {"w", "ws", "wz"}, {"dw"}), "axis", 0);
  b.node("Conv", {"d", "dw"}, {"c"});
  b.node("Relu", {"c"}, {"r"});
  b.node("QuantizeLinear", {"r", "s", "z"}, {"rq"});
  b.node("QLinearConv", {"q", "s", "z", "w", "ws", "wz", "s", "z", "bias"}, {"lc"});
  auto* pool = b.node("MaxPool", {"lc"}, {"p"});
  auto* kernel = OnnxBuilder::attribute(pool, "kernel_shape", AttributeProto::INTS);
  for (int64_t k : {1, 1}) kernel->add_ints(k);
  auto* sum = b.node("QLinearAdd", {"p", "s", "z", "rq", "s", "z", "s", "z"}, {"a"});
  sum->set_domain("com.microsoft");
  b.node("DequantizeLinear", {"a", "s", "z"}, {"y"});
  b.output("y");
  return b;
}

int64_t odd_number(Random& random) {
  constexpr int64_t kOdd[] = {0,         1,         -1,        2,     3,
                              -2,        7,         8,         9,     INT32_MAX,
                              INT32_MIN, INT64_MAX, INT64_MIN, 65536, int64_t{1} << 40};
  return kOdd[random() % std::size(kOdd)];
}

const char* operator_name(Random& random) {
  constexpr const char* kNames[] = {
#define MOTE_ONNX_IMPORTER(name, function) #name,
#include "import/onnx/importers.inc"
#undef MOTE_ONNX_IMPORTER
  };
  return kNames[random() % std::size(kNames)];
}

template <class List>
auto* any(List* list, Random& random) {
  return list->Mutable(static_cast<int>(random() % static_cast<uint32_t>(list->size())));
}

// Some name that the graph knows.
std::string any_name(const onnx::GraphProto& graph, Random& random) {
  std::vector<std::string> names{""};
  for (const auto& i : graph.input()) names.push_back(i.name());
  for (const auto& i : graph.initializer()) names.push_back(i.name());
  for (const auto& n : graph.node())
    names.insert(names.end(), n.output().begin(), n.output().end());
  return names[random() % names.size()];
}

void change(AttributeProto* a, Random& random) {
  switch (random() % 4) {
    case 0:
      a->set_i(odd_number(random));
      break;
    case 1:
      a->add_ints(odd_number(random));
      break;
    case 2:
      if (a->ints_size() > 0)
        a->set_ints(static_cast<int>(random() % static_cast<uint32_t>(a->ints_size())),
                    odd_number(random));
      break;
    default:
      a->set_f(static_cast<float>(odd_number(random)));
  }
}

void change(onnx::NodeProto* node, const onnx::GraphProto& graph, Random& random) {
  switch (random() % 5) {
    case 0:
      node->set_op_type(operator_name(random));
      break;
    case 1:
      if (node->input_size() > 0)
        node->set_input(static_cast<int>(random() % static_cast<uint32_t>(node->input_size())),
                        any_name(graph, random));
      break;
    case 2:
      node->add_input(any_name(graph, random));
      break;
    case 3:
      OnnxBuilder::set_int(node, random() % 2 == 0 ? "axis" : "keepdims", odd_number(random));
      break;
    default:
      if (node->attribute_size() > 0) change(any(node->mutable_attribute(), random), random);
  }
}

void change(onnx::TensorProto* t, Random& random) {
  switch (random() % 4) {
    case 0:
      t->add_dims(odd_number(random));
      break;
    case 1:
      if (t->dims_size() > 0) t->set_dims(0, odd_number(random));
      break;
    case 2:
      t->set_data_type(static_cast<int32_t>(random() % 24));
      break;
    default:
      if (t->int64_data_size() > 0)
        t->set_int64_data(static_cast<int>(random() % static_cast<uint32_t>(t->int64_data_size())),
                          odd_number(random));
  }
}

void change(onnx::GraphProto* graph, Random& random) {
  switch (random() % 4) {
    case 0:
      if (graph->initializer_size() > 0) change(any(graph->mutable_initializer(), random), random);
      break;
    case 1: {
      // A new operator behind the others.
      const std::string from = any_name(*graph, random), to = "n" + std::to_string(random());
      OnnxBuilder::add(graph->add_node(), operator_name(random), {from}, {to});
      if (graph->output_size() > 0) graph->mutable_output(0)->set_name(to);
      break;
    }
    default:
      if (graph->node_size() > 0) change(any(graph->mutable_node(), random), *graph, random);
  }
}

}  // namespace

std::vector<std::pair<std::string, std::vector<uint8_t>>> onnx_seeds() {
  return {{"chain", chain().finish()},
          {"branches", branches().finish()},
          {"convolution", convolution().finish()},
          {"quantized", quantized().finish()}};
}

size_t mutate_onnx(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  Random random(seed);
  onnx::ModelProto model;
  if (!model.ParseFromArray(data, static_cast<int>(size)) || !model.has_graph()) {
    const auto seeds = onnx_seeds();
    const auto& bytes = seeds[random() % seeds.size()].second;
    model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  }
  change(model.mutable_graph(), random);
  const std::string bytes = model.SerializeAsString();
  if (bytes.size() > max_size) return size;
  memcpy(data, bytes.data(), bytes.size());
  return bytes.size();
}

}  // namespace mote::test
