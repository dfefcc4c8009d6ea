// Which scale and zero point each value gets. Values that must have the same form a group; its
// range is that of the results that are computed in it, not of those that only move elements.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"
#include "quantize/observers/observer.h"

namespace mote {

class ScaleGroups {
 public:
  // `observed`: the range of each value of the graph; empty where nothing was seen.
  explicit ScaleGroups(const std::vector<ValueRange>& observed);

  // `v` is computed: its own range counts.
  void source(ir::ValueId v);
  // As source(), but with the operator's customary quantization, unless it shares a group with
  // others that have none or another.
  void source(ir::ValueId v, const ir::Quantization& preferred);
  // One scale for both.
  void same(ir::ValueId a, ir::ValueId b);
  // The group of `v` must cover these too.
  void include(ir::ValueId v, const ValueRange& range);

  // What the model itself says, instead of choose().
  void give(ir::ValueId v, const ir::Quantization& q) { groups_[find(v)].quantization = q; }
  // Chooses every group's quantization.
  void choose();
  // Raises the scale of the group of `v` to at least `scale`; true when that changed it.
  bool raise(ir::ValueId v, float scale);

  bool is_same(ir::ValueId a, ir::ValueId b) const { return find(a) == find(b); }
  const ValueRange& observed(ir::ValueId v) const { return observed_[static_cast<size_t>(v)]; }
  ValueRange range(ir::ValueId v) const { return groups_[find(v)].range; }
  const ir::Quantization& of(ir::ValueId v) const { return groups_[find(v)].quantization; }
  float scale(ir::ValueId v) const { return of(v).scales[0]; }

 private:
  struct Group {
    ValueRange range;
    std::optional<ir::Quantization> preferred;
    bool has_other_sources = false;
    ir::Quantization quantization;
  };
  size_t find(ir::ValueId v) const;
  void prefer(Group& group, const std::optional<ir::Quantization>& preferred);

  const std::vector<ValueRange>& observed_;
  mutable std::vector<size_t> parent_;
  std::vector<Group> groups_;
};

}  // namespace mote
