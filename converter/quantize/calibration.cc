#include "quantize/calibration.h"

#include <algorithm>
#include <cmath>

#include "quantize/graph_runner.h"
#include "quantize/scales.h"

namespace mote {
namespace {

// A usual batch of training: what observers that average see as one.
constexpr size_t kObserverBatch = 32;

bool all_finite(Span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

std::string name_of(const ir::Graph& graph, ir::ValueId v) {
  return "tensor '" + graph.value(v).name + "'";
}

}  // namespace

std::vector<ir::ValueId> observable_values(const ir::Graph& graph, const StaticValues& statics) {
  std::vector<bool> is_computed(graph.values.size(), false);
  for (const ir::Port& port : graph.inputs) is_computed[static_cast<size_t>(port.value)] = true;
  for (const ir::Node& node : graph.nodes)
    for (ir::ValueId v : node.outputs) is_computed[static_cast<size_t>(v)] = true;
  std::vector<ir::ValueId> observed;
  for (size_t i = 0; i < graph.values.size(); ++i) {
    auto v = static_cast<ir::ValueId>(i);
    if (is_computed[i] && graph.value(v).type == Type::float32 && !statics.contains(v))
      observed.push_back(v);
  }
  return observed;
}

std::vector<ValueRange> calibrate(const ir::Module& module, size_t g, const StaticValues& statics,
                                  const ObserverRow& observer, const Samples& samples,
                                  Diagnostics& diagnostics) {
  const ir::Graph& graph = module.graphs[g];
  std::vector<ir::ValueId> values = observable_values(graph, statics);
  std::vector<std::unique_ptr<Observer>> observers;
  for (size_t i = 0; i < values.size(); ++i) observers.push_back(observer.make());
  std::vector<bool> is_broken(values.size(), false);
  GraphRunner runner(module, g, values);
  auto see = [&](size_t i, Span<const uint8_t> bytes) {
    Span<const float> floats(reinterpret_cast<const float*>(bytes.data),
                             bytes.size / sizeof(float));
    if (all_finite(floats))
      observers[i]->observe(floats);
    else
      is_broken[i] = true;
  };
  size_t batches = 0;
  auto done = [&](size_t n) {
    if (n / kObserverBatch == batches && n != samples.count()) return;
    batches = n / kObserverBatch;
    for (std::unique_ptr<Observer>& o : observers) o->end_batch();
  };
  std::vector<ValueRange> ranges(graph.values.size());
  if (!runner.run(samples, samples.count(), see, diagnostics, done)) return ranges;
  for (size_t i = 0; i < values.size(); ++i) {
    ValueRange range = observers[i]->range();
    if (is_broken[i] || !is_coverable(range)) {
      diagnostics.add(name_of(graph, values[i]),
                      is_broken[i] ? "its values became NaN or infinite on calibration data"
                                   : "its values are too large for int8 scales",
                      "check the model's weights and that the data are scaled as in training");
      return ranges;
    }
    ranges[static_cast<size_t>(values[i])] = range;
  }
  return ranges;
}

}  // namespace mote
