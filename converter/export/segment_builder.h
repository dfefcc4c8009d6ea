// The bytes of one segment; equal pieces are stored once.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "ir/graph.h"

namespace mote {

// Weights are most of a file: they are copied once, to where they lie in it. What is added must
// outlive the builder.
class SegmentBuilder {
 public:
  // Where `data` lies in the segment.
  uint64_t add(const ir::Bytes& data);
  uint64_t size() const { return size_; }
  // To `target`, which has size() zeros.
  void copy_to(uint8_t* target) const;

 private:
  struct Piece {
    uint64_t offset;
    const ir::Bytes* data;
  };
  std::vector<Piece> pieces_;
  std::unordered_multimap<uint64_t, Piece> by_hash_;
  uint64_t size_ = 0;
};

}  // namespace mote
