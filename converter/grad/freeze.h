// What a device gets that does not train: `infer` with the states' current values as constants.
#pragma once

#include <map>
#include <string>

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

using StateValues = std::map<std::string, std::shared_ptr<const ir::Bytes>>;

// The values of all states of a module by name; null: zero. Of a state that several graphs name,
// the first graph's value counts (as in a file).
StateValues state_values(const ir::Module& module);
// Sets the states that `values` names, in all graphs.
void set_state_values(ir::Module& module, const StateValues& values);

// Runs the module's derive graphs: the states that they write get the values that belong to the
// current values of the states that they read.
void refresh_derived(ir::Module& module, Diagnostics& diagnostics);

// A module of `infer` alone: derived states are refreshed, states that `infer` only reads become
// constants (of the state's name, not trainable), and the passes fold what is constant then.
// Computes the same bits as the module's own `infer`.
ir::Module freeze(const ir::Module& module, Diagnostics& diagnostics);

}  // namespace mote
