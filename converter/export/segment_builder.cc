#include "export/segment_builder.h"

#include "base/checked.h"
#include "base/hash.h"

namespace mote {
namespace {

// From one cache line on, a piece starts at one; smaller ones at a vector register.
constexpr size_t kLine = 64, kVector = 16;

}  // namespace

uint64_t SegmentBuilder::add(const ir::Bytes& data) {
  uint64_t hash = xxh64(data.data(), data.size());
  auto [first, last] = by_hash_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    const Piece& p = it->second;
    if (p.bytes == data.size() && memcmp(bytes_.data() + p.offset, data.data(), p.bytes) == 0)
      return p.offset;
  }
  uint64_t offset = round_up(bytes_.size(), data.size() < kLine ? kVector : kLine);
  bytes_.resize(offset);
  bytes_.insert(bytes_.end(), data.begin(), data.end());
  by_hash_.emplace(hash, Piece{offset, data.size()});
  return offset;
}

}  // namespace mote
