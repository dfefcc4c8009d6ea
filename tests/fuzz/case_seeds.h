// Cases of all operators as files: seeds for the fuzzers, so that every operator is mutated.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mote::test {

struct CaseSeed {
  uint16_t op = 0;
  std::string name;  // "conv2d_17"
  std::vector<uint8_t> file;
};

// Of each operator a few small cases, spread over its table.
std::vector<CaseSeed> case_seeds();

}  // namespace mote::test
