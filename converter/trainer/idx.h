// IDX files (yann.lecun.com/exdb/mnist): two zero bytes, the type, the number of dimensions, these
// as big-endian 32-bit numbers, then the elements.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mote/trainer.h"

namespace mote::trainer {

struct IdxArray {
  std::vector<uint32_t> dims;
  std::vector<uint8_t> elements;
};

// Reads an array of unsigned bytes of `min_rank` to `max_rank` dimensions from a plain or gzip
// file. Bytes may be anything; throws bad_input with what was expected, found and where.
IdxArray parse_idx(Span<const uint8_t> bytes, const std::string& name, int min_rank, int max_rank);

// Pictures and their labels; throws where they do not belong together.
Dataset dataset_from_idx(Span<const uint8_t> images, const std::string& images_name,
                         Span<const uint8_t> labels, const std::string& labels_name);

}  // namespace mote::trainer
