// Writes a file so that readers see the old one or the new one, never a part.
#pragma once

#include <cstdint>
#include <string>

#include "mote/types.h"

namespace mote {

// Writes a temporary file in the folder of `path`, flushes it to the disk and renames it. Returns
// an empty string, or why not; then `path` is as it was. Without `force` an existing file is kept.
std::string write_file(const std::string& path, Span<const uint8_t> bytes, bool force);

}  // namespace mote
