// Memory of the caller's allocator: one block, and a fixed-size array in it. No exceptions: running
// out is a Status.
#pragma once

#include <new>
#include <type_traits>

#include "mote/status.h"
#include "mote/types.h"

namespace mote {

// `allocator`, or the platform's malloc when it names none (core/base/allocator.cc).
void* allocate_bytes(const Allocator& allocator, size_t bytes, size_t alignment);
void release_bytes(const Allocator& allocator, void* memory, size_t bytes);

// `size` value-initialized elements of a trivially destructible type.
template <class T>
class Array {
 public:
  Array() = default;
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() { clear(); }

  // Adds the bytes taken to `*total`, when given.
  Status init(const Allocator& allocator, size_t size, size_t* total = nullptr) {
    static_assert(std::is_trivially_destructible_v<T>);
    clear();
    if (size == 0) return {};
    size_t bytes = 0;
    if (__builtin_mul_overflow(size, sizeof(T), &bytes)) return error(Code::out_of_memory, 0, -1);
    size_t alignment = alignof(T) < 16 ? 16 : alignof(T);
    void* memory = allocate_bytes(allocator, bytes, alignment);
    if (memory == nullptr) return error(Code::out_of_memory, 0, static_cast<int64_t>(bytes));
    allocator_ = allocator;
    data_ = static_cast<T*>(memory);
    size_ = size;
    for (size_t i = 0; i < size; ++i) new (data_ + i) T();
    if (total != nullptr) *total += bytes;
    return {};
  }
  void clear() {
    if (data_ != nullptr) release_bytes(allocator_, data_, size_ * sizeof(T));
    data_ = nullptr;
    size_ = 0;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  Span<const T> span() const { return {data_, size_}; }

 private:
  Allocator allocator_;
  T* data_ = nullptr;
  size_t size_ = 0;
};

// A single object of the caller's allocator, for the opaque halves of the public classes.
template <class T>
Result<T*> create_object(const Allocator& allocator) {
  void* memory = allocate_bytes(allocator, sizeof(T), alignof(T) < 16 ? 16 : alignof(T));
  if (memory == nullptr) return error(Code::out_of_memory, 0, sizeof(T));
  return new (memory) T();
}
template <class T>
void destroy_object(T* object) {
  if (object == nullptr) return;
  Allocator allocator = object->allocator;
  object->~T();
  release_bytes(allocator, object, sizeof(T));
}

}  // namespace mote
