#include "quantize/comparison.h"

#include <algorithm>
#include <cmath>

#include "passes/passes.h"
#include "quantize/graph_runner.h"
#include "quantize/static_values.h"

namespace mote {
namespace {

// Above this a difference is float rounding, not quantization.
constexpr double kExactDb = 150;

// Sums over samples of one value: of squares of the float model and of the difference.
struct Sums {
  double signal = 0, noise = 0, max_error = 0;

  void add(double expected, double found) {
    double difference = std::fabs(found - expected);
    signal += expected * expected;
    noise += difference * difference;
    max_error = std::max(max_error, difference);
  }
  double sqnr_db() const {
    if (noise == 0) return kExactDb;
    return signal == 0 ? -kExactDb : std::min(kExactDb, 10 * std::log10(signal / noise));
  }
};

using Runs = std::vector<std::vector<ir::Bytes>>;  // value, run -> elements

Runs collect(const ir::Module& module, size_t graph, std::vector<ir::ValueId> values,
             const Samples& samples, size_t limit, Diagnostics& diagnostics) {
  Runs runs(values.size());
  GraphRunner runner(module, graph, std::move(values));
  runner.run(
      samples, limit,
      [&](size_t i, Span<const uint8_t> bytes) {
        runs[i].emplace_back(bytes.begin(), bytes.end());
      },
      diagnostics);
  return runs;
}

void add(const ir::Bytes& real, const ir::Bytes& int8, const QuantizedTensor& t, Sums* sums) {
  for (size_t i = 0; i < int8.size(); ++i) {
    float expected;
    memcpy(&expected, real.data() + i * sizeof expected, sizeof expected);
    int32_t stored = static_cast<int8_t>(int8[i]);
    sums->add(expected, (stored - t.zero_point) * static_cast<double>(t.scale));
  }
}

}  // namespace

void compare_with_float(const ir::Module& real, const ir::Module& int8, size_t g,
                        const std::vector<std::pair<ir::ValueId, ir::ValueId>>& pairs,
                        const Samples& samples, size_t limit, QuantizeResult* result,
                        Diagnostics& diagnostics) {
  std::vector<ir::ValueId> real_values, int8_values;
  for (auto [r, q] : pairs) {
    real_values.push_back(r);
    int8_values.push_back(q);
  }
  Runs expected = collect(real, g, real_values, samples, limit, diagnostics);
  Runs found =
      collect(int8, g, int8_values, samples.with_ports_of(int8.graphs[g]), limit, diagnostics);
  if (!diagnostics.empty()) return;
  for (size_t i = 0; i < pairs.size(); ++i) {
    Sums sums;
    for (size_t run = 0; run < found[i].size(); ++run)
      add(expected[i][run], found[i][run], result->tensors[i], &sums);
    result->tensors[i].sqnr_db = sums.sqnr_db();
    result->tensors[i].max_error = sums.max_error;
  }
  std::stable_sort(result->tensors.begin(), result->tensors.end(),
                   [](const auto& a, const auto& b) { return a.sqnr_db < b.sqnr_db; });
}

ir::Graph folded(ir::Graph graph, Diagnostics& diagnostics) {
  StaticValues statics(graph, diagnostics);
  for (ir::Node& node : graph.nodes) {
    if (node.op != op_code::read_state || !statics.contains(node)) continue;
    ir::Value& state = graph.value(node.inputs[0]);
    state.kind = TensorKind::constant;
    if (state.data == nullptr)
      state.data = std::make_shared<const ir::Bytes>(
          static_cast<size_t>(state.shape.max().elements()) * type_bytes(state.type));
    ir::Value& value = graph.value(node.outputs[0]);
    value.kind = TensorKind::constant;
    value.data = state.data;
  }
  std::erase_if(graph.nodes, [&](const ir::Node& node) {
    return node.op == op_code::read_state && statics.contains(node);
  });
  fold_constants(graph, diagnostics);
  return graph;
}

}  // namespace mote
