#include "case_seeds.h"

#include <algorithm>

#include "export/exporter.h"
#include "ops/all_cases.h"
#include "ops/run_case.h"

namespace mote::test {
namespace {

constexpr size_t kSeedsPerOperator = 4;
// Larger files are mutated in less interesting places.
constexpr size_t kMostBytes = 16 << 10;

std::vector<uint8_t> file_of(const Case& c, size_t index) {
  ir::Module module;
  module.graphs = {case_graph(c, case_seed(index))};
  Diagnostics diagnostics;
  return export_module(module, diagnostics);
}

}  // namespace

std::vector<CaseSeed> case_seeds() {
  std::vector<CaseSeed> seeds;
  for (const OperatorCases& op : all_cases()) {
    const std::vector<Case> cases = cases_of(op);
    const size_t step = std::max<size_t>(1, cases.size() / kSeedsPerOperator);
    for (size_t first = 0; first < cases.size(); first += step) {
      // The first of this part that is small.
      const size_t end = std::min(cases.size(), first + step);
      for (size_t i = first; i < end; ++i) {
        std::vector<uint8_t> file = file_of(cases[i], i);
        if (file.empty() || file.size() > kMostBytes) continue;
        seeds.push_back({op.code, std::string(op.name) + "_" + std::to_string(i), std::move(file)});
        break;
      }
    }
  }
  return seeds;
}

}  // namespace mote::test
