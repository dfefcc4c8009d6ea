#include "ops/case.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "ir/checked_node.h"
#include "ir/op_view.h"

namespace mote::test {
namespace {

// A case that cannot be built is a mistake in a cases.cc; there is nothing to go on with.
[[noreturn]] void give_up(const Case& c, const std::string& why) {
  fprintf(stderr, "case %s: %s\n", c.name.c_str(), why.c_str());
  abort();
}

ShapeBounds bounds_of(const Operand& o) { return ir::shape_of(o.shape); }

// std::mt19937 is specified to the bit, the standard's distributions are not.
double unit(std::mt19937& engine) {
  uint64_t high = engine(), low = engine();
  return static_cast<double>((high << 21) ^ (low >> 11)) * 0x1p-53;
}

template <class T>
void fill_integers(const Operand& o, std::mt19937& engine, ir::Bytes* bytes) {
  auto* out = reinterpret_cast<T*>(bytes->data());
  auto low = static_cast<int64_t>(o.low);
  auto span = static_cast<uint64_t>(static_cast<int64_t>(o.high) - low) + 1;
  for (size_t i = 0; i < bytes->size() / sizeof(T); ++i) {
    if (o.fill == Fill::extreme) {
      using Limits = std::numeric_limits<T>;
      out[i] = engine() % 2 == 0 ? Limits::min() : Limits::max();
    } else {
      uint64_t high = engine();
      uint64_t draw = (high << 32 | engine()) % span;
      out[i] = static_cast<T>(low + static_cast<int64_t>(draw));
    }
  }
}

// Floats' own extremes would overflow in every sum: `extreme` draws from the two ends of the range.
void fill_floats(const Operand& o, std::mt19937& engine, ir::Bytes* bytes) {
  auto* out = reinterpret_cast<float*>(bytes->data());
  for (size_t i = 0; i < bytes->size() / sizeof(float); ++i) {
    double t = unit(engine);
    if (o.fill == Fill::extreme) t = t < 0.5 ? 0 : 1;
    out[i] = static_cast<float>(o.low + (o.high - o.low) * t);
  }
}

Operand integers(Type type, std::vector<int32_t> shape, double low, double high) {
  Operand o;
  o.type = type;
  o.shape = std::move(shape);
  o.low = low;
  o.high = high;
  return o;
}

}  // namespace

// Drawn without libm, whose last bit differs between machines.
static float draw_scale(CaseList& list) { return ldexpf(list.real(1, 2), list.integer(-8, -3)); }

ir::Quantization CaseList::per_tensor() {
  float scale = draw_scale(*this);
  return {{scale}, {integer(-128, 127)}, -1};
}

ir::Quantization CaseList::per_channel(int32_t count, int32_t axis) {
  ir::Quantization q;
  for (int32_t i = 0; i < count; ++i) q.scales.push_back(draw_scale(*this));
  q.zero_points.assign(static_cast<size_t>(count), 0);
  q.axis = axis;
  return q;
}

Operand CaseList::f32(std::vector<int32_t> shape, double low, double high) {
  return integers(Type::float32, std::move(shape), low, high);
}

Operand CaseList::s8(std::vector<int32_t> shape, ir::Quantization q) {
  Operand o = integers(Type::int8, std::move(shape), -128, 127);
  o.quantization = std::move(q);
  return o;
}

Operand CaseList::u8(std::vector<int32_t> shape, ir::Quantization q) {
  Operand o = integers(Type::uint8, std::move(shape), 0, 255);
  o.quantization = std::move(q);
  return o;
}

Operand CaseList::ints(Type type, std::vector<int32_t> shape, int64_t low, int64_t high) {
  return integers(type, std::move(shape), static_cast<double>(low), static_cast<double>(high));
}

Case& CaseList::add(uint16_t op, ir::Bytes attributes, std::vector<Operand> inputs,
                    std::vector<Operand> outputs) {
  const Operator* found = ir::find_operator(op);
  Case& c = cases_.emplace_back();
  c.name = std::string(found == nullptr ? "unknown" : found->name) + "/" +
           std::to_string(cases_.size() - 1);
  for (const Operand& o : inputs) c.name += std::string(" ") + (o.absent ? "-" : type_name(o.type));
  c.op = op;
  c.attributes = std::move(attributes);
  c.inputs = std::move(inputs);
  c.outputs = std::move(outputs);
  return c;
}

ir::Bytes operand_data(const Operand& o, uint32_t seed) {
  if (o.fill == Fill::given) return o.data;
  int64_t elements = bounds_of(o).max().elements();
  ir::Bytes bytes(static_cast<size_t>(elements) * type_bytes(o.type));
  std::mt19937 engine(seed);
  switch (o.type) {
    case Type::float32:
      fill_floats(o, engine, &bytes);
      break;
    case Type::int8:
      fill_integers<int8_t>(o, engine, &bytes);
      break;
    case Type::uint8:
      fill_integers<uint8_t>(o, engine, &bytes);
      break;
    case Type::int32:
      fill_integers<int32_t>(o, engine, &bytes);
      break;
    case Type::int64:
      fill_integers<int64_t>(o, engine, &bytes);
      break;
    case Type::int16:
      fill_integers<int16_t>(o, engine, &bytes);
      break;
    case Type::boolean:
      fill_integers<uint8_t>(o, engine, &bytes);
      break;
    case Type::float16:  // as bits
    case Type::bfloat16:
      fill_integers<uint16_t>(o, engine, &bytes);
      break;
    default:
      break;
  }
  return bytes;
}

ir::Graph case_graph(const Case& c, uint32_t seed) {
  ir::Graph graph;
  graph.name = "infer";
  ir::Node node;
  node.op = c.op;
  node.attributes = c.attributes;
  node.location = c.name;
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    const Operand& o = c.inputs[i];
    if (o.absent) {
      node.inputs.push_back(ir::kNone);
      continue;
    }
    ir::Value v{"input" + std::to_string(i), o.type, o.kind, bounds_of(o), o.quantization, nullptr};
    if (o.kind != TensorKind::activation)
      v.data = std::make_shared<const ir::Bytes>(operand_data(o, seed + static_cast<uint32_t>(i)));
    ir::ValueId id = graph.add_value(std::move(v));
    node.inputs.push_back(id);
    if (o.kind == TensorKind::activation) graph.inputs.push_back({graph.value(id).name, id});
  }
  for (size_t i = 0; i < c.outputs.size(); ++i) {
    const Operand& o = c.outputs[i];
    ir::ValueId id = graph.add_value({"output" + std::to_string(i), o.type, TensorKind::activation,
                                      bounds_of(o), o.quantization, nullptr});
    node.outputs.push_back(id);
    graph.outputs.push_back({graph.value(id).name, id});
  }
  node.graphs = c.graphs;
  if (!node.graphs.empty()) {
    if (Status s = ir::infer_node(graph, node); !s.ok()) give_up(c, ir::describe_status(s));
    graph.nodes.push_back(std::move(node));
    return graph;
  }
  CheckedNode view;
  Diagnostics diagnostics;
  if (!view.init(graph, node, diagnostics)) give_up(c, diagnostics.text());
  if (Status s = view.infer_shapes(); !s.ok()) give_up(c, ir::describe_status(s));
  for (size_t i = 0; i < c.outputs.size(); ++i)
    graph.value(node.outputs[i]).shape = view.output(i).bounds;
  graph.nodes.push_back(std::move(node));
  return graph;
}

}  // namespace mote::test
