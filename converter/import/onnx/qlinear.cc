// QLinearConv, QLinearAdd, QGemm, ...: operators on stored integers as the ONNX nodes that they
// stand for, dequantize, the float operator and quantize. The pass fuse_qdq makes one of them
// again.
#include "import/onnx/qlinear.h"

#include <algorithm>

#include "import/onnx/graph_importer.h"
#include "import/onnx/source.h"

namespace mote::onnx_import {
namespace {

// The nodes in place of one. Strings of the node's operands are visible to them.
class Lowering {
 public:
  explicit Lowering(NodeImport& c) : c_(c), graph_(c.importer().source().make_graph()) {}

  // The name of operand `i`; empty when it is missing.
  std::string operand(size_t i) const {
    return c_.has(i) ? c_.node().proto.input(static_cast<int>(i)) : std::string();
  }
  // A new node; its output's name is returned by name_of.
  onnx::NodeProto* add(const std::string& op, const std::vector<std::string>& inputs) {
    onnx::NodeProto* node = graph_.add_node();
    node->set_op_type(op);
    for (const std::string& i : inputs) node->add_input(i);
    node->add_output("lowered " + std::to_string(graph_.node_size()));
    return node;
  }
  static std::string name_of(const onnx::NodeProto* node) { return node->output(0); }

  // Operands `i`, i + 1 and i + 2: integers, scale, zero point.
  std::string dequantize(size_t i, int64_t axis = 0) {
    return dequantize(operand(i), operand(i + 1), operand(i + 2), axis);
  }
  std::string dequantize(const std::string& x, const std::string& scale,
                         const std::string& zero_point, int64_t axis) {
    onnx::NodeProto* node = add("DequantizeLinear", {x, scale, zero_point});
    set_int(node, "axis", axis);
    return name_of(node);
  }
  static void set_int(onnx::NodeProto* node, const std::string& name, int64_t value) {
    onnx::AttributeProto* a = node->add_attribute();
    a->set_name(name);
    a->set_type(onnx::AttributeProto::INT);
    a->set_i(value);
  }
  void copy_attributes(onnx::NodeProto* node, const std::vector<std::string>& names) const {
    for (const onnx::AttributeProto& a : c_.node().proto.attribute())
      if (std::find(names.begin(), names.end(), a.name()) != names.end())
        *node->add_attribute() = a;
  }
  std::string constant(const std::vector<int64_t>& elements) {
    onnx::TensorProto* t = graph_.add_initializer();
    t->set_name("lowered constant " + std::to_string(graph_.initializer_size()));
    t->set_data_type(onnx::TensorProto::INT64);
    t->add_dims(static_cast<int64_t>(elements.size()));
    for (int64_t e : elements) t->add_int64_data(e);
    return t->name();
  }

  // Output 0 is `y` quantized with operands `scale` and `scale` + 1.
  void finish_quantized(const std::string& y, size_t scale) {
    finish(name_of(add("QuantizeLinear", {y, operand(scale), operand(scale + 1)})));
  }
  void finish(const std::string& y) {
    if (c_.failed()) return;
    graph_.add_output()->set_name(y);
    auto slots = c_.importer().unfold(graph_, {}, c_.node(), c_.where());
    if (slots && !c_.failed() && slots->size() == 1 && (*slots)[0].value != ir::kNone)
      c_.define(0, (*slots)[0].value);
  }

 private:
  NodeImport& c_;
  onnx::GraphProto& graph_;
};

using Strings = std::vector<std::string>;

const Strings kWindow = {"auto_pad",  "ceil_mode", "count_include_pad",
                         "dilations", "group",     "kernel_shape",
                         "pads",      "strides"};

bool is_channels_last(NodeImport& c) {
  if (c.attr_int("channels_last", 0) == 0) return false;
  c.error("channels_last", "convert the model with channels second");
  return true;
}

// op(x): operands x, scale and zero point, then those of the result.
void lower_unary(NodeImport& c, const char* op, const Strings& attributes) {
  Lowering g(c);
  onnx::NodeProto* node = g.add(op, {g.dequantize(0)});
  g.copy_attributes(node, attributes);
  g.finish_quantized(Lowering::name_of(node), 3);
}

void lower_binary(NodeImport& c, const char* op) {
  Lowering g(c);
  const std::string a = g.dequantize(0), b = g.dequantize(3);
  g.finish_quantized(Lowering::name_of(g.add(op, {a, b})), 6);
}

int32_t default_opset(NodeImport& c) {
  const Opsets& opsets = c.importer().source().opsets();
  auto own = opsets.find("");
  return own == opsets.end() ? 1 : own->second;
}

bool is_known(NodeImport& c, size_t i) { return c.has(i) && c.is_constant(c.input(i)); }

// All of these are constants that fit int8 operators.
bool are_known(NodeImport& c, const std::vector<size_t>& operands) {
  return std::all_of(operands.begin(), operands.end(), [&](size_t i) { return is_known(c, i); });
}

}  // namespace

bool lower_qlinear_conv(NodeImport& c) {
  if (!are_known(c, {1, 2, 3, 4, 5, 6, 7})) return false;
  Lowering g(c);
  Strings inputs = {g.dequantize(0), g.dequantize(3, 0)};
  if (c.has(8)) {
    const std::string scale = Lowering::name_of(g.add("Mul", {g.operand(1), g.operand(4)}));
    inputs.push_back(g.dequantize(g.operand(8), scale, "", 0));
  }
  onnx::NodeProto* conv = g.add("Conv", inputs);
  g.copy_attributes(conv, kWindow);
  g.finish_quantized(Lowering::name_of(conv), 6);
  return true;
}

bool lower_qlinear_matmul(NodeImport& c) {
  if (!are_known(c, {1, 2, 4, 5, 6, 7})) return false;
  Lowering g(c);
  const std::string a = g.dequantize(0, -2), b = g.dequantize(3, -1);
  g.finish_quantized(Lowering::name_of(g.add("MatMul", {a, b})), 6);
  return true;
}

void import_qlinear_add(NodeImport& c) { lower_binary(c, "Add"); }
void import_qlinear_mul(NodeImport& c) { lower_binary(c, "Mul"); }
void import_qlinear_sigmoid(NodeImport& c) { lower_unary(c, "Sigmoid", {}); }
void import_qlinear_leaky_relu(NodeImport& c) { lower_unary(c, "LeakyRelu", {"alpha"}); }

void import_qlinear_average_pool(NodeImport& c) {
  if (!is_channels_last(c)) lower_unary(c, "AveragePool", kWindow);
}

void import_qlinear_global_average_pool(NodeImport& c) {
  if (!is_channels_last(c)) lower_unary(c, "GlobalAveragePool", {});
}

void import_qlinear_softmax(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  const int32_t rank = c.rank(x);
  const bool is_old = c.attr_int("opset", 13) < 13;
  const int32_t axis = c.axis(c.attr_int("axis", is_old ? 1 : -1), rank);
  if (axis < 0) return;
  // Before set 13 it was over all dimensions from the axis on.
  if (is_old && axis != rank - 1)
    return c.error("a softmax of set 12 or older over several dimensions");
  lower_unary(c, "Softmax", {"axis"});
}

void import_qlinear_reduce_mean(NodeImport& c) {
  constexpr int32_t kAxesAreAnOperand = 18;
  Lowering g(c);
  const std::vector<int64_t> axes = c.attr_ints("axes");
  const bool as_operand = default_opset(c) >= kAxesAreAnOperand;
  Strings inputs = {g.dequantize(0)};
  if (as_operand && !axes.empty()) inputs.push_back(g.constant(axes));
  onnx::NodeProto* node = g.add("ReduceMean", inputs);
  g.copy_attributes(node, as_operand ? Strings{"keepdims"} : Strings{"keepdims", "axes"});
  g.finish_quantized(Lowering::name_of(node), 3);
}

// Scale and zero point of the result, then integers, scale and zero point of each operand.
void import_qlinear_concat(NodeImport& c) {
  if (c.input_count() < 5 || c.input_count() % 3 != 2)
    return c.error(std::to_string(c.input_count()) + " operands, expected 2 and 3 for each input");
  Lowering g(c);
  Strings inputs;
  for (size_t i = 2; i < c.input_count(); i += 3) inputs.push_back(g.dequantize(i));
  onnx::NodeProto* node = g.add("Concat", inputs);
  g.copy_attributes(node, {"axis"});
  g.finish_quantized(Lowering::name_of(node), 0);
}

void import_qlinear_where(NodeImport& c) {
  Lowering g(c);
  const std::string a = g.dequantize(1), b = g.dequantize(4);
  g.finish_quantized(Lowering::name_of(g.add("Where", {g.operand(0), a, b})), 7);
}

// The int32 operand C has the product of the other two scales, with alpha.
void import_qgemm(NodeImport& c) {
  if (c.has(6) && c.attr_float("alpha", 1) != 1)
    return c.error("QGemm with C and an alpha other than 1");
  const bool transposed = c.attr_int("transB", 0) != 0;
  Lowering g(c);
  Strings inputs = {g.dequantize(0), g.dequantize(3, transposed ? 0 : 1)};
  if (c.has(6)) {
    const std::string scale = Lowering::name_of(g.add("Mul", {g.operand(1), g.operand(4)}));
    inputs.push_back(g.dequantize(g.operand(6), scale, "", -1));
  }
  onnx::NodeProto* gemm = g.add("Gemm", inputs);
  g.copy_attributes(gemm, {"alpha", "transA", "transB"});
  if (c.has(7))
    g.finish_quantized(Lowering::name_of(gemm), 7);
  else
    g.finish(Lowering::name_of(gemm));
}

}  // namespace mote::onnx_import
