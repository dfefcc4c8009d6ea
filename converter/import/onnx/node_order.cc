#include "import/onnx/node_order.h"

#include <numeric>
#include <unordered_map>

namespace mote::onnx_import {
namespace {

// For each node those of the list that write what it reads, also in its subgraphs.
std::vector<std::vector<int>> writers_of(const Nodes& nodes, Source& source) {
  std::unordered_map<std::string, int> writer;
  for (int i = 0; i < nodes.size(); ++i)
    for (const std::string& name : nodes[i].output()) writer.emplace(name, i);
  std::vector<std::vector<int>> out(static_cast<size_t>(nodes.size()));
  for (int i = 0; i < nodes.size(); ++i) {
    auto add = [&](const std::string& name) {
      auto it = name.empty() ? writer.end() : writer.find(name);
      if (it != writer.end() && it->second != i) out[static_cast<size_t>(i)].push_back(it->second);
    };
    for (const std::string& name : nodes[i].input()) add(name);
    for (const onnx::AttributeProto& a : nodes[i].attribute())
      if (a.has_g())
        for (const std::string& name : source.used_names(a.g())) add(name);
  }
  return out;
}

}  // namespace

std::vector<int> node_order(const Nodes& nodes, Source& source) {
  const std::vector<std::vector<int>> writers = writers_of(nodes, source);
  std::vector<int> given(writers.size()), order;
  std::iota(given.begin(), given.end(), 0);
  bool is_ordered = true;
  for (size_t i = 0; i < writers.size(); ++i)
    for (int w : writers[i]) is_ordered = is_ordered && w < static_cast<int>(i);
  if (is_ordered) return given;
  // Depth first, with the next writer to look at of each node on the way.
  std::vector<size_t> next(writers.size(), 0);
  std::vector<bool> is_open(writers.size(), false);
  for (int first : given) {
    std::vector<int> way;
    if (!is_open[static_cast<size_t>(first)]) way.push_back(first);
    while (!way.empty()) {
      const auto at = static_cast<size_t>(way.back());
      is_open[at] = true;
      if (next[at] == writers[at].size()) {
        order.push_back(way.back());
        way.pop_back();
        continue;
      }
      const int writer = writers[at][next[at]++];
      if (!is_open[static_cast<size_t>(writer)]) way.push_back(writer);
    }
  }
  return order;
}

}  // namespace mote::onnx_import
