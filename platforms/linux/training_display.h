// What a training shows: the plan, a line per epoch, and on a terminal a progress bar.
#pragma once

#include <ostream>

#include "mote/trainer.h"

namespace mote::tool {

class TrainingDisplay {
 public:
  // Lines go to `lines`; the bar to standard error, if that is a terminal.
  explicit TrainingDisplay(std::ostream& lines);
  void show(const TrainingProgress& progress);
  // Removes the bar.
  void clear();

 private:
  void show_plan(const PlannedMemory& memory);
  void show_epoch(const TrainingProgress& progress);
  void show_bar(const TrainingProgress& progress);

  std::ostream& lines_;
  bool terminal_;
  int64_t shown_ = -1;  // tenths of a second
};

// "1:02:03", "2:03".
std::string duration_text(double seconds);

}  // namespace mote::tool
