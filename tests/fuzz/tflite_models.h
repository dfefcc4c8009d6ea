// Small TFLite files, made with FlatBuffers' object API from the trimmed schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mote::test {

// conv2d, max pool, reshape, fully connected, softmax; in float32 or int8.
std::vector<uint8_t> tflite_classifier(bool quantized);
// add, sub, mul, concatenation, mean, pad, transpose, strided slice, gather on float32.
std::vector<uint8_t> tflite_movement();

// Changes numbers of a TFLite file in place, mostly small ones to small ones, so that it often
// stays a valid FlatBuffer; a file that is none becomes one of the above.
size_t mutate_tflite(uint8_t* data, size_t size, size_t max_size, uint32_t seed);

}  // namespace mote::test
