#include "output_summary.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include "elements.h"
#include "text.h"

namespace mote::tool {
namespace {

// Elements shown of an output that is no vector of classes; --save writes them all.
constexpr size_t kShown = 16;

struct Range {
  double min;
  double max;
  double mean;
};

Range range_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {*low, *high, sum / static_cast<double>(values.size())};
}

bool is_vector(const Shape& shape) {
  return shape.rank > 0 && shape.elements() > 1 && shape.elements() == shape.dims[shape.rank - 1];
}

std::vector<size_t> largest(const std::vector<double>& values, size_t count) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  count = std::min(count, order.size());
  // The lower index first among equals, so that the order is the same everywhere.
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](size_t a, size_t b) {
                      return values[a] > values[b] || (values[a] == values[b] && a < b);
                    });
  order.resize(count);
  return order;
}

std::string label_of(const Labels& labels, size_t index) {
  const auto found = labels.find(index);
  return found == labels.end() ? "" : found->second;
}

}  // namespace

Labels load_labels(const std::string& path, const Model& model) {
  std::string text;
  if (!path.empty()) {
    const Bytes bytes = read_file(path);
    text.assign(bytes.begin(), bytes.end());
  } else if (const char* stored = model.metadata("labels"); stored != nullptr) {
    text = stored;
  }
  Labels labels;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    labels.emplace(labels.size(), line);
  }
  return labels;
}

OutputSummary summarize(const Runner& runner, const Port& port, size_t top) {
  OutputSummary summary;
  summary.name = port.name;
  summary.type = port.info->type;
  summary.shape = runner.output_shape(port);
  summary.values = stored_values(summary.type, runner.output(port).data,
                                 static_cast<size_t>(summary.shape.elements()));
  for (double& value : summary.values) value = real_value(value, port.info->quantization);
  if (is_vector(summary.shape)) {
    // Of two NaN none is larger, which no sorting takes.
    std::vector<double> ordered = summary.values;
    for (double& value : ordered) {
      if (value != value) value = -HUGE_VAL;
    }
    summary.top = largest(ordered, top);
  }
  return summary;
}

std::string text_of(const OutputSummary& summary, const Labels& labels) {
  if (!summary.top.empty()) {
    std::vector<std::vector<std::string>> rows;
    for (const size_t i : summary.top) {
      rows.push_back({"", std::to_string(i), number_text(summary.values[i]), label_of(labels, i)});
    }
    return table_text(rows, {1, 2});
  }
  const Range range = range_of(summary.values);
  std::string text = "  min " + number_text(range.min) + ", max " + number_text(range.max) +
                     ", mean " + number_text(range.mean) + "\n ";
  const size_t shown = std::min(kShown, summary.values.size());
  for (size_t i = 0; i < shown; ++i) text += " " + number_text(summary.values[i]);
  return text + (shown < summary.values.size() ? " ...\n" : "\n");
}

nlohmann::ordered_json json_of(const OutputSummary& summary, const Labels& labels) {
  const Range range = range_of(summary.values);
  const Shape& shape = summary.shape;
  nlohmann::ordered_json json = {
      {"name", summary.name},
      {"type", type_name(summary.type)},
      {"shape", std::vector<int32_t>(shape.dims, shape.dims + shape.rank)},
      {"min", range.min},
      {"max", range.max},
      {"mean", range.mean},
      {"values", std::vector<double>(
                     summary.values.begin(),
                     summary.values.begin() +
                         static_cast<std::ptrdiff_t>(std::min(kShown, summary.values.size())))}};
  auto top = nlohmann::ordered_json::array();
  for (const size_t i : summary.top) {
    nlohmann::ordered_json item = {{"index", i}, {"value", summary.values[i]}};
    if (labels.count(i) != 0) item["label"] = label_of(labels, i);
    top.push_back(item);
  }
  json["top"] = top;
  return json;
}

}  // namespace mote::tool
