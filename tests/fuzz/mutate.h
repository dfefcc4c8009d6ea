// Mutations of .mote files that keep the container and the FlatBuffer valid.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mote::test {

// Changes the file in place; the new size is at most `max_size`. A file that is no valid container
// becomes a new small model.
size_t mutate_model(uint8_t* data, size_t size, size_t max_size, uint32_t seed);

}  // namespace mote::test
