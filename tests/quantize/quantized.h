// Small float models, quantized, and both run side by side.
#pragma once

#include <random>

#include "mote/converter.h"
#include "support/built_model.h"

namespace mote::test {

inline std::vector<float> uniform(size_t count, float low, float high, uint32_t seed) {
  std::mt19937 engine(seed);
  std::vector<float> values(count);
  for (float& v : values) v = low + (high - low) * (static_cast<float>(engine() >> 8) * 0x1p-24f);
  return values;
}

// A file that runs: entry point 0, float values in and out.
class Running {
 public:
  explicit Running(const std::vector<uint8_t>& bytes) : bytes_(bytes) {
    Result<Model> loaded = Model::load(bytes_.span(), training_operators());
    EXPECT_TRUE(loaded.ok()) << text_of(loaded.status());
    model_ = std::move(loaded.value());
    plan_ = must(Plan::create(model_));
    session_ = must(Session::create(plan_));
  }
  // One vector per input; output 0.
  std::vector<float> operator()(const std::vector<std::vector<float>>& inputs) {
    for (uint32_t i = 0; i < inputs.size(); ++i) write(session_, 0, i, inputs[i]);
    Status s = session_.run(0);
    EXPECT_TRUE(s.ok()) << text_of(s);
    return read(session_, 0, 0);
  }
  Session& session() { return session_; }
  const Model& model() const { return model_; }

 private:
  AlignedBytes bytes_;
  Model model_;
  Plan plan_;
  Session session_;
};

inline std::vector<uint8_t> file_of(GraphMaker& maker) {
  BuiltModel built(maker);
  Span<const uint8_t> span = built.bytes.span();
  return {span.begin(), span.end()};
}

inline QuantizeResult quantized(const std::vector<uint8_t>& file, const CalibrationData& data,
                                const QuantizeOptions& options = {}) {
  return quantize({file.data(), file.size()}, options, data);
}

inline const QuantizedTensor& tensor_of(const QuantizeResult& result, const std::string& name) {
  for (const QuantizedTensor& t : result.tensors)
    if (t.name == name) return t;
  ADD_FAILURE() << "no tensor '" << name << "' became int8";
  static const QuantizedTensor none;
  return none;
}

}  // namespace mote::test
