// Interposes the allocation functions of the C library and counts calls of all threads.
#include "memory/count_calls.h"

#include <dlfcn.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {
std::atomic<bool> counting{false};
std::atomic<long> calls{0};
void note() {
  if (counting.load(std::memory_order_relaxed)) calls.fetch_add(1, std::memory_order_relaxed);
}

std::atomic<long> held{0}, most{0}, held_before{0};
void* taken(void* p) {
  const long now = held += static_cast<long>(malloc_usable_size(p));
  long known = most.load(std::memory_order_relaxed);
  while (now > known && !most.compare_exchange_weak(known, now)) {
  }
  return p;
}
void given_back(void* p) { held -= static_cast<long>(malloc_usable_size(p)); }
}  // namespace

namespace mote::test {
void start_counting() {
  calls = 0;
  counting = true;
}
long stop_counting() {
  counting = false;
  return calls;
}
void start_measuring() {
  held_before = held.load();
  most = held.load();
}
long most_bytes_held() { return most - held_before; }
}  // namespace mote::test

// glibc keeps these names for programs that replace malloc; operator new calls malloc.
extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
void __libc_free(void*);

void* malloc(size_t n) {
  note();
  return taken(__libc_malloc(n));
}
void* calloc(size_t n, size_t m) {
  note();
  return taken(__libc_calloc(n, m));
}
void* realloc(void* p, size_t n) {
  note();
  given_back(p);
  void* moved = __libc_realloc(p, n);
  taken(moved != nullptr || n == 0 ? moved : p);
  return moved;
}
void free(void* p) {
  note();
  given_back(p);
  __libc_free(p);
}
void* memalign(size_t a, size_t n) {
  note();
  return taken(__libc_memalign(a, n));
}
void* aligned_alloc(size_t a, size_t n) {
  note();
  return taken(__libc_memalign(a, n));
}
int posix_memalign(void** out, size_t a, size_t n) {
  note();
  *out = taken(__libc_memalign(a, n));
  return *out == nullptr ? ENOMEM : 0;
}
void* mmap(void* at, size_t n, int protection, int flags, int file, off_t offset) {
  note();
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, n, protection, flags, file, offset));
}
}
