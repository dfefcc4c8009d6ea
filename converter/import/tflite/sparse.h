// Constants that are stored sparsely.
#pragma once

#include <optional>
#include <string>

#include "import/tflite/source.h"

namespace mote::tflite_import {

// The elements of `item` bytes of a constant of this static shape, absent ones as zero. Nothing,
// and `why`, when the tables do not fit the data or the result is out of proportion to them.
std::optional<ir::Bytes> densified(const tfl::SparsityParameters& sparsity,
                                   const ShapeBounds& shape, size_t item, Span<const uint8_t> data,
                                   std::string* why);

}  // namespace mote::tflite_import
