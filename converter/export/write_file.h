// Writes a file so that readers see the old one or the new one, never a part.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "mote/types.h"

namespace mote {

// The system calls of write_file. Each gives a negative number and errno on failure; tests let them
// fail one by one.
class FileCalls {
 public:
  virtual ~FileCalls() = default;
  virtual int create_temporary(char* name);  // as mkostemp
  virtual ssize_t write(int fd, const uint8_t* data, size_t bytes);
  virtual int change_mode(int fd, mode_t mode);
  virtual int flush(int fd);
  virtual int close(int fd);
  virtual int rename(const char* from, const char* to);
  virtual int link(const char* from, const char* to);
  virtual int open_folder(const char* name);
  virtual int flush_folder(int fd);
};
FileCalls& system_calls();

// Writes a temporary file in the folder of `path`, flushes it to the disk, renames it and flushes
// the folder. Returns an empty string, or why not; then `path` is as it was, or whole but possibly
// not on the disk where flushing the folder failed. Without `force` an existing file is kept.
std::string write_file(const std::string& path, Span<const uint8_t> bytes, bool force,
                       FileCalls& calls = system_calls());

// Removes what killed processes left of write_file in a folder that no other process writes to.
void remove_temporaries(const std::string& folder);

}  // namespace mote
