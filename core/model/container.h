// The container around the structure: a fixed header, then one FlatBuffer, then segments
// (schema/COMPATIBILITY.md has the layout).
#pragma once

#include "mote/model.h"
#include "mote_generated.h"

namespace mote {

inline constexpr uint8_t kMagic[8] = {'M', 'O', 'T', 'E', '\r', '\n', 0x1A, '\n'};
inline constexpr uint32_t kContainerVersion = 1;
inline constexpr uint32_t kStructureVersion = 1;
inline constexpr uint32_t kHeaderBytes = 64;
inline constexpr uint64_t kSegmentAlignment = 64;
// What the file's bytes in memory must be aligned to: the widest scalar of the structure is 8.
inline constexpr size_t kFileAlignment = 16;

// Little-endian, as every field of the file.
struct Header {
  uint8_t magic[8];
  uint32_t container_version;
  uint32_t header_bytes;
  uint64_t file_bytes;
  uint64_t structure_offset;
  uint64_t structure_bytes;
  uint64_t structure_hash;  // XXH64, seed 0
  uint64_t reserved;        // zero
  uint64_t header_hash;     // XXH64 of the bytes before it
};
static_assert(sizeof(Header) == kHeaderBytes);

// Checks the header and finds the structure; hashes the header unless integrity is off.
Status read_header(Span<const uint8_t> bytes, Integrity integrity, Header* header);

// Checks range, alignment and order of the segments and that every byte between the parts is zero.
Status check_segments(Span<const uint8_t> bytes, const Header& header, const file::Model& root,
                      const Limits& limits);

// Compares the hash of every segment.
Status hash_segments(Span<const uint8_t> bytes, const file::Model& root);

}  // namespace mote
