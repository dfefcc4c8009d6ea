// What TensorFlow Lite Metadata says of a model beyond its graph.
#pragma once

#include <map>
#include <string>

#include "import/tflite/source.h"

namespace mote::tflite_import {

// Entries for a module's metadata: "labels" (of output 0), "normalization" and "sample_rate" (of
// input 0), "description", "author", "licence". Metadata do not change what a model computes, so
// what is damaged or unknown in them is left out.
std::map<std::string, std::string> read_metadata(const Source& source, Span<const uint8_t> file);

}  // namespace mote::tflite_import
