// A model's outputs against reference outputs.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "reference_set.h"
#include "runner.h"

namespace mote::tool {

// Over all cases; the fields of `mote verify --json`, documented in README.md.
struct OutputComparison {
  std::string name;
  int64_t elements = 0;
  int64_t equal = 0;
  double max_abs = 0;  // infinite when one side alone is not a number
  double max_err = 0;
  std::optional<int64_t> max_lsb;  // of quantized outputs
  int64_t argmax_ok = 0;
  int64_t cases = 0;
};

struct Thresholds {
  std::optional<double> max_err;
  std::optional<int64_t> max_lsb;
  std::optional<double> min_equal;
};

// Runs every case. Throws Failure(kBadInput) where model and set do not belong together.
std::vector<OutputComparison> compare(Runner& runner, const ReferenceSet& set);

// One line per violated threshold.
std::vector<std::string> violations(const std::vector<OutputComparison>& outputs,
                                    const Thresholds& thresholds);

std::string text_of(const std::vector<OutputComparison>& outputs);
nlohmann::ordered_json json_of(const std::vector<OutputComparison>& outputs);

}  // namespace mote::tool
