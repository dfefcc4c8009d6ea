// NumPy's .npy files (its format specification, versions 1.0 to 3.0): little-endian, C order.
#pragma once

#include "files.h"
#include "mote/types.h"

namespace mote::tool {

struct NpyArray {
  Type type = Type::float32;  // float64 is allowed here
  Shape shape;
  Span<const uint8_t> data;  // within the bytes that were parsed
};

bool is_npy(Span<const uint8_t> bytes);
// Throws Failure(kBadInput) with `subject`. Keeps pointing into `bytes`.
NpyArray parse_npy(Span<const uint8_t> bytes, const std::string& subject);
// float16 as '<f2'; bfloat16, which NumPy lacks, as its bits in '<u2'.
Bytes make_npy(Type type, const Shape& shape, Span<const uint8_t> data);

}  // namespace mote::tool
