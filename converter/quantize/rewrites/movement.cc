// Operators that move elements: one scale before and after. arg_max only compares them.
#include <algorithm>
#include <cmath>

#include "ops/attributes.h"
#include "quantize/rewrites/rewrite.h"
#include "quantize/scales.h"

namespace mote {
namespace {

// A fill beyond this stands for minus infinity: it saturates instead of widening the range.
constexpr float kLargestFill = 0x1p20f;

std::string accept(const Site&) { return {}; }

std::string refuse_statics(const Site& s) {
  for (ir::ValueId v : s.node.inputs) {
    if (!s.statics.contains(v) || s.graph.value(v).type != Type::float32) continue;
    if (!s.statics.is_finite(v)) return "a constant operand holds NaN or infinity";
    if (!is_coverable(s.statics.range(v))) return "a constant operand is too large for int8";
  }
  return {};
}

// The operand's scale is the result's; static operands only widen the range.
void relate_operand(const Site& s, ir::ValueId x, ScaleGroups& groups) {
  if (s.statics.contains(x))
    groups.include(s.out(), s.statics.range(x));
  else
    groups.same(x, s.out());
}

void relate_first(const Site& s, ScaleGroups& groups) { relate_operand(s, s.in(0), groups); }

void relate_pad(const Site& s, ScaleGroups& groups) {
  relate_first(s, groups);
  float value = s.node.attrs<PadAttrs>().value;
  if (std::fabs(value) <= kLargestFill) groups.include(s.out(), {value, value});
}

std::string refuse_pad(const Site& s) {
  return std::isnan(s.node.attrs<PadAttrs>().value) ? "it pads with NaN" : "";
}

int64_t readers(const ir::Graph& graph, ir::ValueId v) {
  int64_t count = 0;
  for (const ir::Node& node : graph.nodes)
    count += std::count(node.inputs.begin(), node.inputs.end(), v);
  return count;
}

// An operand that others read too keeps a scale of its own where the result's is much coarser: a
// requantize node costs a step of the coarse scale, and the others keep their precision.
bool keeps_its_scale(const Site& s, ir::ValueId x, const ScaleGroups& groups) {
  const ValueRange &of_x = groups.observed(x), &of_y = groups.observed(s.out());
  if (s.statics.contains(x) || of_x.empty() || of_y.empty()) return false;
  return 2 * (of_x.max - of_x.min) < of_y.max - of_y.min && readers(s.graph, x) > 1;
}

void relate_concat(const Site& s, ScaleGroups& groups) {
  for (ir::ValueId x : s.node.inputs) {
    if (keeps_its_scale(s, x, groups))
      groups.include(s.out(), groups.observed(x));
    else
      relate_operand(s, x, groups);
  }
}

// Only the first operand carries the elements.
void rewrite_first(const Site& s, Rewriter& r) {
  std::vector<ir::ValueId> inputs = {r.int8(s.in(0), r.quantization(s.out()))};
  for (size_t i = 1; i < s.node.inputs.size(); ++i) inputs.push_back(r.any(s.in(i)));
  r.add_int8(s.node, std::move(inputs));
}

void rewrite_concat(const Site& s, Rewriter& r) {
  std::vector<ir::ValueId> inputs;
  for (ir::ValueId x : s.node.inputs) inputs.push_back(r.int8(x, r.quantization(s.out())));
  r.add_int8(s.node, std::move(inputs));
}

void relate_nothing(const Site&, ScaleGroups&) {}
void rewrite_arg_max(const Site& s, Rewriter& r) { r.add(s.node, {r.int8(s.in(0))}); }

constexpr QuantizeRow row(uint16_t op) {
  return {.op = op,
          .follows = true,
          .refuse = refuse_statics,
          .relate = relate_first,
          .rewrite = rewrite_first};
}
constexpr QuantizeRow kRows[] = {
    row(op_code::reshape),
    row(op_code::transpose),
    row(op_code::strided_slice),
    row(op_code::broadcast_to),
    row(op_code::gather),
    {.op = op_code::pad,
     .follows = true,
     .refuse = refuse_pad,
     .relate = relate_pad,
     .rewrite = rewrite_first},
    {.op = op_code::concat,
     .follows = true,
     .refuse = refuse_statics,
     .relate = relate_concat,
     .rewrite = rewrite_concat},
    {.op = op_code::arg_max,
     .follows = true,
     .refuse = accept,
     .relate = relate_nothing,
     .rewrite = rewrite_arg_max},
};

}  // namespace

Span<const QuantizeRow> movement_rows() { return kRows; }

}  // namespace mote
