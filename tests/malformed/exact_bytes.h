// A file's bytes in memory of exactly their size, so that a sanitizer sees any read behind them.
#pragma once

#include <cstring>
#include <new>
#include <vector>

#include "mote/types.h"

namespace mote::test {

class ExactBytes {
 public:
  explicit ExactBytes(const std::vector<uint8_t>& bytes) : ExactBytes(bytes.data(), bytes.size()) {}
  ExactBytes(const uint8_t* bytes, size_t size)
      : data_(static_cast<uint8_t*>(::operator new(size, kAlignment))), size_(size) {
    if (size != 0) memcpy(data_, bytes, size);
  }
  ExactBytes(const ExactBytes&) = delete;
  ExactBytes& operator=(const ExactBytes&) = delete;
  ~ExactBytes() { ::operator delete(data_, kAlignment); }
  uint8_t* data() { return data_; }
  size_t size() const { return size_; }
  Span<const uint8_t> span() const { return {data_, size_}; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  uint8_t* data_;
  size_t size_;
};

}  // namespace mote::test
