// A case as the tests run it: its graph, the data of its operands, and what the reference yields.
#pragma once

#include <string>
#include <vector>

#include "ir/evaluator.h"
#include "ops/case.h"

namespace mote::test {

struct ReferenceRun {
  ir::Graph graph;
  std::vector<Evaluated> inputs;  // of the graph: the case's activations
  // Of the node; for an operator that writes a state, the state afterwards.
  std::vector<Evaluated> outputs;
  std::string error;  // empty: ran
};

ReferenceRun run_reference(const Case& c, uint32_t seed);

// Empty when `got` is what `expected` allows: bit-equal, or for float32 within the case's
// tolerance; else the first differing element.
std::string compare(const Case& c, Type type, const void* expected, const void* got, size_t bytes);

}  // namespace mote::test
