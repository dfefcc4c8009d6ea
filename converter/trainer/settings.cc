#include "trainer/settings.h"

#include <charconv>
#include <cstdio>

namespace mote::trainer {
namespace {

std::string number_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string hash_text(uint64_t hash) {
  char text[20];
  snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

std::string schedule_text(const Schedule& s) {
  constexpr const char* kNames[] = {"constant", "linear", "one cycle"};
  std::string text = std::string(kNames[static_cast<int>(s.kind)]) + ", " + number_text(s.rate);
  if (s.kind == Schedule::Kind::linear) text += " to " + number_text(s.final_rate);
  if (s.kind == Schedule::Kind::one_cycle) text += ", warm-up " + number_text(s.warm_up);
  return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> settings_of(const FitOptions& o, int64_t batch,
                                                             uint64_t model, uint64_t train,
                                                             uint64_t validation) {
  return {{"recipe", o.recipe},
          {"epochs", std::to_string(o.epochs)},
          {"batch", std::to_string(batch)},
          {"seed", std::to_string(o.seed)},
          {"schedule", schedule_text(o.schedule)},
          {"flips", o.flips ? "yes" : "no"},
          {"normalization", normalization_text(o.normalization)},
          {"training data", hash_text(train)},
          {"validation data", hash_text(validation)},
          {"model", hash_text(model)}};
}

}  // namespace mote::trainer
