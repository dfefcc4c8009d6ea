// What needs an operating system: files and threads (platforms/posix). Not part of mote_core; link
// mote_platform. Bare-metal programs do without.
#pragma once

#include "mote/status.h"
#include "mote/types.h"

namespace mote {

// A file mapped read-only; it must not change while it is mapped.
class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept : bytes_(other.bytes_) { other.bytes_ = {}; }
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  // Errors: file_not_found, io_error (b: the system's number).
  static Result<MappedFile> open(const char* path);
  Span<const uint8_t> bytes() const { return bytes_; }

 private:
  Span<const uint8_t> bytes_;
};

struct ThreadPoolImpl;

// A small pool: `threads - 1` threads and the caller. parallel_for neither allocates nor is it
// reentrant; one caller at a time.
class OwnedThreadPool {
 public:
  OwnedThreadPool() = default;
  OwnedThreadPool(OwnedThreadPool&& other) noexcept : impl_(other.impl_) { other.impl_ = nullptr; }
  OwnedThreadPool& operator=(OwnedThreadPool&& other) noexcept;
  ~OwnedThreadPool();

  // Errors: too_many_threads, out_of_memory, io_error (no thread could be started).
  static Result<OwnedThreadPool> create(uint32_t threads);
  // Valid as long as this object.
  ThreadPool callbacks() const;

 private:
  ThreadPoolImpl* impl_ = nullptr;
};

}  // namespace mote
