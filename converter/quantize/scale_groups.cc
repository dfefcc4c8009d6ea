#include "quantize/scale_groups.h"

#include "quantize/scales.h"

namespace mote {
namespace {

// The range that a per-tensor int8 quantization covers.
ValueRange covered_by(const ir::Quantization& q) {
  float scale = q.scales[0];
  auto zero = static_cast<float>(q.zero_points[0]);
  return {(-128 - zero) * scale, (127 - zero) * scale};
}

}  // namespace

ScaleGroups::ScaleGroups(const std::vector<ValueRange>& observed)
    : observed_(observed), parent_(observed.size()), groups_(observed.size()) {
  for (size_t i = 0; i < parent_.size(); ++i) parent_[i] = i;
}

size_t ScaleGroups::find(ir::ValueId v) const {
  auto i = static_cast<size_t>(v);
  while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
  return i;
}

void ScaleGroups::prefer(Group& group, const std::optional<ir::Quantization>& preferred) {
  if (!preferred.has_value()) return;
  if (!group.preferred.has_value())
    group.preferred = preferred;
  else if (*group.preferred != *preferred)
    group.has_other_sources = true;
  group.range.include(covered_by(*preferred));
}

void ScaleGroups::source(ir::ValueId v) {
  Group& group = groups_[find(v)];
  group.has_other_sources = true;
  group.range.include(observed_[static_cast<size_t>(v)]);
}

void ScaleGroups::source(ir::ValueId v, const ir::Quantization& preferred) {
  prefer(groups_[find(v)], preferred);
}

void ScaleGroups::same(ir::ValueId a, ir::ValueId b) {
  size_t to = find(a), from = find(b);
  if (to == from) return;
  parent_[from] = to;
  groups_[to].range.include(groups_[from].range);
  groups_[to].has_other_sources |= groups_[from].has_other_sources;
  prefer(groups_[to], groups_[from].preferred);
}

void ScaleGroups::include(ir::ValueId v, const ValueRange& range) {
  Group& group = groups_[find(v)];
  ValueRange before = group.range;
  group.range.include(range);
  group.has_other_sources |= group.range.min < before.min || group.range.max > before.max;
}

void ScaleGroups::choose() {
  for (size_t i = 0; i < groups_.size(); ++i) {
    Group& g = groups_[i];
    if (parent_[i] != i) continue;
    bool preferred = g.preferred.has_value() && !g.has_other_sources;
    g.quantization = preferred ? *g.preferred : activation_quantization(g.range);
  }
}

bool ScaleGroups::raise(ir::ValueId v, float scale) {
  Group& group = groups_[find(v)];
  if (!(group.quantization.scales[0] < scale)) return false;
  group.quantization.scales[0] = scale;
  return true;
}

}  // namespace mote
