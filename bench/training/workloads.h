// The training workloads that peers are measured on: MLP, a small CNN and ResNet-8.
#pragma once

#include <string>

#include "ir/graph.h"
#include "mote/converter.h"

namespace mote::bench {

struct Workload {
  ir::Graph model;
  TrainingOptions options;
  float rate = 0;
  int32_t classes = 10;
};

// a32, a256, b64, c32 or c1. Throws std::runtime_error for another name.
Workload make_workload(const std::string& name);

}  // namespace mote::bench
