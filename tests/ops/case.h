// Cases of an operator: core/ops/<op>/cases.cc or
// core/train/ops/<op>/cases.cc defines `void <op>_cases(CaseList&)`. One table
// drives the checks: reference against NumPy, optimized against reference, delegate against CPU,
// gradient against finite differences, and the benchmark.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ops/op_codes.h"
#include "train/attributes.h"

namespace mote::test {

// How an operand's elements are drawn. `extreme`: only the type's smallest and largest values.
enum class Fill { random, extreme, given };

struct Operand {
  bool absent = false;
  Type type = Type::float32;
  std::vector<int32_t> shape;
  ir::Quantization quantization;
  TensorKind kind = TensorKind::activation;
  Fill fill = Fill::random;
  double low = -1, high = 1;  // random floats; integers: low..high inclusive (see integer())
  ir::Bytes data;             // Fill::given

  Operand&& constant() && {
    kind = TensorKind::constant;
    return std::move(*this);
  }
  Operand&& state() && {
    kind = TensorKind::state;
    return std::move(*this);
  }
  Operand&& extreme() && {
    fill = Fill::extreme;
    return std::move(*this);
  }
};

struct Case {
  std::string name;  // "conv2d/17 s8 ..." for messages
  uint16_t op = 0;
  ir::Bytes attributes;
  std::vector<Operand> inputs;
  // Outputs: type and quantization; the shape is what the operator yields.
  std::vector<Operand> outputs;
  std::vector<ir::Graph> graphs;  // that the operator calls
  // Floats: |optimized - reference| <= tolerance * max(1, |reference|).
  double tolerance = 1e-5;
};

// Collects cases and draws attributes and shapes; equal on every machine for one seed.
class CaseList {
 public:
  explicit CaseList(uint32_t seed = 1) : engine_(seed) {}

  // Uniform in [low, high].
  int32_t integer(int32_t low, int32_t high) {
    return low + static_cast<int32_t>(engine_() % (static_cast<uint32_t>(high - low) + 1));
  }
  bool coin() { return integer(0, 1) == 1; }
  float real(float low, float high) {
    return low + (high - low) * (static_cast<float>(engine_() >> 8) * 0x1p-24f);
  }
  std::vector<int32_t> shape(int rank, int32_t largest = 9) {
    std::vector<int32_t> s;
    for (int i = 0; i < rank; ++i) s.push_back(integer(1, largest));
    return s;
  }
  // A per-tensor quantization: scale log-uniform around 2^-5, any zero point of int8.
  ir::Quantization per_tensor();
  // `count` scales and zero points of zero, along `axis`.
  ir::Quantization per_channel(int32_t count, int32_t axis);

  static Operand none() {
    Operand o;
    o.absent = true;
    return o;
  }
  Operand f32(std::vector<int32_t> shape, double low = -1, double high = 1);
  Operand s8(std::vector<int32_t> shape, ir::Quantization q);
  Operand u8(std::vector<int32_t> shape, ir::Quantization q);
  // Unquantized integers or booleans in [low, high].
  Operand ints(Type type, std::vector<int32_t> shape, int64_t low, int64_t high);
  template <class T>
  Operand given(Type type, std::vector<int32_t> shape, const std::vector<T>& elements) {
    Operand o;
    o.type = type;
    o.shape = std::move(shape);
    o.fill = Fill::given;
    o.kind = TensorKind::constant;
    o.data.resize(elements.size() * sizeof(T));
    if (!o.data.empty()) memcpy(o.data.data(), elements.data(), o.data.size());
    return o;
  }

  template <class A>
  Case& add(uint16_t op, const A& attributes, std::vector<Operand> inputs,
            std::vector<Operand> outputs) {
    ir::Bytes bytes(sizeof attributes);
    memcpy(bytes.data(), &attributes, sizeof attributes);
    return add(op, std::move(bytes), std::move(inputs), std::move(outputs));
  }
  Case& add(uint16_t op, ir::Bytes attributes, std::vector<Operand> inputs,
            std::vector<Operand> outputs);  // empty bytes: no attributes

  const std::vector<Case>& cases() const { return cases_; }

 private:
  std::mt19937 engine_;
  std::vector<Case> cases_;
};

// Fills every operand of a case that is not `given`; equal on every machine for one seed.
ir::Bytes operand_data(const Operand& operand, uint32_t seed);

// A graph of the case's one node; constants and states hold their data.
ir::Graph case_graph(const Case& c, uint32_t seed);

}  // namespace mote::test
