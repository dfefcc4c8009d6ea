#include "trainer/position.h"

#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "trainer/failure.h"

namespace mote::trainer {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
// More is no training; keeps products with batch sizes within 64 bits.
constexpr int64_t kMaxCount = int64_t{1} << 40;

Json json_of(const EpochRecord& r) {
  return {{"epoch", r.epoch},
          {"loss", r.loss},
          {"accuracy", r.accuracy},
          {"validation_loss", r.validation_loss},
          {"validation_accuracy", r.validation_accuracy},
          {"rate", r.rate}};
}

// Reads fields and remembers whether all were there.
class Reader {
 public:
  explicit Reader(std::string name) : name_(std::move(name)) {}
  [[noreturn]] void refuse(const std::string& why) const {
    bad_input(name_, "the trainer's position (metadata '" + std::string(kPositionKey) + "') " + why,
              "take another checkpoint, or start anew without --resume");
  }
  const Json& field(const Json& json, const char* key) const {
    auto it = json.find(key);
    if (it == json.end()) refuse(std::string("lacks '") + key + "'");
    return *it;
  }
  int64_t count(const Json& json, const char* key) const {
    const Json& v = field(json, key);
    bool fits = v.is_number_unsigned() && v.get<uint64_t>() <= static_cast<uint64_t>(kMaxCount);
    if (!fits) refuse(std::string("has no usable '") + key + "'");
    return v.get<int64_t>();
  }
  double real(const Json& json, const char* key) const {
    const Json& v = field(json, key);
    if (!v.is_number() || !std::isfinite(v.get<double>()))
      refuse(std::string("has no usable '") + key + "'");
    return v.get<double>();
  }

 private:
  std::string name_;
};

EpochRecord record_of(const Reader& reader, const Json& json) {
  if (!json.is_object()) reader.refuse("has a history that is none");
  EpochRecord r;
  r.epoch = reader.count(json, "epoch");
  r.loss = reader.real(json, "loss");
  r.accuracy = reader.real(json, "accuracy");
  r.validation_loss = reader.real(json, "validation_loss");
  r.validation_accuracy = reader.real(json, "validation_accuracy");
  r.rate = reader.real(json, "rate");
  return r;
}

// The shortest text that gives the same number back, in every locale.
std::string number_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

}  // namespace

std::string position_text(const Position& p) {
  Json json = {{"format", kFormat}};
  Json settings = Json::object();
  for (const auto& [key, value] : p.settings) settings[key] = value;
  json["settings"] = std::move(settings);
  json["epoch"] = p.epoch;
  json["step"] = p.step;
  json["loss_sum"] = p.loss_sum;
  json["correct"] = p.correct;
  json["best_accuracy"] = p.best_accuracy;
  json["history"] = Json::array();
  for (const EpochRecord& r : p.history) json["history"].push_back(json_of(r));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Position parse_position(const char* text, const std::string& name) {
  Reader reader(name);
  if (text == nullptr) reader.refuse("is missing: the file is no checkpoint");
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) reader.refuse("is no JSON object");
  if (reader.count(json, "format") != kFormat)
    reader.refuse("has another format than this build's");
  Position p;
  const Json& settings = reader.field(json, "settings");
  if (!settings.is_object()) reader.refuse("has no usable 'settings'");
  for (const auto& [key, value] : settings.items()) {
    if (!value.is_string()) reader.refuse("has no usable 'settings'");
    p.settings.emplace_back(key, value.get<std::string>());
  }
  p.epoch = reader.count(json, "epoch");
  p.step = reader.count(json, "step");
  p.loss_sum = reader.real(json, "loss_sum");
  p.correct = reader.count(json, "correct");
  p.best_accuracy = reader.real(json, "best_accuracy");
  const Json& history = reader.field(json, "history");
  if (!history.is_array()) reader.refuse("has no usable 'history'");
  for (const Json& r : history) p.history.push_back(record_of(reader, r));
  if (static_cast<int64_t>(p.history.size()) != p.epoch)
    reader.refuse("counts " + std::to_string(p.epoch) + " epochs and lists " +
                  std::to_string(p.history.size()));
  return p;
}

void require_same_settings(const Position& checkpoint, const Position& asked,
                           const std::string& name) {
  std::map<std::string, std::string> had(checkpoint.settings.begin(), checkpoint.settings.end());
  std::vector<Diagnostic> differing;
  for (const auto& [key, value] : asked.settings) {
    auto it = had.find(key);
    std::string before = it == had.end() ? "nothing" : it->second;
    // The initial weights follow from the others.
    if (before == value || (key == "model" && !differing.empty())) continue;
    differing.push_back({name, key + ": the checkpoint has " + before + ", asked is " + value, {}});
  }
  if (differing.empty()) return;
  differing.back().remedy =
      "--resume goes on with the same model, data and options; leave it out and take another "
      "folder to train anew";
  throw TrainingError(TrainingError::Kind::wrong_use, std::move(differing));
}

std::string history_json(const std::vector<EpochRecord>& history) {
  Json json = Json::array();
  for (const EpochRecord& r : history) json.push_back(json_of(r));
  return json.dump(1) + "\n";
}

std::string history_csv(const std::vector<EpochRecord>& history) {
  std::string text = "epoch,loss,accuracy,validation_loss,validation_accuracy,rate\n";
  for (const EpochRecord& r : history) {
    text += std::to_string(r.epoch);
    for (double v : {r.loss, r.accuracy, r.validation_loss, r.validation_accuracy, r.rate})
      text += "," + number_text(v);
    text += "\n";
  }
  return text;
}

}  // namespace mote::trainer
