// Small ONNX models as seeds, and changes of them that stay models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mote::test {

// Name and bytes.
std::vector<std::pair<std::string, std::vector<uint8_t>>> onnx_seeds();

// Changes the model in data[0, size); returns its new size, at most `max_size`. What is no model is
// replaced by a seed.
size_t mutate_onnx(uint8_t* data, size_t size, size_t max_size, unsigned int seed);

}  // namespace mote::test
