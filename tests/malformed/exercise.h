// Everything that a program does with a model, on bytes that may be anything: load, plan, session,
// shapes, run; within bounds of memory and time.
#pragma once

#include "mote/session.h"

namespace mote::test {

enum class Reached { nothing, loaded, planned, session, run };

// An allocator that counts, with a bound on the bytes in use and an optional failing call.
class CountingAllocator {
 public:
  explicit CountingAllocator(size_t byte_limit = SIZE_MAX) : byte_limit_(byte_limit) {}
  Allocator callbacks() { return {this, allocate, release}; }
  // Call number `n` (from 0) and, when `all_after`, every later one gets null.
  void fail_at(size_t n, bool all_after) {
    fail_at_ = n;
    all_after_ = all_after;
    calls_ = 0;
  }
  size_t calls() const { return calls_; }
  size_t live_blocks() const { return blocks_; }
  size_t live_bytes() const { return bytes_; }

 private:
  static void* allocate(void* context, size_t bytes, size_t alignment);
  static void release(void* context, void* memory, size_t bytes);
  size_t byte_limit_;
  size_t fail_at_ = SIZE_MAX;
  bool all_after_ = false;
  size_t calls_ = 0;
  size_t blocks_ = 0;
  size_t bytes_ = 0;
};

struct ExerciseOptions {
  Limits limits = small_limits();
  size_t memory = size_t{64} << 20;  // of everything that is allocated
  uint64_t arena = 16u << 20;
  StructureMemory structure = StructureMemory::copy;
  Isa isa = Isa::automatic;
  uint32_t seed = 1;  // of the inputs

  static Limits small_limits();
};

// All hashes off. How far the bytes came: the farthest over all entry points. Aborts when memory
// was leaked.
Reached exercise(Span<const uint8_t> bytes, const ExerciseOptions& options = {});

}  // namespace mote::test
