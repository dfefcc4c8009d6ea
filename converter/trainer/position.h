// Where a training stands, besides the states: what a checkpoint says of itself in its metadata.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "mote/trainer.h"

namespace mote::trainer {

inline constexpr const char* kPositionKey = "training";

struct Position {
  // Everything that the results depend on, by name, as text: two trainings with the same settings
  // have the same course.
  std::vector<std::pair<std::string, std::string>> settings;
  int64_t epoch = 0;  // complete ones
  int64_t step = 0;   // of the next epoch, done
  double loss_sum = 0;
  int64_t correct = 0;
  double best_accuracy = -1;
  std::vector<EpochRecord> history;
};

std::string position_text(const Position& position);
// Text may be anything; throws bad_input.
Position parse_position(const char* text, const std::string& name);

// Throws wrong_use with every setting that differs.
void require_same_settings(const Position& checkpoint, const Position& asked,
                           const std::string& name);

std::string history_json(const std::vector<EpochRecord>& history);
std::string history_csv(const std::vector<EpochRecord>& history);

}  // namespace mote::trainer
