#pragma once

#include "mote/converter.h"

namespace mote {

// The same in less memory: the bytes are freed as soon as they have been read.
ConvertResult convert_owned(std::vector<uint8_t> bytes, const ConvertOptions& options = {});

}  // namespace mote
