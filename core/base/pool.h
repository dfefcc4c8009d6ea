// Small pieces of memory that live as long as their owner, from chunks of the caller's allocator.
#pragma once

#include "base/array.h"

namespace mote {

class Pool {
 public:
  explicit Pool(const Allocator& allocator = {}, size_t chunk_bytes = 2048)
      : allocator_(allocator), chunk_bytes_(chunk_bytes) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  void use(const Allocator& allocator) { allocator_ = allocator; }
  // Zeroed memory aligned to `alignment` (at most 64); null when the allocator gives none.
  void* take(size_t bytes, size_t alignment = 16);
  template <class T>
  T* take_array(size_t count) {
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, sizeof(T), &bytes)) return nullptr;
    return static_cast<T*>(take(bytes == 0 ? 1 : bytes, alignof(T) < 16 ? 16 : alignof(T)));
  }
  size_t bytes() const { return total_; }

 private:
  struct Chunk {
    Chunk* next;
    size_t bytes;
  };
  Allocator allocator_;
  size_t chunk_bytes_;
  Chunk* chunks_ = nullptr;
  uint8_t* cursor_ = nullptr;
  uint8_t* end_ = nullptr;
  size_t total_ = 0;
};

}  // namespace mote
