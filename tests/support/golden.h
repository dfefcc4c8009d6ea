// Golden sets: reference inputs and outputs of real models, under MOTE_MATERIAL_DIR.
#pragma once

#include <string>
#include <vector>

#include "mote/types.h"

namespace mote::test {

struct GoldenArray {
  Type type = Type::float32;
  size_t case_bytes = 0;
  std::vector<uint8_t> bytes;  // all cases
  const uint8_t* at(size_t i) const { return bytes.data() + i * case_bytes; }
};

struct GoldenSet {
  std::string name;
  std::vector<uint8_t> model;  // the source file
  size_t cases = 0;
  bool stateful = false;
  std::vector<GoldenArray> inputs, outputs;  // matched to the model's ports by index
};

// Null when MOTE_MATERIAL_DIR is not set.
const char* material_dir();
std::vector<uint8_t> read_file(const std::string& path);  // throws std::runtime_error
GoldenSet read_golden(const std::string& name);           // a TFLite set; throws

// The sets whose results are promised.
const std::vector<std::string>& golden_names();
// A set's name as GoogleTest allows it.
std::string test_name(std::string set);

}  // namespace mote::test
