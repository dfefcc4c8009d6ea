#include "model/container.h"

#include <cstring>

#include "base/checked.h"
#include "base/hash.h"

namespace mote {
namespace {

Status check_padding(Span<const uint8_t> bytes, uint64_t begin, uint64_t end) {
  for (uint64_t i = begin; i < end; ++i)
    if (bytes[i] != 0) return error(Code::padding_not_zero, 0, static_cast<int64_t>(i));
  return {};
}

}  // namespace

Status read_header(Span<const uint8_t> bytes, Integrity integrity, Header* header) {
  if (bytes.size < kHeaderBytes) {
    return error(Code::file_too_short, kHeaderBytes, static_cast<int64_t>(bytes.size));
  }
  auto address = reinterpret_cast<uintptr_t>(bytes.data);
  if (address % kFileAlignment != 0) {
    return error(Code::buffer_misaligned, kFileAlignment,
                 static_cast<int64_t>(address % kFileAlignment));
  }
  memcpy(header, bytes.data, sizeof *header);
  if (memcmp(header->magic, kMagic, sizeof kMagic) != 0) return error(Code::bad_magic);
  if (integrity != Integrity::off &&
      xxh64(bytes.data, offsetof(Header, header_hash)) != header->header_hash) {
    return error(Code::header_hash);
  }
  if (header->container_version != kContainerVersion) {
    return error(Code::container_version, kContainerVersion, header->container_version);
  }
  if (header->header_bytes != kHeaderBytes) {
    return error(Code::header_field, kHeaderBytes, header->header_bytes);
  }
  if (header->reserved != 0) {
    return error(Code::header_field, 0, static_cast<int64_t>(header->reserved));
  }
  if (header->structure_offset != kHeaderBytes) {
    return error(Code::header_field, kHeaderBytes, static_cast<int64_t>(header->structure_offset));
  }
  if (header->file_bytes != bytes.size) {
    return error(Code::file_size, static_cast<int64_t>(header->file_bytes),
                 static_cast<int64_t>(bytes.size));
  }
  uint64_t end = 0;
  if (!checked_add(header->structure_offset, header->structure_bytes, &end) || end > bytes.size ||
      header->structure_bytes > FLATBUFFERS_MAX_BUFFER_SIZE - 1) {
    return error(Code::structure_range, static_cast<int64_t>(bytes.size),
                 static_cast<int64_t>(end));
  }
  return {};
}

Status check_segments(Span<const uint8_t> bytes, const Header& header, const file::Model& root,
                      const Limits& limits) {
  uint64_t cursor = header.structure_offset + header.structure_bytes;
  uint32_t count = root.segments() == nullptr ? 0 : root.segments()->size();
  if (count > limits.segments) return error(Code::too_many_segments, limits.segments, count);
  int64_t total = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const file::Segment& s = *root.segments()->Get(i);
    uint64_t end = 0;
    if (s.offset() % kSegmentAlignment != 0) {
      return error(Code::segment_misaligned, kSegmentAlignment, i);
    }
    if (!checked_add(s.offset(), s.bytes(), &end) || end > bytes.size) {
      return error(Code::segment_range, static_cast<int64_t>(bytes.size), i);
    }
    if (s.offset() < cursor) {
      return error(Code::segment_overlap, static_cast<int64_t>(cursor), i);
    }
    MOTE_TRY(check_padding(bytes, cursor, s.offset()));
    cursor = end;
    total += static_cast<int64_t>(s.bytes());
  }
  if (total > limits.segment_bytes) return error(Code::weights_limit, limits.segment_bytes, total);
  if (cursor != bytes.size) {
    return error(Code::file_size, static_cast<int64_t>(cursor), static_cast<int64_t>(bytes.size));
  }
  return {};
}

Status hash_segments(Span<const uint8_t> bytes, const file::Model& root) {
  uint32_t count = root.segments() == nullptr ? 0 : root.segments()->size();
  for (uint32_t i = 0; i < count; ++i) {
    const file::Segment& s = *root.segments()->Get(i);
    if (xxh64(bytes.data + s.offset(), s.bytes()) != s.hash()) {
      return error(Code::segment_hash, 0, i);
    }
  }
  return {};
}

}  // namespace mote
