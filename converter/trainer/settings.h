// What the course of a training depends on, by name.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "mote/trainer.h"

namespace mote::trainer {

// `model`, `train`, `validation`: fingerprints.
std::vector<std::pair<std::string, std::string>> settings_of(const FitOptions& options,
                                                             int64_t batch, uint64_t model,
                                                             uint64_t train, uint64_t validation);

}  // namespace mote::trainer
