// Gradients of rounding: 1 within the range of the type, 0 beyond.
#include <gtest/gtest.h>

#include "grad/differentiate.h"
#include "ir/builder.h"
#include "ir/evaluator.h"

namespace mote::test {
namespace {

using ir::ValueId;

std::vector<float> floats(const Evaluated& e) {
  auto* f = reinterpret_cast<const float*>(e.bytes.data());
  return {f, f + e.bytes.size() / sizeof(float)};
}

// Quantizes, optionally requantizes, and dequantizes; the loss is the sum.
struct Rounding {
  ir::Graph graph;
  Diagnostics diagnostics;
  ValueId x, last;

  explicit Rounding(int32_t count) {
    ir::Value v;
    v.name = "x";
    v.shape = ir::shape_of({count});
    x = last = graph.add_value(v);
    graph.inputs.push_back({"x", x});
  }
  Rounding& to(uint16_t op, Type type, ir::Quantization q = {}) {
    ir::Value v = graph.value(x);
    v.name = "v" + std::to_string(graph.values.size());
    v.type = type;
    v.quantization = std::move(q);
    ir::Node n;
    n.op = op;
    n.inputs = {last};
    n.outputs = {graph.add_value(v)};
    graph.nodes.push_back(n);
    last = n.outputs[0];
    return *this;
  }
  std::vector<float> gradient(const std::vector<float>& at) {
    Builder g(graph, diagnostics);
    ValueId loss = g.sum(last, {0}, true);
    std::vector<ValueId> gradients = differentiate(graph, loss, {x}, diagnostics);
    EXPECT_EQ(diagnostics.text(), "");
    if (gradients.empty()) return {};
    graph.outputs = {{"gradient", gradients[0]}};
    Evaluated in;
    in.shape = graph.value(x).shape.max();
    in.bytes.resize(at.size() * sizeof(float));
    memcpy(in.bytes.data(), at.data(), in.bytes.size());
    std::vector<Evaluated> out = evaluate(graph, {in}, diagnostics);
    EXPECT_EQ(diagnostics.text(), "");
    return out.empty() ? std::vector<float>{} : floats(out[0]);
  }
};

TEST(StraightThrough, PassesWhereTheValueFits) {
  Rounding r(6);
  // -128 stands for -1.25 and 127 for 1.3: half a step beyond still rounds to them.
  r.to(op_code::quantize, Type::int8, {{0.01f}, {-3}, -1}).to(op_code::dequantize, Type::float32);
  EXPECT_EQ(r.gradient({-1.26f, -1.253f, 0, 0.5f, 1.303f, 1.31f}),
            (std::vector<float>{0, 1, 1, 1, 1, 0}));
}

TEST(StraightThrough, KnowsTheRangeOfUint8) {
  Rounding r(4);
  r.to(op_code::quantize, Type::uint8, {{0.5f}, {0}, -1}).to(op_code::dequantize, Type::float32);
  EXPECT_EQ(r.gradient({-0.3f, -0.2f, 127.7f, 127.8f}), (std::vector<float>{0, 1, 1, 0}));
}

TEST(StraightThrough, RequantizeSaturatesTheValueItStandsFor) {
  Rounding r(3);
  r.to(op_code::quantize, Type::int8, {{1}, {0}, -1})
      .to(op_code::requantize, Type::int8, {{0.5f}, {0}, -1})
      .to(op_code::dequantize, Type::float32);
  EXPECT_EQ(r.gradient({-100, 20, 100}), (std::vector<float>{0, 1, 0}));
}

}  // namespace
}  // namespace mote::test
