#include "base/pool.h"

#include <cstring>

namespace mote {
namespace {
constexpr size_t kHeader = 64;  // keeps the first piece of a chunk aligned
uint8_t* align(uint8_t* p, size_t alignment) {
  auto n = reinterpret_cast<uintptr_t>(p);
  return p + ((alignment - n % alignment) % alignment);
}
}  // namespace

Pool::~Pool() {
  while (chunks_ != nullptr) {
    Chunk* next = chunks_->next;
    release_bytes(allocator_, chunks_, chunks_->bytes);
    chunks_ = next;
  }
}

void* Pool::take(size_t bytes, size_t alignment) {
  uint8_t* start = cursor_ == nullptr ? nullptr : align(cursor_, alignment);
  if (start == nullptr || start > end_ || static_cast<size_t>(end_ - start) < bytes) {
    size_t need = 0;
    if (__builtin_add_overflow(bytes, kHeader + alignment, &need)) return nullptr;
    size_t size = need > chunk_bytes_ ? need : chunk_bytes_;
    auto* memory = static_cast<uint8_t*>(allocate_bytes(allocator_, size, 64));
    if (memory == nullptr) return nullptr;
    chunks_ = new (memory) Chunk{chunks_, size};
    total_ += size;
    cursor_ = memory + kHeader;
    end_ = memory + size;
    start = align(cursor_, alignment);
  }
  cursor_ = start + bytes;
  memset(start, 0, bytes);
  return start;
}

}  // namespace mote
