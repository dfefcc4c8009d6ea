// add, sub, mul. A static operand is stored in int8 with a scale of its own.
#include "quantize/rewrites/rewrite.h"
#include "quantize/scales.h"

namespace mote {
namespace {

// add and sub take a ratio of 2^-10 to 2^8, exclusive, between the larger input scale and the
// output's (core/NUMERICS.md, 5.1).
constexpr float kLargestRatio = 255.0f, kSmallestRatio = 0x1p-10f;

float input_scale(const Site& s, const ScaleGroups& groups, size_t i) {
  ir::ValueId v = s.in(i);
  return s.statics.contains(v) ? static_quantization(s.graph, s.statics, v).scales[0]
                               : groups.scale(v);
}

float larger_scale(const Site& s, const ScaleGroups& groups) {
  float a = input_scale(s, groups, 0), b = input_scale(s, groups, 1);
  return a > b ? a : b;
}

std::string refuse(const Site& s) {
  for (size_t i : {0, 1}) {
    if (!s.statics.contains(s.in(i))) continue;
    if (!s.statics.is_finite(s.in(i))) return "a constant operand holds NaN or infinity";
    if (!is_coverable(s.statics.range(s.in(i)))) return "a constant operand is too large for int8";
  }
  return {};
}

void relate(const Site& s, ScaleGroups& groups) { groups.source(s.out()); }

float least_scale(const Site& s, const ScaleGroups& groups) {
  return larger_scale(s, groups) / kLargestRatio;
}

std::string misfit(const Site& s, const ScaleGroups& groups) {
  float ratio = larger_scale(s, groups) / groups.scale(s.out());
  if (ratio < 2 * kSmallestRatio) return "its result has more than 500 times its operands' scale";
  return ratio > 1.001f * kLargestRatio ? "its operands have more than 255 times its scale" : "";
}

void rewrite(const Site& s, Rewriter& r) {
  ir::ValueId a = r.int8(s.in(0)), b = r.int8(s.in(1));
  r.add_int8(s.node, {a, b});
}

constexpr QuantizeRow kRows[] = {
    {.op = op_code::add,
     .refuse = refuse,
     .relate = relate,
     .least_scale = least_scale,
     .misfit = misfit,
     .rewrite = rewrite},
    {.op = op_code::sub,
     .refuse = refuse,
     .relate = relate,
     .least_scale = least_scale,
     .misfit = misfit,
     .rewrite = rewrite},
    {.op = op_code::mul, .refuse = refuse, .relate = relate, .rewrite = rewrite},
};

}  // namespace

Span<const QuantizeRow> binary_rows() { return kRows; }

}  // namespace mote
