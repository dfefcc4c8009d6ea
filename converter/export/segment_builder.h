// The bytes of one segment; equal pieces are stored once.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "ir/graph.h"

namespace mote {

class SegmentBuilder {
 public:
  // Where `data` lies in the segment.
  uint64_t add(const ir::Bytes& data);
  const ir::Bytes& bytes() const { return bytes_; }

 private:
  struct Piece {
    uint64_t offset;
    size_t bytes;
  };
  ir::Bytes bytes_;
  std::unordered_multimap<uint64_t, Piece> by_hash_;
};

}  // namespace mote
