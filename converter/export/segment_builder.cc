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
  for (auto it = first; it != last; ++it)
    if (*it->second.data == data) return it->second.offset;
  const Piece piece{round_up(size_, data.size() < kLine ? kVector : kLine), &data};
  size_ = piece.offset + data.size();
  pieces_.push_back(piece);
  by_hash_.emplace(hash, piece);
  return piece.offset;
}

void SegmentBuilder::copy_to(uint8_t* target) const {
  for (const Piece& p : pieces_)
    if (!p.data->empty()) memcpy(target + p.offset, p.data->data(), p.data->size());
}

}  // namespace mote
