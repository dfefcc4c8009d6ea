// Memory with guard bytes on either side, to find writes beyond its ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace mote::test {

class Guarded {
 public:
  // `bytes` at a multiple of 64 plus `offset`; the contents are a pattern that no kernel writes
  // by chance everywhere.
  explicit Guarded(size_t bytes, size_t offset = 0)
      : bytes_(bytes), memory_(bytes + offset + 3 * kGuard, kPattern) {
    auto address = reinterpret_cast<uintptr_t>(memory_.data());
    start_ = kGuard + (64 - address % 64) % 64 + offset;
  }
  uint8_t* data() { return memory_.data() + start_; }
  size_t size() const { return bytes_; }
  void fill(const void* from) {
    if (bytes_ != 0) memcpy(data(), from, bytes_);
  }
  bool intact() const {
    for (size_t i = 0; i < memory_.size(); ++i)
      if ((i < start_ || i >= start_ + bytes_) && memory_[i] != kPattern) return false;
    return true;
  }

 private:
  static constexpr size_t kGuard = 128;
  static constexpr uint8_t kPattern = 0xA5;
  size_t bytes_;
  std::vector<uint8_t> memory_;
  size_t start_ = 0;
};

}  // namespace mote::test
