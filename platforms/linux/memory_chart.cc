#include "memory_chart.h"

#include <algorithm>
#include <vector>

#include "text.h"

namespace mote::tool {
namespace {

// Columns for the steps, so that a row fits a terminal of 100 with the other columns.
constexpr int64_t kWidth = 40;

std::string bar(const PlannedBuffer& buffer, int64_t steps) {
  // From -1 (before the first operator) to `steps` (until the end).
  const int64_t span = steps + 2;
  const int64_t width = std::min(span, kWidth);
  std::string text(static_cast<size_t>(width), '.');
  const int64_t first = (buffer.first_step + 1) * width / span;
  const int64_t last = (buffer.last_step + 1) * width / span;
  for (int64_t i = first; i <= last && i < width; ++i) text[static_cast<size_t>(i)] = '#';
  return text;
}

std::vector<PlannedBuffer> selected(const Plan& plan, uint32_t entry_point, size_t limit) {
  std::vector<PlannedBuffer> buffers;
  for (const PlannedBuffer& buffer : plan.buffers()) {
    if (buffer.entry_point == entry_point) buffers.push_back(buffer);
  }
  if (limit != 0 && buffers.size() > limit) {
    std::stable_sort(buffers.begin(), buffers.end(),
                     [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    buffers.resize(limit);
  }
  std::stable_sort(buffers.begin(), buffers.end(), [](const auto& a, const auto& b) {
    return a.first_step != b.first_step ? a.first_step < b.first_step : a.offset < b.offset;
  });
  return buffers;
}

}  // namespace

std::string memory_chart(const Model& model, const Plan& plan, uint32_t entry_point, size_t limit) {
  auto steps = static_cast<int64_t>(plan.steps(entry_point).size);
  // Steps of called graphs count as well.
  for (const PlannedBuffer& buffer : plan.buffers())
    if (buffer.entry_point == entry_point) steps = std::max<int64_t>(steps, buffer.last_step);
  std::vector<std::vector<std::string>> rows = {{"offset", "bytes", "steps", "lifetime", "buffer"}};
  const std::vector<PlannedBuffer> buffers = selected(plan, entry_point, limit);
  for (const PlannedBuffer& buffer : buffers) {
    const std::string name =
        buffer.tensor < 0 ? "(scratch)" : model.tensor(static_cast<uint32_t>(buffer.tensor)).name;
    rows.push_back({std::to_string(buffer.offset), std::to_string(buffer.bytes),
                    std::to_string(buffer.first_step) + ".." + std::to_string(buffer.last_step),
                    bar(buffer, steps), name});
  }
  std::string text = table_text(rows, {0, 1, 2});
  if (buffers.size() < selected(plan, entry_point, 0).size()) {
    text += "(the largest; --all shows every buffer)\n";
  }
  return text;
}

}  // namespace mote::tool
