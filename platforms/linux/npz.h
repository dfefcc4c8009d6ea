// NumPy's .npz files: a zip archive of .npy files, read by libzip.
#pragma once

#include <map>
#include <string>

#include "files.h"

namespace mote::tool {

bool is_npz(Span<const uint8_t> bytes);
// The bytes of the .npy files by the arrays' names. Throws Failure(kBadInput).
std::map<std::string, Bytes> read_npz(Span<const uint8_t> file, const std::string& subject);

}  // namespace mote::tool
