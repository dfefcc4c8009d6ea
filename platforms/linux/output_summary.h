// What `mote run` says of an output: the best classes of a vector, or a few figures.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runner.h"

namespace mote::tool {

using Labels = std::map<size_t, std::string>;

// From the file, else from the model's metadata "labels"; one per line.
Labels load_labels(const std::string& path, const Model& model);

struct OutputSummary {
  std::string name;
  Type type = Type::float32;
  Shape shape;
  std::vector<double> values;  // real ones, all
  std::vector<size_t> top;     // indices of the largest, descending; empty for no vector
};

OutputSummary summarize(const Runner& runner, const Port& port, size_t top);
std::string text_of(const OutputSummary& summary, const Labels& labels);
// Documented in README.md, "mote run".
nlohmann::ordered_json json_of(const OutputSummary& summary, const Labels& labels);

}  // namespace mote::tool
