// Small TFLite files for the tests of the importer.
#pragma once

#include <string>
#include <vector>

#include "tflite_generated.h"

namespace mote::test {

namespace tfl = mote::tflite;

struct TensorSpec {
  std::string name = {};
  std::vector<int32_t> shape = {};
  tfl::TensorType type = tfl::TensorType::FLOAT32;
  std::vector<float> scales = {};
  std::vector<int64_t> zero_points = {};
  int32_t axis = 0;
  std::vector<uint8_t> data = {};
  flatbuffers::Offset<tfl::SparsityParameters> sparsity = {};
};

template <class T>
std::vector<uint8_t> bytes_of(const std::vector<T>& elements) {
  const auto* p = reinterpret_cast<const uint8_t*>(elements.data());
  return {p, p + elements.size() * sizeof(T)};
}

class TfliteBuilder {
 public:
  flatbuffers::FlatBufferBuilder fbb;

  TfliteBuilder() { buffers_.push_back(tfl::CreateBuffer(fbb)); }

  int32_t tensor(const TensorSpec& t) {
    uint32_t buffer = 0;
    if (!t.data.empty()) {
      buffer = static_cast<uint32_t>(buffers_.size());
      buffers_.push_back(tfl::CreateBufferDirect(fbb, &t.data));
    }
    auto q = tfl::CreateQuantizationParametersDirect(fbb, &t.scales, &t.zero_points,
                                                     tfl::QuantizationDetails::NONE, 0, t.axis);
    tensors_.push_back(tfl::CreateTensorDirect(fbb, &t.shape, t.type, buffer, t.name.c_str(), q,
                                               false, t.sparsity));
    return static_cast<int32_t>(tensors_.size()) - 1;
  }
  int32_t ints(const std::vector<int32_t>& elements) {
    return tensor({"ints",
                   {static_cast<int32_t>(elements.size())},
                   tfl::TensorType::INT32,
                   {},
                   {},
                   0,
                   bytes_of(elements)});
  }
  void op(int32_t code, const std::vector<int32_t>& inputs, const std::vector<int32_t>& outputs,
          tfl::BuiltinOptions type = tfl::BuiltinOptions::NONE,
          flatbuffers::Offset<void> options = 0) {
    auto index = static_cast<uint32_t>(codes_.size());
    codes_.push_back(
        tfl::CreateOperatorCode(fbb, static_cast<int8_t>(code < 127 ? code : 127), 0, 1, code));
    operators_.push_back(tfl::CreateOperatorDirect(fbb, index, &inputs, &outputs, type, options));
  }
  void custom(const char* name, const std::vector<int32_t>& inputs,
              const std::vector<int32_t>& outputs, const std::vector<uint8_t>& options = {}) {
    constexpr int8_t kCustom = 32;
    auto index = static_cast<uint32_t>(codes_.size());
    codes_.push_back(tfl::CreateOperatorCodeDirect(fbb, kCustom, name, 1, kCustom));
    operators_.push_back(tfl::CreateOperatorDirect(fbb, index, &inputs, &outputs,
                                                   tfl::BuiltinOptions::NONE, 0, &options));
  }
  // Closes the subgraph; the next calls describe another one.
  void subgraph(const std::vector<int32_t>& inputs, const std::vector<int32_t>& outputs) {
    subgraphs_.push_back(
        tfl::CreateSubGraphDirect(fbb, &tensors_, &inputs, &outputs, &operators_, "main"));
    tensors_.clear();
    operators_.clear();
  }
  std::vector<uint8_t> finish() {
    fbb.Finish(tfl::CreateModelDirect(fbb, 3, &codes_, &subgraphs_, "", &buffers_), "TFL3");
    return {fbb.GetBufferPointer(), fbb.GetBufferPointer() + fbb.GetSize()};
  }

 private:
  std::vector<flatbuffers::Offset<tfl::Buffer>> buffers_;
  std::vector<flatbuffers::Offset<tfl::Tensor>> tensors_;
  std::vector<flatbuffers::Offset<tfl::Operator>> operators_;
  std::vector<flatbuffers::Offset<tfl::OperatorCode>> codes_;
  std::vector<flatbuffers::Offset<tfl::SubGraph>> subgraphs_;
};

}  // namespace mote::test
