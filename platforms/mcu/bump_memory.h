// An allocator over one fixed block: a stack that gives back what was taken last.
#pragma once

#include "mote/types.h"

namespace mote::mcu {

class BumpMemory {
 public:
  explicit BumpMemory(Span<uint8_t> memory) : memory_(memory) {}

  Allocator allocator() { return {this, allocate, release}; }
  size_t used() const { return used_; }
  size_t most() const { return most_; }  // since the last reset
  void reset() { used_ = most_ = 0; }

 private:
  static void* allocate(void* context, size_t bytes, size_t alignment) {
    auto& m = *static_cast<BumpMemory*>(context);
    auto start = reinterpret_cast<uintptr_t>(m.memory_.data + m.used_);
    size_t gap = (alignment - start % alignment) % alignment;
    size_t left = m.memory_.size - m.used_;
    if (gap > left || bytes > left - gap) return nullptr;
    m.used_ += gap + bytes;
    if (m.used_ > m.most_) m.most_ = m.used_;
    return reinterpret_cast<void*>(start + gap);
  }
  static void release(void* context, void* memory, size_t bytes) {
    auto& m = *static_cast<BumpMemory*>(context);
    auto offset = static_cast<size_t>(static_cast<uint8_t*>(memory) - m.memory_.data);
    if (offset + bytes == m.used_) m.used_ = offset;
  }

  Span<uint8_t> memory_;
  size_t used_ = 0;
  size_t most_ = 0;
};

}  // namespace mote::mcu
