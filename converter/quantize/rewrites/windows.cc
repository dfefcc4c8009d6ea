// max_pool2d, avg_pool2d, resize_bilinear: results lie within the range of what they read and keep
// its scale.
#include "quantize/rewrites/rewrite.h"

namespace mote {
namespace {

std::string accept(const Site&) { return {}; }
void relate(const Site& s, ScaleGroups& groups) { groups.same(s.in(0), s.out()); }
void rewrite(const Site& s, Rewriter& r) { r.add_int8(s.node, {r.int8(s.in(0))}); }

constexpr QuantizeRow row(uint16_t op) {
  return {.op = op, .follows = true, .refuse = accept, .relate = relate, .rewrite = rewrite};
}
constexpr QuantizeRow kRows[] = {row(op_code::max_pool2d), row(op_code::avg_pool2d),
                                 row(op_code::resize_bilinear)};

}  // namespace

Span<const QuantizeRow> window_rows() { return kRows; }

}  // namespace mote
