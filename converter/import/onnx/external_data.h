// Weights in files beside the model: only within the directory that the caller names.
#pragma once

#include <map>
#include <string>

#include "ir/graph.h"
#include "onnx.pb.h"

namespace mote::onnx_import {

class ExternalData {
 public:
  // Empty: no file may be read.
  explicit ExternalData(std::string directory) : directory_(std::move(directory)) {}

  // The `bytes` bytes of a tensor; otherwise the reason.
  std::string read(const onnx::TensorProto& tensor, uint64_t bytes, ir::Bytes* data);

 private:
  struct File {
    std::string path;  // empty: it cannot be used
    uint64_t size = 0;
    std::string problem;
    uint64_t bytes_left = 0;  // for copies: tensors may name one range each, not all of it each
  };
  File& open(const std::string& location);

  std::string directory_;
  std::map<std::string, File> files_;  // by location
};

}  // namespace mote::onnx_import
