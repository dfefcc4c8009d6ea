// activation, softmax and reduce: results with a scale of their own; functions by stored tables.
#include "ir/tables.h"
#include "ops/attributes.h"
#include "quantize/rewrites/rewrite.h"

namespace mote {
namespace {

// What the functions' values fill exactly; 1 / scale is an integer (core/NUMERICS.md, 7.1).
ir::Quantization zero_to_one() { return {{1.0f / 256.0f}, {-128}, -1}; }
ir::Quantization minus_one_to_one() { return {{1.0f / 128.0f}, {0}, -1}; }

std::string accept(const Site&) { return {}; }

void relate_source(const Site& s, ScaleGroups& groups) { groups.source(s.out()); }

void relate_activation(const Site& s, ScaleGroups& groups) {
  switch (s.node.attrs<ActivationAttrs>().kind) {
    case kMoteSigmoid:
      return groups.source(s.out(), zero_to_one());
    case kMoteTanh:
      return groups.source(s.out(), minus_one_to_one());
    default:
      return groups.source(s.out());
  }
}

void rewrite_activation(const Site& s, Rewriter& r) {
  ir::ValueId x = r.int8(s.in(0));
  std::vector<int8_t> table = ir::activation_table(
      s.node.attrs<ActivationAttrs>(), r.quantization(s.in(0)), r.quantization(s.out()));
  ir::ValueId t = r.constant(s.graph.value(s.out()).name + "/table", Type::int8, table);
  r.add_int8(s.node, {x, t});
}

void relate_softmax(const Site& s, ScaleGroups& groups) { groups.source(s.out(), zero_to_one()); }

// Larger output scales than 1 are refused (7.1): only a group with far larger values has them.
std::string softmax_misfit(const Site& s, const ScaleGroups& groups) {
  return groups.scale(s.out()) > 1.0f ? "its result shares one scale with far larger values" : "";
}

void rewrite_softmax(const Site& s, Rewriter& r) {
  ir::ValueId x = r.int8(s.in(0));
  std::vector<int32_t> table =
      ir::softmax_table(r.quantization(s.in(0)).scales[0], s.node.attrs<SoftmaxAttrs>().beta);
  ir::ValueId t = r.constant(s.graph.value(s.out()).name + "/table", Type::int32, table);
  r.add_int8(s.node, {x, t});
}

std::string refuse_reduce(const Site& s) {
  return s.node.attrs<ReduceAttrs>().kind > kMoteReduceMean
             ? "int8 kernels take sums and means alone"
             : "";
}
void rewrite_reduce(const Site& s, Rewriter& r) { r.add_int8(s.node, {r.int8(s.in(0))}); }

constexpr QuantizeRow kRows[] = {
    {.op = op_code::activation,
     .refuse = accept,
     .relate = relate_activation,
     .rewrite = rewrite_activation},
    {.op = op_code::softmax,
     .refuse = accept,
     .relate = relate_softmax,
     .misfit = softmax_misfit,
     .rewrite = rewrite_softmax},
    {.op = op_code::reduce,
     .refuse = refuse_reduce,
     .relate = relate_source,
     .rewrite = rewrite_reduce},
};

}  // namespace

Span<const QuantizeRow> function_rows() { return kRows; }

}  // namespace mote
