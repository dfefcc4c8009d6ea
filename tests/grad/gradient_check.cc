#include "grad/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "grad/differentiate.h"
#include "ir/builder.h"
#include "ir/op_view.h"

namespace mote::test {
namespace {

using ir::ValueId;

// The difference's error is h^2/6 times the third derivative, which our cases keep below 10^4, plus
// the rounding of the loss (about 10) over h: 1e-16 * 10 / 1e-5 = 1e-10.
constexpr double kStep = 1e-5;
// Constants of the gradients (1/n, scales) are float32: 6e-8 relative.
constexpr double kTolerance = 1e-6;

double* elements_of(Evaluated& e) { return reinterpret_cast<double*>(e.bytes.data()); }

// Where an operator of the case reads a value: inputs come first, in order.
size_t index_of(const ir::Graph& graph, ValueId target) {
  size_t i = 0;
  while (graph.inputs[i].value != target) ++i;
  return i;
}

double loss_of(const ir::Graph& graph, const std::vector<Evaluated>& inputs) {
  Diagnostics diagnostics;
  std::vector<Evaluated> out = evaluate(graph, inputs, diagnostics, Precision::double_);
  return out.empty() ? NAN : *elements_of(out[0]);
}

double difference(const ir::Graph& graph, std::vector<Evaluated>& inputs, double* element) {
  const double x = *element;
  *element = x + kStep;
  const double above = loss_of(graph, inputs), high = *element;
  *element = x - kStep;
  const double below = loss_of(graph, inputs), low = *element;
  *element = x;
  return (above - below) / (high - low);
}

}  // namespace

std::string check_gradients(const ir::Graph& graph, ValueId loss,
                            const std::vector<ValueId>& targets,
                            const std::vector<Evaluated>& given, size_t elements) {
  ir::Graph forward = graph, backward = graph;
  forward.outputs = {{"loss", loss}};
  Diagnostics diagnostics;
  std::vector<ValueId> gradients = differentiate(backward, loss, targets, diagnostics);
  if (!diagnostics.empty()) return diagnostics.text();
  backward.outputs = {{"loss", loss}};
  for (ValueId g : gradients) {
    if (g == ir::kNone) return "a target has no gradient";
    backward.outputs.push_back({"gradient", g});
  }
  std::vector<Evaluated> inputs = given;
  std::vector<Evaluated> analytic = evaluate(backward, inputs, diagnostics, Precision::double_);
  if (!diagnostics.empty()) return diagnostics.text();
  for (size_t t = 0; t < targets.size(); ++t) {
    Evaluated& x = inputs[index_of(graph, targets[t])];
    if (!(analytic[t + 1].shape == x.shape)) return "a gradient has another shape than its target";
    auto count = static_cast<size_t>(x.shape.elements());
    for (size_t i = 0; i < count; i += std::max<size_t>(1, count / elements)) {
      double n = difference(forward, inputs, elements_of(x) + i);
      double a = elements_of(analytic[t + 1])[i];
      // Also false for NaN.
      if (!(std::fabs(a - n) <= kTolerance * std::fmax(1, std::fabs(n))))
        return "target " + std::to_string(t) + ", element " + std::to_string(i) + ": gradient " +
               std::to_string(a) + ", difference " + std::to_string(n);
    }
  }
  return {};
}

GradientCase::GradientCase(uint32_t seed) : engine_(seed) { graph.name = "case"; }

int32_t GradientCase::integer(int32_t low, int32_t high) {
  return low + static_cast<int32_t>(engine_() % (static_cast<uint32_t>(high - low) + 1));
}

double GradientCase::real(double low, double high) {
  return low + (high - low) * (engine_() * 0x1p-32);
}

std::vector<int32_t> GradientCase::shape(int rank, int32_t largest) {
  std::vector<int32_t> s;
  for (int i = 0; i < rank; ++i) s.push_back(integer(1, largest));
  return s;
}

std::vector<int32_t> GradientCase::permutation(int32_t count) {
  std::vector<int32_t> p(static_cast<size_t>(count));
  std::iota(p.begin(), p.end(), 0);
  for (int32_t i = count - 1; i > 0; --i)
    std::swap(p[static_cast<size_t>(i)], p[static_cast<size_t>(integer(0, i))]);
  return p;
}

ValueId GradientCase::add_input(Type type, const std::vector<int32_t>& shape, ir::Bytes bytes) {
  ir::Value v;
  v.name = "input" + std::to_string(inputs.size());
  v.type = type;
  v.shape = ir::shape_of(shape);
  inputs.push_back({v.shape.max(), std::move(bytes)});
  ValueId id = graph.add_value(std::move(v));
  graph.inputs.push_back({graph.value(id).name, id});
  return id;
}

ValueId GradientCase::input(const std::vector<int32_t>& shape,
                            const std::vector<double>& elements) {
  ir::Bytes bytes(elements.size() * sizeof(double));
  memcpy(bytes.data(), elements.data(), bytes.size());
  targets.push_back(add_input(Type::float32, shape, std::move(bytes)));
  return targets.back();
}

ValueId GradientCase::input(const std::vector<int32_t>& shape, double low, double high) {
  std::vector<double> elements(static_cast<size_t>(ir::shape_of(shape).max().elements()));
  for (double& e : elements) e = real(low, high);
  return input(shape, elements);
}

ValueId GradientCase::lattice(const std::vector<int32_t>& shape, double step, double offset,
                              int32_t range) {
  std::vector<double> elements(static_cast<size_t>(ir::shape_of(shape).max().elements()));
  for (double& e : elements) e = step * (integer(-range, range) + offset);
  return input(shape, elements);
}

ValueId GradientCase::integers(const std::vector<int32_t>& shape, int32_t low, int32_t high) {
  std::vector<int32_t> elements(static_cast<size_t>(ir::shape_of(shape).max().elements()));
  for (int32_t& e : elements) e = integer(low, high);
  ir::Bytes bytes(elements.size() * sizeof(int32_t));
  memcpy(bytes.data(), elements.data(), bytes.size());
  return add_input(Type::int32, shape, std::move(bytes));
}

ValueId GradientCase::fixed(const std::vector<int32_t>& shape) {
  ValueId v = input(shape);
  targets.pop_back();
  return v;
}

bool GradientCase::add(uint16_t op, ir::Bytes attributes, std::vector<ValueId> operands,
                       size_t outputs) {
  ir::Node node;
  node.op = op;
  node.attributes = std::move(attributes);
  node.inputs = std::move(operands);
  for (size_t i = 0; i < outputs; ++i) {
    ir::Value v;
    v.name = "result" + std::to_string(graph.values.size());
    node.outputs.push_back(graph.add_value(std::move(v)));
  }
  if (!ir::infer_node(graph, node).ok()) return false;
  graph.nodes.push_back(std::move(node));
  return true;
}

ValueId GradientCase::add_loss() {
  const std::vector<ValueId> results = graph.nodes.back().outputs;
  Diagnostics diagnostics;
  ValueId loss = ir::kNone;
  for (size_t i : used_) {
    ValueId factors = fixed([&] {
      std::vector<int32_t> dims;
      const ShapeBounds& s = graph.value(results[i]).shape;
      for (int d = 0; d < s.rank; ++d) dims.push_back(s.dims[d].max);
      return dims;
    }());
    Builder builder(graph, diagnostics);
    ValueId term = builder.mul(results[i], factors);
    auto count = static_cast<int32_t>(graph.value(term).shape.max().elements());
    term = builder.sum(builder.reshape(term, {count}), {0}, true);
    loss = loss == ir::kNone ? term : builder.add(loss, term);
  }
  return loss;
}

std::string GradientCase::check() {
  constexpr size_t kElements = 40;  // of each input
  ValueId loss = add_loss();
  return check_gradients(graph, loss, targets, inputs, kElements);
}

}  // namespace mote::test
