// Learning rates. In double with the four basic operations only: the same bits everywhere.
#include "mote/trainer.h"

namespace mote {

float learning_rate(const Schedule& schedule, int64_t step, int64_t steps) {
  double done = steps > 0 ? static_cast<double>(step) / static_cast<double>(steps) : 0;
  double rate = schedule.rate;
  if (schedule.kind == Schedule::Kind::linear) {
    rate += (schedule.final_rate - schedule.rate) * done;
  } else if (schedule.kind == Schedule::Kind::one_cycle) {
    double up = schedule.warm_up;
    rate *= done < up ? done / up : (1 - done) / (1 - up);
  }
  return static_cast<float>(rate);
}

}  // namespace mote
