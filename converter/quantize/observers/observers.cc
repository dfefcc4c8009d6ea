#include "quantize/observers/observer.h"

namespace mote {
namespace {

// The first one is the default.
constexpr ObserverRow kObservers[] = {
    {"min_max", make_min_max},
    {"moving_average", make_moving_average},
};

}  // namespace

Span<const ObserverRow> observers() { return kObservers; }

const ObserverRow* find_observer(const std::string& name) {
  for (const ObserverRow& row : kObservers)
    if (name == row.name) return &row;
  return nullptr;
}

std::string observer_names() {
  std::string text;
  for (const ObserverRow& row : kObservers)
    text += (text.empty() ? "" : ", ") + std::string(row.name);
  return text;
}

ValueRange range_of(Span<const float> values) {
  ValueRange range;
  for (float v : values) range.include(v);
  return range;
}

}  // namespace mote
