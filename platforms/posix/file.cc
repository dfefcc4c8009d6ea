// Model files on POSIX systems: mapped read-only, so that weights are paged in as they are needed.
// Offsets of files have 64 bits on 32-bit systems too.
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mote/platform.h"

namespace mote {
namespace {

Result<Span<const uint8_t>> map(int descriptor) {
  struct stat info;
  if (fstat(descriptor, &info) != 0) return error(Code::io_error, 0, errno);
  if (S_ISDIR(info.st_mode)) return error(Code::io_error, 0, EISDIR);
  if (!S_ISREG(info.st_mode)) return error(Code::io_error, 0, ENODEV);
  // mmap takes no empty range; Model::load names the reason.
  if (info.st_size == 0) return Span<const uint8_t>();
  if (static_cast<uint64_t>(info.st_size) > SIZE_MAX) return error(Code::io_error, 0, EFBIG);
  const auto bytes = static_cast<size_t>(info.st_size);
  void* memory = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (memory == MAP_FAILED) return error(Code::io_error, 0, errno);
  return Span<const uint8_t>(static_cast<const uint8_t*>(memory), bytes);
}

void unmap(Span<const uint8_t> bytes) {
  if (!bytes.empty()) munmap(const_cast<uint8_t*>(bytes.data), bytes.size);
}

}  // namespace

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this != &other) {
    unmap(bytes_);
    bytes_ = other.bytes_;
    other.bytes_ = {};
  }
  return *this;
}

MappedFile::~MappedFile() { unmap(bytes_); }

Result<MappedFile> MappedFile::open(const char* path) {
  if (path == nullptr) return error(Code::invalid_argument, 0, 0, "path");
  int descriptor = -1;
  do {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    descriptor = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) {
    const bool absent = errno == ENOENT || errno == ENOTDIR || errno == EACCES;
    return error(absent ? Code::file_not_found : Code::io_error, 0, errno);
  }
  const Result<Span<const uint8_t>> mapped = map(descriptor);
  close(descriptor);  // the mapping stays
  if (!mapped.ok()) return mapped.status();
  MappedFile file;
  file.bytes_ = mapped.value();
  return file;
}

}  // namespace mote
