// Ranges from calibration data, scales from ranges, one pass over the operators: what every other
// method starts from. Jacob et al. 2018 and Krishnamoorthi 2018, "Quantizing deep convolutional
// networks for efficient inference", section 3.
#include "base/operator_names.h"
#include "ir/op_view.h"
#include "quantize/calibration.h"
#include "quantize/comparison.h"
#include "quantize/decisions.h"
#include "quantize/quantize.h"

namespace mote {
namespace {

void rewrite_nodes(const ir::Graph& source, const Decisions& decisions, const StaticValues& statics,
                   bool trainable, Rewriter& rewriter, QuantizeResult* result) {
  for (size_t n = 0; n < source.nodes.size(); ++n) {
    const ir::Node& node = source.nodes[n];
    const Decision& decision = decisions.nodes[n];
    rewriter.begin(node);
    if (decision.row == nullptr) {
      rewriter.keep(node);
      if (!decision.reason.empty())
        result->float_operators.push_back({node.location, operator_name(node.op), decision.reason});
      continue;
    }
    decision.row->rewrite({source, node, statics, trainable}, rewriter);
    ++result->int8_operators;
  }
}

void list_tensors(const ir::Graph& source, const ir::Graph& graph, const Rewriter& rewriter,
                  const std::vector<ValueRange>& ranges, QuantizeResult* result) {
  std::vector<int32_t> producer = ir::producers(source);
  for (auto [real, int8] : rewriter.results()) {
    const ir::Value& v = graph.value(int8);
    QuantizedTensor t;
    t.name = source.value(real).name;
    int32_t node = producer[static_cast<size_t>(real)];
    if (node >= 0) t.where = source.nodes[static_cast<size_t>(node)].location;
    t.scale = v.quantization.scales[0];
    t.zero_point = v.quantization.zero_points[0];
    const ValueRange& range = ranges[static_cast<size_t>(real)];
    t.min = range.min;
    t.max = range.max;
    result->tensors.push_back(std::move(t));
  }
}

}  // namespace

void quantize_post_training(ir::Module& module, size_t g, const QuantizeOptions& options,
                            const Samples& samples, QuantizeResult* result,
                            Diagnostics& diagnostics) {
  const ir::Graph source = module.graphs[g];
  StaticValues statics(source, diagnostics);
  if (!diagnostics.empty()) return;
  const ObserverRow& observer = *find_observer(options.observer);
  std::vector<ValueRange> ranges = calibrate(module, g, statics, observer, samples, diagnostics);
  if (!diagnostics.empty()) return;
  Decisions decisions = decide(source, statics, ranges, options.trainable);
  ir::Graph& graph = module.graphs[g];
  Rewriter rewriter(graph, statics, decisions.groups);
  for (ir::Port& port : graph.inputs)
    if (options.int8_ports && graph.value(port.value).type == Type::float32)
      rewriter.make_int8_input(port);
  rewrite_nodes(source, decisions, statics, options.trainable, rewriter, result);
  rewriter.finish(options.int8_ports);
  result->samples = samples.count();
  list_tensors(source, graph, rewriter, ranges, result);
  ir::Module real, int8;
  real.graphs = {source};
  int8.graphs = {folded(graph, diagnostics)};
  compare_with_float(real, int8, 0, rewriter.results(), samples, options.report_samples, result,
                     diagnostics);
}

}  // namespace mote
