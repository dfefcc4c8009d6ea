// Golden sets: reference inputs and outputs of real models, under MOTE_MATERIAL_DIR.
#pragma once

#include <string>
#include <vector>

#include "mote/converter.h"
#include "mote/types.h"

namespace mote::test {

struct GoldenArray {
  std::string name;  // of the port; empty: matched by index
  Type type = Type::float32;
  size_t case_bytes = 0;
  std::vector<uint8_t> bytes;  // all cases; the first alone when there is `from`
  std::string from;            // the output of the case before that this input takes
  const uint8_t* at(size_t i) const { return bytes.data() + i * case_bytes; }
};

struct GoldenSet {
  std::string name;
  std::vector<uint8_t> model;  // the source file
  ConvertOptions options;      // shapes of the cases, inputs that are the same in all of them
  size_t cases = 0;
  bool stateful = false;
  double float_bound = 1e-4;  // |a - b| / max(1, |b|)
  std::vector<GoldenArray> inputs, outputs;
};

// Null when MOTE_MATERIAL_DIR is not set.
const char* material_dir();
std::vector<uint8_t> read_file(const std::string& path);  // throws std::runtime_error
GoldenSet read_golden(const std::string& name);           // throws

// The sets whose results are promised: of TFLite models, and of ONNX models.
const std::vector<std::string>& golden_names();
const std::vector<std::string>& onnx_golden_names();
// A set's name as GoogleTest allows it.
std::string test_name(std::string set);

}  // namespace mote::test
