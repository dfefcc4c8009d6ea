// A test case of ONNX's: a model and sets of inputs with the outputs that are expected.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "import/onnx/source.h"

namespace mote::conformance {

// A tensor of a .pb file; nothing where it is a sequence, or of a type that Mote has not.
using Data = std::optional<onnx_import::Tensor>;

struct DataSet {
  std::vector<Data> inputs, outputs;
};

struct TestCase {
  std::string name;  // "node/test_add"
  std::vector<uint8_t> bytes;
  onnx::ModelProto model;
  std::vector<DataSet> sets;

  // The model's inputs without those that are initializers.
  std::vector<const onnx::ValueInfoProto*> inputs() const;
  // The operator it is about: its only one, else "models".
  std::string subject() const;
};

// All folders with a model.onnx below `root`, sorted.
std::vector<std::string> case_names(const std::string& root);
TestCase read_case(const std::string& root, const std::string& name);

}  // namespace mote::conformance
