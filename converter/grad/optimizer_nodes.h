// The operators that change the parameters.
#pragma once

#include "ir/builder.h"
#include "grad/parameters.h"

namespace mote {

// What all optimizer nodes of a graph read.
struct OptimizerInputs {
  ir::ValueId rate;
  ir::ValueId step;   // int32 [1], from 1
  ir::ValueId hyper;  // constants: [2] of sgd, [4] of adam
};

// The constants that the options say.
ir::ValueId add_hyper_parameters(ir::Graph& graph, const TrainingOptions& options);

// Appends the update of a parameter, with optimizer states of zeros.
void add_optimizer(ir::Graph& graph, const TrainingOptions& options, ir::ValueId parameter,
                   ir::ValueId gradient, const OptimizerInputs& inputs);

}  // namespace mote
