#include "support/open_models.h"

#include <cstring>
#include <functional>
#include <random>

#include "ir/graph.h"
#include "support/onnx_maker.h"

namespace mote::test {
namespace {

using onnx::TensorProto;
using Name = std::string;
using Names = std::vector<std::string>;

// ---- Convolutions ----

OpenModel convolutions() {
  OnnxMaker m("batch_of_images");
  m.input("x", {"batch", "3", "8", "9"});
  m.bound("batch", 7);
  Name stem =
      m.op("Conv", {"x", m.weights({8, 3, 3, 3}), m.weights({8})}, {{"pads", {1, 1, 1, 1}}});
  Name a = m.op("Relu", {stem});
  Name d = m.op("Conv", {a, m.weights({8, 1, 3, 3})}, {{"pads", {1, 1, 1, 1}}, {"group", 8}});
  Name n = m.op("BatchNormalization", {d, m.weights({8}), m.weights({8}), m.weights({8}),
                                       m.floats({8}, std::vector<float>(8, 0.75f))});
  Name sum = m.op("Add", {m.op("HardSwish", {n}), a});
  Name pooled = m.op("MaxPool", {sum}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
  Name up = m.op("ConvTranspose", {pooled, m.weights({8, 4, 2, 2})}, {{"strides", {2, 2}}});
  Name mean = m.op("Flatten", {m.op("GlobalAveragePool", {pooled})});
  m.output(up);
  m.output(m.op("Softmax", {m.op("Gemm", {mean, m.weights({8, 5}), m.weights({5})})}));
  return m.finish();
}

OpenModel fully_convolutional() {
  OnnxMaker m("height_and_width");
  m.input("x", {"1", "3", "height", "width"});
  m.bound("height", 9);
  m.bound("width", 8);
  Name a = m.op("Conv", {"x", m.weights({6, 3, 3, 3})}, {{"pads", {1, 1, 1, 1}}});
  Name b = m.op("LeakyRelu", {m.op("InstanceNormalization", {a, m.weights({6}), m.weights({6})})});
  Name averaged = m.op("AveragePool", {b}, {{"kernel_shape", {3, 3}}, {"pads", {1, 1, 1, 1}}});
  Name both = m.op("Concat", {averaged, a}, {{"axis", 1}});
  Name half =
      m.op("Conv", {both, m.weights({4, 12, 3, 3})}, {{"pads", {1, 1, 1, 1}}, {"strides", {2, 2}}});
  m.output(half);
  m.output(m.op("DepthToSpace", {half}, {{"blocksize", 2}}));
  m.output(m.op("ReduceMean", {both}, {{"axes", {2, 3}}, {"keepdims", 0}}));
  m.output(m.op("GlobalMaxPool", {m.op("LRN", {b}, {{"size", 3}})}));
  return m.finish();
}

// ---- Transformers ----

constexpr int64_t kHeads = 4;

// x [batch, sequence, width] as heads [batch, heads, sequence, width / heads].
Name heads(OnnxMaker& m, const Name& x, int64_t count, int64_t width) {
  Name shaped = m.op("Reshape", {x, m.ints({0, 0, count, width})});
  return m.op("Transpose", {shaped}, {{"perm", {0, 2, 1, 3}}});
}
Name linear(OnnxMaker& m, const Name& x, int64_t in, int64_t out) {
  return m.op("Add", {m.op("MatMul", {x, m.weights({in, out})}), m.weights({out})});
}
Name normalized(OnnxMaker& m, const Name& x, int64_t width) {
  return m.op("LayerNormalization", {x, m.weights({width}), m.weights({width})}, {{"axis", -1}});
}

}  // namespace

OpenModel encoder_model(int64_t width, int32_t batch_bound, int32_t sequence_bound) {
  OnnxMaker m("encoder");
  m.input("tokens", {"batch", "sequence"}, TensorProto::INT64);
  m.input("mask", {"batch", "sequence"}, TensorProto::INT64);
  m.bound("batch", batch_bound);
  m.bound("sequence", sequence_bound);
  Name length = m.op("Gather", {m.op("Shape", {"tokens"}), m.ints({1})});
  Name places =
      m.op("Slice", {m.weights({1, sequence_bound, width}), m.ints({0}), length, m.ints({1})});
  Name x = m.op("Add", {m.op("Gather", {m.weights({11, width}), "tokens"}), places});
  Name open = m.op("Cast", {m.op("Unsqueeze", {"mask", m.ints({1, 2})})}, {{"to", 1}});
  Name closed = m.op("Mul", {m.op("Sub", {m.scalar(1), open}), m.scalar(-10000)});
  Name y = normalized(m, x, width);
  Name q = heads(m, linear(m, y, width, width), kHeads, width / kHeads),
       v = heads(m, linear(m, y, width, width), kHeads, width / kHeads);
  Name k = m.op("Transpose", {heads(m, linear(m, y, width, width), kHeads, width / kHeads)},
                {{"perm", {0, 1, 3, 2}}});
  Name scores = m.op("Div", {m.op("MatMul", {q, k}), m.scalar(2)});
  Name weights = m.op("Softmax", {m.op("Add", {scores, closed})}, {{"axis", -1}});
  Name mixed = m.op("Transpose", {m.op("MatMul", {weights, v})}, {{"perm", {0, 2, 1, 3}}});
  Name batch = m.op("Gather", {m.op("Shape", {"tokens"}), m.ints({0})});
  Name target = m.op("Concat", {batch, length, m.ints({width})}, {{"axis", 0}});
  Name joined = m.op("Reshape", {mixed, target});
  Name z = m.op("Add", {x, linear(m, joined, width, width)});
  Name h = linear(m, normalized(m, z, width), width, 2 * width);
  Name erf = m.op("Add", {m.op("Erf", {m.op("Div", {h, m.scalar(1.41421356f)})}), m.scalar(1)});
  Name gelu = m.op("Mul", {m.op("Mul", {h, erf}), m.scalar(0.5f)});
  Name out = m.op("Add", {z, linear(m, gelu, 2 * width, width)});
  m.output(out);
  Name first = m.op("Gather", {out, m.int_scalar(0)}, {{"axis", 1}});
  m.output(m.op("Tanh", {linear(m, first, width, 5)}));
  return m.finish();
}

namespace {

// The fused operators of operator set 23.
OpenModel decoder() {
  constexpr int64_t kWidth = 16, kSize = kWidth / kHeads;
  OnnxMaker m("decoder", 23);
  m.input("x", {"batch", "sequence", "16"});
  m.bound("batch", 2);
  m.bound("sequence", 9);
  Name y = m.op("RMSNormalization", {"x", m.weights({kWidth})}, {{"axis", -1}});
  Name q = heads(m, linear(m, y, kWidth, kWidth), kHeads, kSize);
  Name k = heads(m, linear(m, y, kWidth, kWidth / 2), kHeads / 2, kSize);
  Name v = heads(m, linear(m, y, kWidth, kWidth / 2), kHeads / 2, kSize);
  Name attended = m.op("Attention", {q, k, v}, {{"is_causal", 1}});
  Name joined = m.op(
      "Reshape", {m.op("Transpose", {attended}, {{"perm", {0, 2, 1, 3}}}), m.ints({0, 0, kWidth})});
  Name z = m.op("Add", {"x", joined});
  Name gate = m.op("MatMul", {z, m.weights({kWidth, 24})});
  Name silu = m.op("Mul", {gate, m.op("Sigmoid", {gate})});
  Name up = m.op("Mul", {silu, m.op("MatMul", {z, m.weights({kWidth, 24})})});
  m.output(m.op("Add", {z, m.op("Gelu", {m.op("MatMul", {up, m.weights({24, kWidth})})})}));
  return m.finish();
}

// ---- Recurrent ----

OpenModel recurrent() {
  OnnxMaker m("recurrent");
  m.input("x", {"time", "batch", "5"});
  m.bound("time", 7);
  m.bound("batch", 3);
  constexpr int64_t kSize = 6;
  Name lstm = m.op("LSTM",
                   {"x", m.weights({2, 4 * kSize, 5}), m.weights({2, 4 * kSize, kSize}),
                    m.weights({2, 8 * kSize})},
                   {{"hidden_size", kSize}, {"direction", "bidirectional"}});
  Name gru = m.op("GRU", {"x", m.weights({1, 3 * kSize, 5}), m.weights({1, 3 * kSize, kSize})},
                  {{"hidden_size", kSize}, {"direction", "reverse"}});
  Name one = m.op("Squeeze", {gru, m.ints({1})});
  Name rnn =
      m.op("RNN", {one, m.weights({1, 4, kSize}), m.weights({1, 4, 4})}, {{"hidden_size", 4}});
  m.output(m.op("Transpose", {lstm}, {{"perm", {2, 0, 1, 3}}}));
  m.output(rnn);
  return m.finish();
}

// ---- Arithmetic and movement ----

OpenModel reductions() {
  OnnxMaker m("reductions");
  m.input("x", {"batch", "3", "length"});
  m.bound("batch", 4);
  m.bound("length", 9);
  for (const char* kind :
       {"ReduceMax", "ReduceMean", "ReduceL2", "ReduceLogSumExp", "ReduceProd"}) {
    m.output(m.op(kind, {"x"}, {{"axes", {2}}}));
    m.output(m.op(kind, {"x"}, {{"axes", {0, 2}}, {"keepdims", 0}}));
  }
  m.output(m.op("ReduceSum", {"x", m.ints({0})}));
  m.output(m.op("CumSum", {"x", m.int_scalar(2)}, {{"reverse", 1}}));
  m.output(m.op("ArgMax", {"x"}, {{"axis", 2}}));
  m.output(m.op("LogSoftmax", {"x"}, {{"axis", 2}}));
  m.output(m.op("Softmax", {"x"}, {{"axis", 0}}));
  m.output(m.op("LpNormalization", {"x"}, {{"axis", 2}}));
  m.output(m.op("MeanVarianceNormalization", {"x"}, {{"axes", {0, 2}}}));
  return m.finish();
}

OpenModel elementwise() {
  OnnxMaker m("elementwise");
  m.input("a", {"batch", "1", "length"});
  m.input("b", {"3", "length"});
  m.input("c", {"batch", "1", "1"});
  m.bound("batch", 4);
  m.bound("length", 9);
  Name sum = m.op("Add", {"a", "b"}), difference = m.op("Sub", {"c", sum});
  Name less = m.op("Less", {difference, "a"});
  Name chosen = m.op("Where", {less, m.op("Mod", {sum, "b"}, {{"fmod", 1}}), "c"});
  m.output(m.op("Mul", {chosen, m.op("Exp", {m.op("Max", {"a", "b", "c"})})}));
  m.output(m.op("Not", {m.op("And", {less, m.op("Greater", {"b", "c"})})}));
  m.output(
      m.op("Cast", {m.op("Round", {m.op("Clip", {sum, m.scalar(-1), m.scalar(1)})})}, {{"to", 6}}));
  m.output(m.op("PRelu", {difference, m.weights({3, 1})}));
  m.output(m.op("MatMul", {sum, m.op("Transpose", {"b"}, {{"perm", {1, 0}}})}));
  return m.finish();
}

OpenModel movement() {
  OnnxMaker m("movement");
  m.input("x", {"batch", "length", "4"});
  m.input("y", {"batch", "2", "4"});
  m.bound("batch", 3);
  m.bound("length", 9);
  m.output(m.op("Concat", {"x", "y", "x"}, {{"axis", 1}}));
  m.output(m.op("Tile", {"x", m.ints({1, 3, 2})}));
  m.output(m.op("Slice", {"x", m.ints({-1}), m.ints({INT64_MIN}), m.ints({1}), m.ints({-1})}));
  m.output(m.op("Slice", {"x", m.ints({0}), m.ints({INT64_MAX}), m.ints({1}), m.ints({2})}));
  m.output(m.op("Pad", {"x", m.ints({0, 2, 1, 1, 0, 3}), m.scalar(0.5f)}));
  m.output(m.op("Transpose", {"x"}, {{"perm", {2, 1, 0}}}));
  m.output(m.op("Flatten", {"x"}, {{"axis", 2}}));
  m.output(m.op("Reshape", {"x", m.ints({0, -1})}));
  m.output(m.op("Trilu", {"x"}));
  Name wide = m.op("Concat", {m.ints({3}), m.op("Shape", {"x"})}, {{"axis", 0}});
  m.output(m.op("Expand", {"x", wide}));
  Name zeros = m.op("ConstantOfShape", {m.op("Shape", {"x"})});
  m.output(m.op("Add", {zeros, "x"}));
  Names parts = m.ops("Split", {"x", m.ints({1, 3})}, 2, {{"axis", 2}});
  m.output(m.op("Mul", parts));
  return m.finish();
}

OpenModel indices() {
  OnnxMaker m("indices");
  m.input("x", {"batch", "6"});
  m.input("at", {"batch", "count"}, TensorProto::INT64);
  m.bound("batch", 4);
  m.bound("count", 5);
  m.output(m.op("GatherElements", {"x", "at"}, {{"axis", 1}}));
  m.output(m.op("Gather", {m.weights({5, 3}), "at"}));
  m.output(m.op("OneHot", {"at", m.int_scalar(6), m.floats({2}, {-1, 2})}));
  m.output(m.op("GatherND", {m.weights({5, 3}), m.op("Unsqueeze", {"at", m.ints({2})})}));
  Names best = m.ops("TopK", {"x", m.ints({3})}, 2, {});
  m.output(best[0]);
  m.output(best[1]);
  Name added = m.op("ScatterElements", {"x", "at", m.op("Cast", {"at"}, {{"to", 1}})},
                    {{"axis", 1}, {"reduction", "add"}});
  m.output(added);
  m.output(
      m.op("ReverseSequence",
           {m.op("Transpose", {"x"}, {{"perm", {1, 0}}}),
            m.op("Gather", {m.op("Add", {"at", m.int_scalar(1)}), m.int_scalar(0)}, {{"axis", 1}})},
           {{"time_axis", 0}, {"batch_axis", 1}}));
  return m.finish();
}

// ---- Quantized ----

OpenModel quantized() {
  OnnxMaker m("quantized");
  m.input("x", {"batch", "4", "6", "6"});
  m.bound("batch", 5);
  Name scale = m.scalar(0.05f), zero = m.bytes({3});
  auto stored = [&](const Name& v) {
    return m.op("DequantizeLinear", {m.op("QuantizeLinear", {v, scale, zero}), scale, zero});
  };
  Name a = m.op("Conv", {stored("x"), m.weights({8, 4, 3, 3})}, {{"pads", {1, 1, 1, 1}}});
  Name b = m.op("Add", {stored(m.op("Relu", {a})), stored(a)});
  Name flat = m.op("Flatten", {m.op("GlobalAveragePool", {stored(b)})});
  m.output(stored(m.op("MatMul", {stored(flat), m.weights({8, 5})})));
  Names dynamic = m.ops("DynamicQuantizeLinear", {flat}, 3, {});
  m.output(
      m.op("MatMulInteger", {dynamic[0], m.bytes(std::vector<int8_t>(24, 7), {8, 3}), dynamic[2]}));
  return m.finish();
}

// ---- Control flow ----

// Ports without shapes, as exporters write bodies.
onnx::GraphProto graph_of(const Names& inputs, const Names& outputs) {
  onnx::GraphProto g;
  for (const Name& n : inputs) g.add_input()->set_name(n);
  for (const Name& n : outputs) g.add_output()->set_name(n);
  return g;
}

// A loop as often as an input says, and a branch that another decides, on values of open shape.
OpenModel control_flow() {
  OnnxMaker m("control_flow");
  m.input("x", {"batch", "length"});
  m.input("turns", {}, TensorProto::INT64);
  m.input("flag", {}, TensorProto::BOOL);
  m.bound("batch", 8);
  m.bound("length", 12);
  onnx::GraphProto body = graph_of({"i", "go", "state"}, {"go_on", "next"});
  OnnxBuilder::add(body.add_node(), "Identity", {"go"}, {"go_on"});
  OnnxBuilder::add(body.add_node(), "Tanh", {"state"}, {"bent"});
  OnnxBuilder::add(body.add_node(), "Add", {"bent", "x"}, {"next"});
  Name last = m.op("Loop", {"turns", "", "x"}, {{"body", body}});
  onnx::GraphProto yes = graph_of({}, {"yes"}), no = graph_of({}, {"no"});
  OnnxBuilder::add(yes.add_node(), "Softmax", {last}, {"yes"});
  OnnxBuilder::add(no.add_node(), "Mul", {last, "x"}, {"no"});
  Name taken = m.op("If", {"flag"}, {{"then_branch", yes}, {"else_branch", no}});
  m.output(last);
  m.output(taken);
  m.output(m.op("ReduceSum", {taken, m.ints({1})}));
  return m.finish();
}

// A branch that a static size of an open shape decides; the other one has another rank.
OpenModel branch_by_shape() {
  OnnxMaker m("branch_by_shape");
  m.input("x", {"batch", "1", "64"});
  m.bound("batch", 5);
  Name size = m.op("Gather", {m.op("Shape", {"x"}), m.int_scalar(1)}), axes = m.ints({1});
  Name is_one = m.op("Equal", {size, m.int_scalar(1)});
  onnx::GraphProto yes = graph_of({}, {"yes"}), no = graph_of({}, {"no"});
  OnnxBuilder::add(yes.add_node(), "Squeeze", {"x", axes}, {"yes"});
  OnnxBuilder::add(no.add_node(), "Identity", {"x"}, {"no"});
  Name taken = m.op("If", {is_one}, {{"then_branch", yes}, {"else_branch", no}});
  m.output(m.op("Softmax", {taken}));
  return m.finish();
}

// A scan over a static axis, unfolded, with an open batch.
OpenModel scan() {
  OnnxMaker m("scan");
  m.input("x", {"4", "batch", "3"});
  m.input("h", {"batch", "3"});
  m.bound("batch", 5);
  onnx::GraphProto body = graph_of({"state", "step"}, {"next", "all"});
  OnnxBuilder::add(body.add_node(), "Add", {"state", "step"}, {"sum"});
  OnnxBuilder::add(body.add_node(), "Tanh", {"sum"}, {"next"});
  OnnxBuilder::add(body.add_node(), "Identity", {"next"}, {"all"});
  Names results = m.ops("Scan", {"h", "x"}, 2, {{"num_scan_inputs", 1}, {"body", body}});
  m.output(m.op("Einsum", {results[1], m.weights({3, 2})}, {{"equation", "tbi,ij->bjt"}}));
  m.output(results[0]);
  m.output(results[1]);
  return m.finish();
}

using Dims = std::vector<int32_t>;

Dims dims_of(const OpenModel::Input& input, const Sizes& sizes) {
  Dims dims;
  for (const std::string& d : input.dims) {
    auto open = sizes.find(d);
    dims.push_back(open != sizes.end() ? open->second : std::stoi(d));
  }
  return dims;
}

}  // namespace

const std::vector<OpenModel>& open_models() {
  static const std::vector<OpenModel> models = {
      convolutions(),   fully_convolutional(), encoder_model(16, 3, 9), decoder(),
      recurrent(),      reductions(),          elementwise(),           movement(),
      indices(),        quantized(),           control_flow(),          scan(),
      branch_by_shape()};
  return models;
}

ConvertOptions open_options(const OpenModel& model) {
  ConvertOptions options;
  options.fixed_inputs = model.fixed_inputs;
  for (const auto& [name, bound] : model.bounds) options.dimension_bounds[name] = bound;
  return options;
}

ConvertOptions static_options(const OpenModel& model, const Sizes& sizes) {
  ConvertOptions options;
  options.fixed_inputs = model.fixed_inputs;
  for (const OpenModel::Input& input : model.inputs)
    options.input_shapes[input.name] = ir::shape_of(dims_of(input, sizes));
  return options;
}

std::vector<Sizes> all_sizes(const OpenModel& model) {
  std::vector<Sizes> all = {{}};
  for (const auto& [name, bound] : model.bounds) {
    std::vector<Sizes> more;
    for (const Sizes& sizes : all)
      for (int32_t n = bound.min; n <= bound.max; ++n) {
        more.push_back(sizes);
        more.back()[name] = n;
      }
    all = std::move(more);
  }
  return all;
}

std::vector<Shape> input_shapes(const Session& session, const OpenModel& model,
                                const Sizes& sizes) {
  std::vector<Shape> shapes(model.inputs.size());
  for (const OpenModel::Input& input : model.inputs) {
    Result<uint32_t> i = session.find_input(0, input.name.c_str());
    if (i.ok()) shapes[i.value()] = ir::shape_of(dims_of(input, sizes)).max();
  }
  return shapes;
}

void fill_inputs(Session& session, const Model& loaded, uint32_t seed) {
  const EntryPointInfo& entry = loaded.entry_point(0);
  for (uint32_t i = 0; i < entry.inputs.size; ++i) {
    std::mt19937 random(seed * 31 + i);
    Result<Span<uint8_t>> memory = session.input(0, i);
    if (!memory.ok()) continue;
    const Type type = loaded.tensor(entry.inputs[i].tensor).type;
    const size_t step = type_bytes(type);
    for (size_t at = 0; at < memory->size; at += step) {
      const uint32_t n = random();
      const float real = static_cast<float>(n % 4001) * 1e-3f - 2;
      const int64_t whole = n % (type == Type::boolean ? 2 : 4);
      if (type == Type::float32)
        memcpy(memory->data + at, &real, step);
      else
        memcpy(memory->data + at, &whole, step);  // little-endian
    }
  }
}

}  // namespace mote::test
