// What the device can compute: plain loops, written from core/NUMERICS.md.
#pragma once

#include <cstring>
#include <vector>

#include "mote/delegate.h"

namespace loopback {

// Element types and kinds by their numbers in the file.
inline constexpr int32_t kFloat32 = 0, kInt8 = 3, kConstant = 1;

inline size_t element_bytes(int32_t type) {
  constexpr size_t kBytes[] = {4, 2, 2, 1, 1, 2, 4, 8, 1};
  return kBytes[type];
}

struct Shape {
  int32_t rank = 0;
  int32_t dims[8] = {};
  int64_t elements() const {
    int64_t n = 1;
    for (int i = 0; i < rank; ++i) n *= dims[i];
    return n;
  }
  bool operator==(const Shape& other) const {
    return rank == other.rank && memcmp(dims, other.dims, static_cast<size_t>(rank) * 4) == 0;
  }
};

// A tensor as the device keeps it: nothing points to the host.
struct Tensor {
  int32_t type = 0;
  bool constant = false;
  Shape largest;
  uint64_t bytes = 0;
  std::vector<float> scales;
  std::vector<int32_t> zero_points;
  std::vector<uint8_t> data;  // constants

  explicit Tensor(const mote_delegate_tensor& t);
  float scale(size_t i = 0) const { return scales[scales.size() == 1 ? 0 : i]; }
  int32_t zero_point() const { return zero_points.empty() ? 0 : zero_points[0]; }
};

struct Operand {
  const Tensor* info = nullptr;
  Shape shape;
  uint8_t* data = nullptr;
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data);
  }
};

struct Call {
  const void* attributes = nullptr;
  std::vector<Operand*> inputs;  // null: absent
  Operand* output = nullptr;
  const Operand& in(size_t i) const { return *inputs[i]; }
  bool has(size_t i) const { return i < inputs.size() && inputs[i] != nullptr; }
};

struct Operator {
  const char* name;
  // Why this one cannot be taken; null: it can.
  const char* (*refuse)(const mote_delegate_graph&, const mote_delegate_operator&);
  bool (*shape)(Call&);  // sets the output's
  void (*run)(const Call&);
};

// Null: the device does not know it.
const Operator* find_operator(const char* name);

// Rows of find_operator.
extern const Operator kConv2d, kFullyConnected, kAdd, kActivation, kReshape;

// A refusal that most share: all operands but constants of one type, float32 or int8.
const char* refuse_types(const mote_delegate_graph& graph, const mote_delegate_operator& op);

// NUMERICS.md 2.1 to 2.3.
struct Range {
  int32_t lo, hi;
};
int32_t round_even(float x);
int32_t requantize(int32_t accumulator, float scale, int32_t zero_point, Range range);
Range stored_range(int32_t activation, const Tensor& output);
float activate(int32_t activation, float x);

}  // namespace loopback
