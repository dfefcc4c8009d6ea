#include <cstdlib>

#include "base/array.h"

namespace mote {

void* allocate_bytes(const Allocator& allocator, size_t bytes, size_t alignment) {
  if (allocator.allocate != nullptr) {
    return allocator.allocate(allocator.context, bytes, alignment);
  }
  // Room to align and, before the block, the pointer that free() takes.
  size_t total = 0;
  if (__builtin_add_overflow(bytes, alignment + sizeof(void*), &total)) return nullptr;
  void* raw = malloc(total);
  if (raw == nullptr) return nullptr;
  uintptr_t start = reinterpret_cast<uintptr_t>(raw) + sizeof(void*);
  start = (start + alignment - 1) & ~(static_cast<uintptr_t>(alignment) - 1);
  reinterpret_cast<void**>(start)[-1] = raw;
  return reinterpret_cast<void*>(start);
}

void release_bytes(const Allocator& allocator, void* memory, size_t bytes) {
  if (memory == nullptr) return;
  if (allocator.allocate != nullptr) {
    if (allocator.release != nullptr) allocator.release(allocator.context, memory, bytes);
    return;
  }
  free(static_cast<void**>(memory)[-1]);
}

}  // namespace mote
