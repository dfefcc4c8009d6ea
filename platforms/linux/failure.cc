#include "failure.h"

#include <cstring>

namespace mote::tool {
namespace {

// Place::op counts within its graph; Model::operator_info counts over all graphs.
const char* operator_location(const Model& model, const Place& place, OperatorInfo& info) {
  int32_t seen = 0;
  for (uint32_t i = 0; i < model.operator_count(); ++i) {
    info = model.operator_info(i);
    if (static_cast<int32_t>(info.graph) == place.graph && seen++ == place.op) {
      return info.location;
    }
  }
  return nullptr;
}

std::string names_of(const Place& place, const Model& model) {
  std::string text;
  OperatorInfo info;
  if (place.op >= 0) {
    if (const char* location = operator_location(model, place, info);
        location != nullptr && location[0] != '\0') {
      text += " [" + std::string(info.name) + " '" + location + "']";
    }
  }
  if (place.tensor >= 0 && static_cast<uint32_t>(place.tensor) < model.tensor_count()) {
    text += " [tensor '" + std::string(model.tensor(place.tensor).name) + "']";
  }
  return text;
}

bool holds_system_error(Code code) {
  return code == Code::io_error || code == Code::file_not_found;
}

}  // namespace

void wrong_use(const std::string& text) { throw Failure(kWrongUse, text); }
void bad_input(const std::string& text) { throw Failure(kBadInput, text); }

std::string text_of(const Status& status, const Model* model) {
  if (holds_system_error(status.code) && status.b != 0) {
    return std::strerror(static_cast<int>(status.b));
  }
  std::string text(describe(status, nullptr, 0), '\0');
  describe(status, text.data(), text.size() + 1);
  if (model != nullptr && model->valid()) text += names_of(status.place, *model);
  return text;
}

void require(const Status& status, const std::string& subject, const Model* model) {
  if (!status.ok()) bad_input(subject + ": " + text_of(status, model));
}

}  // namespace mote::tool
