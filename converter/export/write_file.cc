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

constexpr const char* kTemporary = ".mote-XXXXXX";

std::string failure(const char* doing, const std::string& path) {
  std::string text = std::string("cannot ") + doing + " '" + path + "': " + strerror(errno);
  bool full = errno == ENOSPC || errno == EDQUOT;
  return full ? text + "; free space there or write to another disk" : text;
}

// write() may take fewer bytes than asked for and may be interrupted.
bool write_all(FileCalls& calls, int fd, const uint8_t* data, size_t bytes) {
  while (bytes > 0) {
    ssize_t n = calls.write(fd, data, bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = EIO;
    if (n <= 0) return false;
    data += n;
    bytes -= static_cast<size_t>(n);
  }
  return true;
}

// The rename itself lasts only once the folder is on the disk. File systems that cannot flush
// folders say so with EINVAL.
std::string flush_folder(FileCalls& calls, const std::string& folder) {
  int fd = calls.open_folder(folder.c_str());
  if (fd < 0) return failure("open the folder", folder);
  std::string why;
  if (calls.flush_folder(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
    why = failure("flush the folder", folder);
  ::close(fd);
  return why;
}

std::string write_temporary(FileCalls& calls, int fd, const std::string& name,
                            Span<const uint8_t> bytes) {
  bool written = write_all(calls, fd, bytes.data, bytes.size) && calls.change_mode(fd, 0644) == 0 &&
                 calls.flush(fd) == 0;
  std::string why = written ? "" : failure("write", name);
  if (calls.close(fd) != 0 && why.empty()) why = failure("write", name);
  return why;
}

}  // namespace

int FileCalls::create_temporary(char* name) { return mkostemp(name, O_CLOEXEC); }
ssize_t FileCalls::write(int fd, const uint8_t* data, size_t bytes) {
  return ::write(fd, data, bytes);
}
int FileCalls::change_mode(int fd, mode_t mode) { return fchmod(fd, mode); }
int FileCalls::flush(int fd) { return fsync(fd); }
int FileCalls::close(int fd) { return ::close(fd); }
int FileCalls::rename(const char* from, const char* to) { return ::rename(from, to); }
int FileCalls::link(const char* from, const char* to) { return ::link(from, to); }
int FileCalls::open_folder(const char* name) { return open(name, O_RDONLY | O_CLOEXEC); }
int FileCalls::flush_folder(int fd) { return fsync(fd); }

FileCalls& system_calls() {
  static FileCalls calls;
  return calls;
}

std::string write_file(const std::string& path, Span<const uint8_t> bytes, bool force,
                       FileCalls& calls) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  std::string temporary = folder + "/" + kTemporary;
  int fd = calls.create_temporary(temporary.data());
  if (fd < 0) return failure("create a file in", folder);
  std::string why = write_temporary(calls, fd, temporary, bytes);
  bool renamed = false;
  if (why.empty() && force) {
    renamed = calls.rename(temporary.c_str(), path.c_str()) == 0;
    if (!renamed) why = failure("replace", path);
  }
  // link() fails when the target exists: the test and the deed are one step.
  if (why.empty() && !force && calls.link(temporary.c_str(), path.c_str()) != 0) {
    why = errno == EEXIST ? "'" + path + "' exists; use --force to replace it"
                          : failure("create", path);
  }
  if (!renamed) unlink(temporary.c_str());
  if (why.empty()) why = flush_folder(calls, folder);
  return why;
}

void remove_temporaries(const std::string& folder) {
  const std::string pattern = kTemporary;
  const std::string prefix = pattern.substr(0, pattern.find('X'));
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    std::string name = entry.path().filename().string();
    if (name.size() == pattern.size() && name.rfind(prefix, 0) == 0)
      std::filesystem::remove(entry.path(), ignored);
  }
}

}  // namespace mote
