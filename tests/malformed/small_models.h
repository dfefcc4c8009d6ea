// Small models with many parts, as bases for damage and as seeds for fuzzing.
#pragma once

#include "builder.h"

namespace mote::test {

// conv2d, relu by table, reshape, fully_connected, softmax; beside it a float state that is added
// up. int8, a few KB.
Draft classifier();
// Two entry points that share a graph's state; dynamic batch; float.
Draft dynamic_batch();

}  // namespace mote::test
