// XXH64 (Yann Collet, xxHash specification 0.1.1): finds damage, is no signature.
#pragma once

#include "mote/types.h"

namespace mote {

uint64_t xxh64(const void* data, size_t bytes, uint64_t seed = 0);

}  // namespace mote
