// Reading and writing whole files; "-" is standard input or output.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mote/types.h"

namespace mote::tool {

using Bytes = std::vector<uint8_t>;

// Memory as the library wants it: aligned to cache lines, which every element type and
// Model::load accept.
class AlignedBytes {
 public:
  AlignedBytes() = default;
  explicit AlignedBytes(size_t size) : blocks_((size + kArenaAlignment - 1) / kArenaAlignment) {
    size_ = size;
  }
  explicit AlignedBytes(Span<const uint8_t> bytes);
  uint8_t* data() { return blocks_.empty() ? nullptr : blocks_.data()->bytes; }
  size_t size() const { return size_; }
  Span<uint8_t> span() { return {data(), size_}; }

 private:
  struct alignas(kArenaAlignment) Block {
    uint8_t bytes[kArenaAlignment];
  };
  std::vector<Block> blocks_;
  size_t size_ = 0;
};

inline Span<const uint8_t> span_of(const Bytes& bytes) { return {bytes.data(), bytes.size()}; }

Bytes read_file(const std::string& path);
// Whether it can only be read from the beginning to the end: "-", a pipe, a device.
bool is_stream(const std::string& path);

// Writes beside the target and renames, so that a file is there whole or not at all. Refuses an
// existing file unless `force`, and standard output on a terminal.
void write_file(const std::string& path, Span<const uint8_t> bytes, bool force);
// The check of write_file alone, before long work.
void require_writable(const std::string& path, bool force);

// Lower case, with the point: ".png"; empty without one.
std::string extension(const std::string& path);
// "standard input" for "-".
std::string subject_of(const std::string& path);

}  // namespace mote::tool
