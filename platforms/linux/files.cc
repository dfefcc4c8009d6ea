#include "files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "failure.h"

namespace mote::tool {
namespace {

struct Closer {
  void operator()(FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<FILE, Closer>;

[[noreturn]] void system_failure(const std::string& subject) {
  bad_input(subject + ": " + std::strerror(errno));
}

Bytes read_all(FILE* file, const std::string& subject) {
  struct stat status = {};
  const bool is_regular = fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode);
  // One more than it holds, so that its end is seen at once.
  Bytes bytes(is_regular ? static_cast<size_t>(status.st_size) + 1 : 1 << 16);
  size_t used = 0;
  while (true) {
    if (used == bytes.size()) bytes.resize(used * 2);
    const size_t count = std::fread(bytes.data() + used, 1, bytes.size() - used, file);
    used += count;
    if (count == 0) break;
  }
  if (std::ferror(file) != 0) system_failure(subject);
  bytes.resize(used);
  return bytes;
}

void write_all(FILE* file, Span<const uint8_t> bytes, const std::string& subject) {
  const bool written = std::fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
  if (!written || std::fflush(file) != 0) system_failure(subject);
}

}  // namespace

AlignedBytes::AlignedBytes(Span<const uint8_t> bytes) : AlignedBytes(bytes.size) {
  if (!bytes.empty()) std::memcpy(data(), bytes.data, bytes.size);
}

Bytes read_file(const std::string& path) {
  if (path == "-") {
    static bool taken = false;
    if (std::exchange(taken, true)) wrong_use("'-' is standard input, which serves one file only");
    return read_all(stdin, subject_of(path));
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    bad_input(path + ": is a directory, expected a file");
  }
  File file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) system_failure(path);
  return read_all(file.get(), path);
}

void require_writable(const std::string& path, bool force) {
  if (path == "-") {
    if (isatty(STDOUT_FILENO) != 0) {
      wrong_use("standard output is a terminal; name a file or redirect the output");
    }
    return;
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    wrong_use(path + ": is a directory; name a file in it");
  }
  if (!force && std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
    wrong_use(path + ": exists already; --force overwrites it");
  }
}

void write_file(const std::string& path, Span<const uint8_t> bytes, bool force) {
  require_writable(path, force);
  if (path == "-") return write_all(stdout, bytes, "standard output");
  // A device or a pipe is written to, never replaced by a file.
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  const bool replaces =
      kind == std::filesystem::file_type::not_found || kind == std::filesystem::file_type::regular;
  const std::string target = replaces ? path + ".part" + std::to_string(getpid()) : path;
  File file(std::fopen(target.c_str(), "wb"));
  if (file == nullptr) system_failure(path);
  try {
    write_all(file.get(), bytes, path);
    if (replaces && std::rename(target.c_str(), path.c_str()) != 0) system_failure(path);
  } catch (const Failure&) {
    if (replaces) std::remove(target.c_str());
    throw;
  }
}

bool is_stream(const std::string& path) {
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  return path == "-" || kind == std::filesystem::file_type::fifo ||
         kind == std::filesystem::file_type::character;
}

std::string extension(const std::string& path) {
  std::string text = std::filesystem::path(path).extension().string();
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string subject_of(const std::string& path) { return path == "-" ? "standard input" : path; }

}  // namespace mote::tool
