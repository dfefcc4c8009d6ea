// Constants that become states.
#pragma once

#include <string>
#include <vector>

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// A value that is read from a state.
struct StateRead {
  ir::ValueId state;
  ir::ValueId value;
};

// A state of `name`, and the value of the node that reads it, which is put in front of all others.
StateRead add_state(ir::Graph& graph, ir::Value state);

// The read of a state behind `value`; its state is kNone when there is none.
StateRead find_read(const ir::Graph& graph, ir::ValueId value);

// The names of states that training adds: for the graph, and for a parameter of `name`.
std::vector<std::string> training_state_names();
std::vector<std::string> training_state_names(const std::string& name);

// Marks as trainable what float models learn: weights and biases of convolutions and dense layers,
// scale and bias of batch_norm.
void mark_parameters(ir::Graph& graph);

// Whether a batch_norm learns: its scale or bias is among the parameters or trainable. Only then
// does it follow the data's statistics.
bool is_trained_batch_norm(const ir::Graph& graph, const ir::Node& node,
                           const std::vector<StateRead>& parameters);

// Turns trainable constants, and mean and variance of each batch_norm that learns, into states of
// their name, made unique. Returns the reads of the trainable ones.
std::vector<StateRead> parameters_to_states(ir::Graph& graph);

}  // namespace mote
