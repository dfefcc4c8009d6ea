// A checkpoint: a .mote file whose states have the values of a moment, with the trainer's position
// in its metadata.
#pragma once

#include <vector>

#include "grad/freeze.h"
#include "ir/graph.h"
#include "trainer/loaded_session.h"
#include "trainer/position.h"

namespace mote::trainer {

struct Checkpoint {
  Position position;
  StateValues states;
};

// Bytes may be anything; throws bad_input. `integrity`: other than `full` for fuzzing.
Checkpoint parse_checkpoint(Span<const uint8_t> bytes, const std::string& name,
                            Integrity integrity = Integrity::full);

// The values of all states of a session.
StateValues read_states(LoadedSession& loaded);
// The reverse. Throws bad_input when a state is missing or has another size.
void write_states(LoadedSession& loaded, const StateValues& states, const std::string& name);

// The file: `module` with these values and position. Throws bad_input.
std::vector<uint8_t> checkpoint_bytes(ir::Module& module, const StateValues& states,
                                      const Position& position);

}  // namespace mote::trainer
