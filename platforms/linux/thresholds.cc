#include "thresholds.h"

#include <algorithm>

#include "failure.h"
#include "options.h"

namespace mote::tool {

namespace {

// CLI11's own check lists the limits of double when it refuses.
std::string not_negative(const std::string& text) {
  double value = 0;
  const bool valid = CLI::detail::lexical_cast(text, value) && value >= 0;
  return valid ? "" : "'" + text + "' is no number of at least 0";
}

}  // namespace

void add_threshold_options(CLI::App& command, Thresholds& thresholds) {
  command
      .add_option("--max-err", thresholds.max_err,
                  "Fail above this largest |a-b| / max(1, |b|), in real values")
      ->check(not_negative);
  command
      .add_option("--max-lsb", thresholds.max_lsb,
                  "Fail above this largest difference of quantized elements")
      ->check(not_negative);
  command
      .add_option("--min-equal", thresholds.min_equal,
                  "Fail below this share of equal elements, 0 to 1")
      ->check(number_between(0, 1));
}

void require_applicable(const std::vector<OutputComparison>& outputs,
                        const Thresholds& thresholds) {
  const bool has_quantized = std::any_of(outputs.begin(), outputs.end(),
                                         [](const auto& o) { return o.max_lsb.has_value(); });
  if (thresholds.max_lsb.has_value() && !has_quantized) {
    wrong_use("--max-lsb: no output of the model is quantized; use --max-err");
  }
}

void require_thresholds(const std::vector<OutputComparison>& outputs,
                        const Thresholds& thresholds) {
  std::string text;
  for (const std::string& line : violations(outputs, thresholds)) {
    text += (text.empty() ? "" : "\nmote: error: ") + line;
  }
  if (!text.empty()) throw Failure(kCheckFailed, text);
}

}  // namespace mote::tool
