// The bytes of a file where Model::load wants them: at a multiple of 64.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "mote/types.h"

namespace mote::test {

class AlignedBytes {
 public:
  explicit AlignedBytes(const std::vector<uint8_t>& bytes = {})
      : lines_(bytes.size() / sizeof(Line) + 1), size_(bytes.size()) {
    if (size_ != 0) memcpy(data(), bytes.data(), size_);
  }
  uint8_t* data() { return lines_.data()->bytes; }
  size_t size() const { return size_; }
  Span<const uint8_t> span() { return {data(), size_}; }

 private:
  struct alignas(64) Line {
    uint8_t bytes[64];
  };
  std::vector<Line> lines_;
  size_t size_;
};

}  // namespace mote::test
