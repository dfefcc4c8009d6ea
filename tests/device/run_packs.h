// Runs every pack of a file with every kind of plan, without libraries beyond libc's mem and str
// functions.
#pragma once

#include "mote/model.h"

namespace mote::test {

struct PackRun {
  Span<const uint8_t> file;  // aligned to kPackAlignment
  Span<uint8_t> memory;      // for model, plan, session and arena together
  OperatorTable operators;
  StructureMemory structure = StructureMemory::copy;
  void (*print)(const char* text) = nullptr;
};

struct PackResult {
  uint32_t passed = 0;  // pairs of pack and plan options
  uint32_t failed = 0;
  size_t most_memory = 0;  // bytes of `memory` that were ever used
};

// Prints a line per failure and a summary "N passed, N failed".
PackResult run_packs(const PackRun& run);

}  // namespace mote::test
