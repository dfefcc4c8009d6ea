// Operands that hold indices: int32 or int64, untrusted at run.
#pragma once

#include "ops/check.h"

namespace mote {

inline Status check_index_operand(const OpView& v, size_t i) {
  auto operand = static_cast<int64_t>(i);
  Type type = v.in(i).type;
  if (type != Type::int32 && type != Type::int64) return error(Code::operand_type, 0, operand);
  return v.in(i).quantization.quantized() ? error(Code::quantization_unexpected, 0, operand)
                                          : Status{};
}

class Indices {
 public:
  explicit Indices(const Tensor& t)
      : data_(t.data), wide_(t.type() == Type::int64), count_(t.elements()) {}
  int64_t operator[](int64_t i) const {
    return wide_ ? static_cast<const int64_t*>(data_)[i] : static_cast<const int32_t*>(data_)[i];
  }
  int64_t count() const { return count_; }

 private:
  const void* data_;
  bool wide_;
  int64_t count_;
};

// Index `i`, in [0, size).
inline Status check_index(int64_t i, int64_t size) {
  return i >= 0 && i < size ? Status{} : error(Code::data_index_out_of_range, size, i);
}

}  // namespace mote
