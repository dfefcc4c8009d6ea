// Training on the device: the operators of the library mote_train.
#pragma once

#include "mote/model.h"

namespace mote {

// Every operator of inference and of training: the argument of Model::load for files whose `train`
// or derive graphs are to run. Programs that name single operators (mote_operator_table() of CMake)
// may name those of training too and link mote_train.
OperatorTable training_operators();

}  // namespace mote
