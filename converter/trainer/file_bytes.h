// Reading whole files, plain or gzip (RFC 1952), piece by piece, so that what a header promises is
// known before memory is taken for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mote/types.h"

namespace mote::trainer {

// Throws bad_input with the system's reason.
std::vector<uint8_t> read_file(const std::string& path);

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Reads up to `bytes`; fewer only at the end. Throws bad_input on damage.
  virtual size_t read(uint8_t* out, size_t bytes) = 0;
  // No more than this can come.
  virtual uint64_t at_most() const = 0;
};

// Of a gzip or a plain file, told by the first bytes. `bytes` must outlive it; `name` is for
// messages.
std::unique_ptr<ByteSource> open_bytes(Span<const uint8_t> bytes, const std::string& name);

}  // namespace mote::trainer
