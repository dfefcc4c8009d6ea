#pragma once

#include "mote/trainer.h"
#include "trainer/entry_runner.h"

namespace mote::trainer {

// Every sample once; `entry_point` and `seconds` stay empty.
Evaluation evaluate_entry(EntryRunner& runner, const Dataset& data, const SampleWriter& writer);

}  // namespace mote::trainer
