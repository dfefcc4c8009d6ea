#include "export/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace mote {
namespace {

std::string failure(const char* doing, const std::string& path) {
  return std::string("cannot ") + doing + " '" + path + "': " + strerror(errno);
}

// write() may take fewer bytes than asked for and may be interrupted.
bool write_all(int fd, const uint8_t* data, size_t bytes) {
  while (bytes > 0) {
    ssize_t n = write(fd, data, bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    data += n;
    bytes -= static_cast<size_t>(n);
  }
  return true;
}

// The rename itself lasts only once the folder is on the disk.
void flush_folder(const std::string& folder) {
  int fd = open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  static_cast<void>(fsync(fd));
  close(fd);
}

}  // namespace

std::string write_file(const std::string& path, Span<const uint8_t> bytes, bool force) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  std::string temporary = folder + "/.mote-XXXXXX";
  int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return failure("create a file in", folder);
  bool written = write_all(fd, bytes.data, bytes.size) && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
  std::string why = written ? "" : failure("write", temporary);
  if (close(fd) != 0 && why.empty()) why = failure("write", temporary);
  if (why.empty() && force && rename(temporary.c_str(), path.c_str()) != 0)
    why = failure("replace", path);
  // link() fails when the target exists: the test and the deed are one step.
  if (why.empty() && !force && link(temporary.c_str(), path.c_str()) != 0) {
    why = errno == EEXIST ? "'" + path + "' exists; use --force to replace it"
                          : failure("create", path);
  }
  if (!why.empty() || !force) unlink(temporary.c_str());
  if (why.empty()) flush_folder(folder);
  return why;
}

}  // namespace mote
