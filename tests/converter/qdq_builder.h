// Graphs of QuantizeLinear and DequantizeLinear, and what the passes make of them.
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "base/operator_names.h"
#include "converter/onnx_builder.h"
#include "import/onnx/onnx.h"
#include "ir/evaluator.h"
#include "ops/op_codes.h"
#include "passes/passes.h"

namespace mote::test {

inline constexpr int32_t kInt8 = onnx::TensorProto::INT8, kUint8 = onnx::TensorProto::UINT8;

struct Scale {
  float scale;
  int zero_point;
};

// Adds a model's conversions; names are made on the way.
class QdqBuilder : public OnnxBuilder {
 public:
  explicit QdqBuilder(int32_t type = kUint8, int64_t opset = 17) : OnnxBuilder(opset), type_(type) {
    import_opset("com.microsoft", 1);
  }

  // ---- Constants ----
  std::string floats(const std::vector<int64_t>& shape, const std::vector<float>& elements) {
    std::string name = fresh();
    constant(OnnxBuilder::floats(name, shape, elements));
    return name;
  }
  std::string scalar(float v) { return floats({}, {v}); }
  std::string integers(int32_t type, const std::vector<int64_t>& shape,
                       const std::vector<int>& elements) {
    onnx::TensorProto t;
    t.set_name(fresh());
    t.set_data_type(type);
    for (int64_t d : shape) t.add_dims(d);
    for (int e : elements) t.add_int32_data(e);
    constant(t);
    return t.name();
  }
  std::string longs(const std::vector<int64_t>& elements) {
    std::string name = fresh();
    constant(ints(name, elements));
    return name;
  }
  // Bytes that look drawn at random.
  std::string random_bytes(int32_t type, const std::vector<int64_t>& shape) {
    int64_t count = 1;
    for (int64_t d : shape) count *= d;
    std::vector<int> elements;
    const int low = type == kInt8 ? -127 : 0;
    for (int64_t i = 0; i < count; ++i)
      elements.push_back(low + static_cast<int>(engine_() % (type == kInt8 ? 255 : 256)));
    return integers(type, shape, elements);
  }
  std::string zero(int32_t type, int z) { return integers(type, {}, {z}); }

  // ---- Nodes ----
  std::string op(const std::string& name, const std::vector<std::string>& inputs) {
    std::string y = fresh();
    last_ = node(name, inputs, {y});
    return y;
  }
  onnx::NodeProto* last() { return last_; }
  void set_ints(const std::string& name, const std::vector<int64_t>& values) {
    auto* a = attribute(last_, name, onnx::AttributeProto::INTS);
    for (int64_t v : values) a->add_ints(v);
  }
  std::string quantize(const std::string& x, Scale q) {
    return op("QuantizeLinear", {x, scalar(q.scale), zero(type_, stored(q.zero_point))});
  }
  std::string dequantize(const std::string& x, Scale q) {
    return op("DequantizeLinear", {x, scalar(q.scale), zero(type_, stored(q.zero_point))});
  }
  std::string through(const std::string& x, Scale q) { return dequantize(quantize(x, q), q); }
  // Symmetric int8 with a scale per element of dimension `axis`.
  std::string weights(const std::vector<int64_t>& shape, int64_t axis) {
    std::string bytes = random_bytes(kInt8, shape);
    std::vector<float> scales;
    for (int64_t i = 0; i < shape[static_cast<size_t>(axis)]; ++i)
      scales.push_back(0.002f + 0.0007f * static_cast<float>(i));
    const auto count = static_cast<int64_t>(scales.size());
    std::string y =
        op("DequantizeLinear", {bytes, floats({count}, scales),
                                integers(kInt8, {count}, std::vector<int>(scales.size(), 0))});
    set_int(last_, "axis", axis);
    return y;
  }
  // uint8 with one scale and a zero point that is not the middle.
  std::string uneven_weights(const std::vector<int64_t>& shape) {
    return op("DequantizeLinear", {random_bytes(kUint8, shape), scalar(0.004f), zero(kUint8, 113)});
  }
  std::string bias(int64_t count) {
    std::vector<float> b;
    for (int64_t i = 0; i < count; ++i) b.push_back(0.3f * static_cast<float>(i) - 0.5f);
    return floats({count}, b);
  }

  // Zero points are given as for uint8.
  int stored(int z) const { return type_ == kInt8 ? z - 128 : z; }
  int32_t type() const { return type_; }

 private:
  std::string fresh() { return "v" + std::to_string(count_++); }

  int32_t type_;
  int count_ = 0;
  onnx::NodeProto* last_ = nullptr;
  std::minstd_rand engine_{7};
};

inline constexpr Scale kIn{0.05f, 121}, kOther{0.031f, 140}, kOut{0.11f, 118};

inline const std::vector<int64_t> kImage = {1, 6, 9, 8}, kRows = {3, 20};

inline std::string conv(QdqBuilder& b, const std::string& x, const std::string& w, int64_t biases,
                        int64_t group, const std::vector<int64_t>& pads, const char* op = "Conv") {
  std::vector<std::string> inputs = {x, w};
  if (biases != 0) inputs.push_back(b.bias(biases));
  std::string y = b.op(op, inputs);
  OnnxBuilder::set_int(b.last(), "group", group);
  b.set_ints("pads", pads);
  return y;
}

inline std::string pool(QdqBuilder& b, const std::string& op, const std::string& x,
                        const std::vector<int64_t>& pads, int64_t include) {
  std::string y = b.op(op, {x});
  b.set_ints("kernel_shape", {3, 3});
  b.set_ints("strides", {2, 2});
  b.set_ints("pads", pads);
  if (op == "AveragePool") OnnxBuilder::set_int(b.last(), "count_include_pad", include);
  return y;
}

struct FuseQdq : testing::Test {
  Diagnostics diagnostics;
  ir::Module module;
  ir::Graph& graph() { return module.graphs[0]; }

  void import(const OnnxBuilder& b) {
    std::vector<uint8_t> bytes = b.finish();
    module = import_onnx({bytes.data(), bytes.size()}, ConvertOptions{}, diagnostics);
    ASSERT_EQ(diagnostics.text(), "");
    ASSERT_EQ(module.graphs.size(), 1u);
  }

  std::vector<Evaluated> random_inputs(uint32_t seed) {
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0, 2.5f);
    std::vector<Evaluated> out;
    for (const ir::Port& p : graph().inputs) {
      const ir::Value& v = graph().value(p.value);
      const auto count = static_cast<size_t>(v.shape.max().elements());
      ir::Bytes bytes(count * type_bytes(v.type));
      for (size_t i = 0; i < count; ++i) {
        float x = normal(engine);
        if (v.type == Type::float32)
          memcpy(bytes.data() + 4 * i, &x, 4);
        else
          bytes[i] = static_cast<uint8_t>(v.type == Type::boolean ? engine() % 2 : engine());
      }
      out.push_back({v.shape.max(), std::move(bytes)});
    }
    return out;
  }

  // Output 0 in units of `scale`.
  std::vector<double> run(const std::vector<Evaluated>& inputs, double scale) {
    std::vector<Evaluated> out = evaluate(graph(), inputs, diagnostics);
    EXPECT_EQ(diagnostics.text(), "");
    std::vector<double> y;
    if (out.empty()) return y;
    const Type type = graph().value(graph().outputs[0].value).type;
    for (size_t i = 0; i < out[0].bytes.size() / type_bytes(type); ++i) {
      const uint8_t* p = out[0].bytes.data();
      if (type == Type::float32) {
        float v;
        memcpy(&v, p + 4 * i, 4);
        y.push_back(static_cast<double>(v) / scale);
      } else {
        y.push_back(type == Type::int8 ? static_cast<int8_t>(p[i]) : p[i]);
      }
    }
    return y;
  }

  // Operators that compute in float32, but for the conversions at the ports.
  std::string float_operators() {
    std::string text;
    for (const ir::Node& n : graph().nodes) {
      bool is_float = false;
      for (ir::ValueId v : n.outputs) is_float |= graph().value(v).type == Type::float32;
      for (ir::ValueId v : n.inputs)
        is_float |= v != ir::kNone && graph().value(v).kind == TensorKind::activation &&
                    graph().value(v).type == Type::float32;
      if (is_float && n.op != op_code::quantize && n.op != op_code::dequantize)
        text += std::string(operator_name(n.op)) + " ";
    }
    return text;
  }
  int count(uint16_t op) {
    int found = 0;
    for (const ir::Node& n : graph().nodes) found += n.op == op;
    return found;
  }

  // Before and after the passes, over a few random inputs.
  void expect_one_step(const OnnxBuilder& b, double scale) {
    import(b);
    if (HasFatalFailure()) return;
    std::vector<std::vector<Evaluated>> inputs;
    std::vector<std::vector<double>> expected;
    for (uint32_t seed = 0; seed < 8; ++seed) {
      inputs.push_back(random_inputs(seed));
      expected.push_back(run(inputs.back(), scale));
    }
    run_passes(module, /*optimize=*/true, diagnostics);
    ASSERT_EQ(diagnostics.text(), "");
    for (size_t s = 0; s < inputs.size(); ++s) {
      const std::vector<double> y = run(inputs[s], scale);
      ASSERT_EQ(y.size(), expected[s].size());
      bool moves = false;
      for (size_t i = 0; i < y.size(); ++i) {
        // Rounded to another integer at most; float32 results are multiples of the scale.
        ASSERT_NEAR(y[i], expected[s][i], 1.001) << "element " << i;
        moves |= expected[s][i] != expected[s][0];
      }
      EXPECT_TRUE(moves) << "all results are equal, so that nothing is compared";
    }
  }
};

}  // namespace mote::test
