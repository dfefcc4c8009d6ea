// Bare metal: without an allocator there is no memory.
#include "base/array.h"

namespace mote {

void* allocate_bytes(const Allocator& allocator, size_t bytes, size_t alignment) {
  if (allocator.allocate == nullptr) return nullptr;
  return allocator.allocate(allocator.context, bytes, alignment);
}

void release_bytes(const Allocator& allocator, void* memory, size_t bytes) {
  if (memory == nullptr || allocator.release == nullptr) return;
  allocator.release(allocator.context, memory, bytes);
}

}  // namespace mote
