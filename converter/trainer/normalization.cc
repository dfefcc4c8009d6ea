// The normalization as text in a model's metadata.
#include <cmath>
#include <nlohmann/json.hpp>

#include "trainer/failure.h"

namespace mote {

using Json = nlohmann::ordered_json;

std::string normalization_text(const Normalization& normalization) {
  // Doubles of the float32 values: the text gives the same float32 back.
  return Json{{"mean", normalization.mean}, {"deviation", normalization.deviation}}.dump();
}

std::optional<Normalization> parse_normalization(const char* text) {
  if (text == nullptr) return std::nullopt;
  auto refuse = [&](const std::string& why) {
    trainer::bad_input(std::string("the model's metadata '") + kNormalizationKey + "'", why,
                       "expected {\"mean\": [...], \"deviation\": [...]}");
  };
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) refuse("is no JSON object");
  Normalization result;
  for (auto [key, numbers] : {std::pair{"mean", &result.mean}, {"deviation", &result.deviation}}) {
    if (!json.contains(key) || !json[key].is_array() || json[key].empty()) refuse("lacks a list");
    numbers->clear();
    for (const Json& n : json[key]) {
      float value = n.is_number() ? n.get<float>() : NAN;
      if (!std::isfinite(value) || (numbers == &result.deviation && value == 0))
        refuse(std::string("has a number in '") + key + "' that cannot be used");
      numbers->push_back(value);
    }
  }
  return result;
}

}  // namespace mote
