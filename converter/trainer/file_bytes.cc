#include "trainer/file_bytes.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "trainer/failure.h"

namespace mote::trainer {
namespace {

class PlainSource : public ByteSource {
 public:
  explicit PlainSource(Span<const uint8_t> bytes) : bytes_(bytes) {}
  size_t read(uint8_t* out, size_t bytes) override {
    size_t n = std::min(bytes, bytes_.size - at_);
    if (n > 0) memcpy(out, bytes_.data + at_, n);
    at_ += n;
    return n;
  }
  uint64_t at_most() const override { return bytes_.size - at_; }

 private:
  Span<const uint8_t> bytes_;
  size_t at_ = 0;
};

class GzipSource : public ByteSource {
 public:
  GzipSource(Span<const uint8_t> bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {
    // 15: the largest window; 16: a gzip header is expected.
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  size_t read(uint8_t* out, size_t bytes) override {
    size_t done = 0;
    while (done < bytes && !ended_) {
      // zlib counts in 32 bits.
      constexpr size_t kPiece = size_t{1} << 30;
      size_t in = std::min(bytes_.size - at_, kPiece), room = std::min(bytes - done, kPiece);
      stream_.next_in = const_cast<uint8_t*>(bytes_.data + at_);
      stream_.avail_in = static_cast<uInt>(in);
      stream_.next_out = out + done;
      stream_.avail_out = static_cast<uInt>(room);
      int result = inflate(&stream_, Z_NO_FLUSH);
      at_ += in - stream_.avail_in;
      done += room - stream_.avail_out;
      if (result == Z_STREAM_END) {
        end();
      } else if (result != Z_OK) {
        damaged(result);
      }
    }
    return done;
  }

  // Deflate makes at most 1032 bytes of one (zlib's technical notes).
  uint64_t at_most() const override { return ended_ ? 0 : uint64_t{bytes_.size} * 1032; }

 private:
  void end() {
    ended_ = true;
    if (at_ == bytes_.size) return;
    bad_input(name_,
              "the gzip data end at byte " + std::to_string(at_) + ", the file has " +
                  std::to_string(bytes_.size),
              "something was appended; get the file again");
  }
  [[noreturn]] void damaged(int result) const {
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    bool cut = result == Z_BUF_ERROR;
    bad_input(name_,
              cut ? "the gzip data end too early: all " + std::to_string(bytes_.size) +
                        " bytes are read and more are expected"
                  : "the gzip data are damaged near byte " + std::to_string(at_) + ": " +
                        (stream_.msg != nullptr ? stream_.msg : "unknown error"),
              "get the file again");
  }

  Span<const uint8_t> bytes_;
  std::string name_;
  size_t at_ = 0;
  bool ended_ = false;
  z_stream stream_ = {};
};

}  // namespace

std::vector<uint8_t> read_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) bad_input(path, "is a folder, not a file");
  auto close = [](FILE* f) { fclose(f); };
  std::unique_ptr<FILE, decltype(close)> file(fopen(path.c_str(), "rb"), close);
  if (!file) bad_input(path, strerror(errno));
  std::vector<uint8_t> bytes;
  size_t used = 0;
  while (true) {
    bytes.resize(std::max<size_t>(1 << 16, used * 2));
    size_t n = fread(bytes.data() + used, 1, bytes.size() - used, file.get());
    used += n;
    if (n == 0) break;
  }
  if (ferror(file.get()) != 0) bad_input(path, strerror(errno));
  bytes.resize(used);
  return bytes;
}

std::unique_ptr<ByteSource> open_bytes(Span<const uint8_t> bytes, const std::string& name) {
  bool gzip = bytes.size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
  if (gzip) return std::make_unique<GzipSource>(bytes, name);
  return std::make_unique<PlainSource>(bytes);
}

}  // namespace mote::trainer
