// Header, segments, and the place of tensors' data in them.
#include "classes.h"

namespace mote::test {
namespace {

// Offsets of the header's fields.
enum : size_t {
  kContainerVersionAt = 8,
  kHeaderBytesAt = 12,
  kFileBytesAt = 16,
  kStructureOffsetAt = 24,
  kStructureBytesAt = 32,
  kReservedAt = 48,
};

constexpr uint64_t kHuge = ~uint64_t{0};

template <class T>
std::function<void(Bytes&)> set(size_t at, T value) {
  return [=](Bytes& file) { Raw(file).put<T>(at, value); };
}

std::function<void(Bytes&)> magic(const char* text) {
  return [=](Bytes& file) { memcpy(file.data(), text, 8); };
}

// Changes the place of a segment.
std::function<void(Draft&)> move_segment(size_t i, std::function<void(uint64_t*, uint64_t*)> f) {
  return [=](Draft& d) {
    forge::Segment& s = d.model.segments[i];
    uint64_t offset = s.offset(), bytes = s.bytes();
    f(&offset, &bytes);
    s = forge::Segment(offset, bytes, s.hash(), s.kind(), 0);
  };
}

Classes header_classes() {
  return {
      {"file_empty_or_short",
       "tensorflow issue 115308: an 8-byte model reads outside the heap",
       spine,
       {patched("0 bytes", Code::file_too_short, "0 bytes", [](Bytes& f) { f.clear(); }),
        patched("8 bytes", Code::file_too_short, "8 bytes", [](Bytes& f) { f.resize(8); }),
        patched("63 bytes", Code::file_too_short, "63 bytes", [](Bytes& f) { f.resize(63); })}},
      {"magic_wrong",
       "TFSA-2018-003",
       spine,
       {patched("another format's magic", Code::bad_magic, "first 8 bytes", magic("GGUF\x03\0\0")),
        patched("line ends converted", Code::bad_magic, "first 8 bytes", magic("MOTE\n\x1A\n\n"))}},
      {"version_unknown",
       "onnxruntime issues 4349, 4585",
       spine,
       {patched("0", Code::container_version, "version 0", set<uint32_t>(kContainerVersionAt, 0)),
        patched("2", Code::container_version, "version 2", set<uint32_t>(kContainerVersionAt, 2)),
        patched("1 in the other byte order", Code::container_version, "version 16777216",
                set<uint32_t>(kContainerVersionAt, 1u << 24))}},
      {"header_reserved_nonzero",
       "own rule; analogue CVE-2022-23565",
       spine,
       {patched("reserved 1", Code::header_field, "field is 1", set<uint64_t>(kReservedAt, 1)),
        patched("header size 128", Code::header_field, "field is 128",
                set<uint32_t>(kHeaderBytesAt, 128)),
        patched("structure elsewhere", Code::header_field, "field is 68",
                set<uint64_t>(kStructureOffsetAt, 68))}},
      {"header_structure_length_lies",
       "CVE-2025-54950; executorch pull request 18662",
       spine,
       {patched("2^63 bytes", Code::structure_range, "the structure ends at",
                set<uint64_t>(kStructureBytesAt, uint64_t{1} << 63)),
        patched("1 byte past the end", Code::structure_range, "the structure ends at",
                [](Bytes& f) { Raw(f).put<uint64_t>(kStructureBytesAt, f.size() - 63); })}},
      {"header_offset_sum_overflows",
       "CVE-2025-54951; executorch pull request 18662",
       spine,
       {patched("2^64 - 64 bytes", Code::structure_range, "the structure ends at",
                set<uint64_t>(kStructureBytesAt, kHuge - 63)),
        patched("2^64 - 1 bytes", Code::structure_range, "the structure ends at",
                set<uint64_t>(kStructureBytesAt, kHuge))}},
      {"structure_length_too_short",
       "CVE-2025-54950",
       spine,
       {patched("0 bytes", Code::structure_malformed, "the structure",
                set<uint64_t>(kStructureBytesAt, 0)),
        patched("7 bytes", Code::structure_malformed, "the structure",
                set<uint64_t>(kStructureBytesAt, 7)),
        patched("half", Code::structure_malformed, "the structure",
                [](Bytes& f) {
                  Raw raw(f);
                  raw.put<uint64_t>(kStructureBytesAt, raw.get<uint64_t>(kStructureBytesAt) / 2);
                })}},
      {"header_file_size_mismatch",
       "CVE-2026-7482",
       spine,
       {patched("cut by one byte", Code::file_size, "the header says",
                [](Bytes& f) { f.pop_back(); }),
        patched("one byte appended", Code::file_size, "the header says",
                [](Bytes& f) { f.push_back(0); }),
        patched("declared 2^63", Code::file_size, "the header says",
                set<uint64_t>(kFileBytesAt, uint64_t{1} << 63))}},
      {"padding_dirty",
       "own rule: nothing hides between the parts",
       spine,
       {patched("before a segment", Code::padding_not_zero, "byte ",
                [](Bytes& f) {
                  // The last segment is the 16 bytes at the end; 40 bytes of padding precede it.
                  f[f.size() - 17] = 1;
                })}},
  };
}

Classes segment_classes() {
  return {
      {"segment_past_eof",
       "CVE-2026-7482, CVE-2025-54949",
       spine,
       {laid_out("one byte", Code::segment_range, "segment 1",
                 move_segment(1, [](uint64_t*, uint64_t* n) { ++*n; })),
        laid_out("starts at the end", Code::segment_range, "segment 1",
                 move_segment(1, [](uint64_t* o, uint64_t*) { *o += 64; }))}},
      {"segment_offset_plus_size_overflows",
       "CVE-2025-54951; proofs of concept against TFLite's Buffer.offset + Buffer.size",
       spine,
       {laid_out("the sum is 64", Code::segment_range, "segment 0",
                 move_segment(0, [](uint64_t* o, uint64_t* n) { *o = kHuge - 63, *n = 128; })),
        laid_out("2^64 - 1 bytes", Code::segment_range, "segment 1",
                 move_segment(1, [](uint64_t*, uint64_t* n) { *n = kHuge; }))}},
      {"segment_offset_truncates_32",
       "executorch pull request 19270; XNNPACK pull request 10990",
       spine,
       {laid_out("offset + 2^32", Code::segment_range, "segment 0",
                 move_segment(0, [](uint64_t* o, uint64_t*) { *o += uint64_t{1} << 32; })),
        laid_out("size + 2^32", Code::segment_range, "segment 0",
                 move_segment(0, [](uint64_t*, uint64_t* n) { *n += uint64_t{1} << 32; }))}},
      {"segment_overlaps_structure",
       "CVE-2025-30404",
       spine,
       {laid_out("at byte 0", Code::segment_overlap, "segment 0",
                 move_segment(0, [](uint64_t* o, uint64_t*) { *o = 0; })),
        laid_out("at byte 64", Code::segment_overlap, "segment 0",
                 move_segment(0, [](uint64_t* o, uint64_t*) { *o = 64; }))}},
      {"segments_overlap",
       "CVE-2025-30404",
       spine,
       {laid_out("state in weights", Code::segment_overlap, "segment 1",
                 [](Draft& d) {
                   uint64_t at = d.model.segments[0].offset();
                   move_segment(1, [=](uint64_t* o, uint64_t*) { *o = at; })(d);
                 }),
        laid_out("out of order", Code::segment_overlap, "segment 1",
                 [](Draft& d) { std::swap(d.model.segments[0], d.model.segments[1]); })}},
      {"segment_unaligned",
       "CVE-2025-30405; ggml pull request 1516",
       spine,
       {laid_out("by one", Code::segment_misaligned, "segment 0",
                 move_segment(0, [](uint64_t* o, uint64_t*) { *o += 1; })),
        laid_out("by 32", Code::segment_misaligned, "segment 1",
                 move_segment(1, [](uint64_t* o, uint64_t*) { *o += 32; }))}},
      {"segment_count_bomb",
       "ncnn pull request 6922",
       spine,
       {edited("5000 empty ones", Code::too_many_segments, "segments",
               [](Draft& d) {
                 for (int i = 0; i < 5000; ++i) d.add_segment(forge::SegmentKind::weights, {});
               })}},
      {"bytes_after_last_segment",
       "own rule: nothing hides behind the parts",
       spine,
       {laid_out("last segment one byte short", Code::file_size, "the file has",
                 move_segment(1, [](uint64_t*, uint64_t* n) { --*n; }))}},
  };
}

Classes data_classes() {
  return {
      {"segment_index_out_of_range",
       "tflite-micro issues 3389, 3077",
       spine,
       {edited("2 of 2", Code::tensor_segment, "tensor 1",
               [](Draft& d) { d.tensor(1).segment = 2; }),
        edited("2^32 - 2", Code::tensor_segment, "tensor 2",
               [](Draft& d) { d.tensor(2).segment = 0xFFFFFFFE; })}},
      {"data_in_segment_of_other_kind",
       "CVE-2020-15209: a read-only buffer becomes writable",
       spine,
       {edited("a constant in the states", Code::tensor_segment_kind, "tensor 1",
               [](Draft& d) { d.tensor(1).segment = 1; }),
        edited("a state in the weights", Code::tensor_segment_kind, "tensor 2",
               [](Draft& d) { d.tensor(2).segment = 0; })}},
      {"tensor_data_past_segment",
       "CVE-2026-7482; executorch pull request 19285",
       spine,
       {edited("by 4 bytes", Code::tensor_data_range, "tensor 6",
               [](Draft& d) { d.tensor(6).offset += 4; }),
        edited("segment empty", Code::tensor_data_range, "tensor 1",
               [](Draft& d) { d.segments[0].clear(); })}},
      {"tensor_data_offset_overflows",
       "executorch pull requests 18662, 19268",
       spine,
       {edited("2^64 - 4", Code::tensor_data_range, "tensor 1",
               [](Draft& d) { d.tensor(1).offset = kHuge - 3; }),
        edited("2^64 - 16: the end is 0", Code::tensor_data_range, "tensor 2",
               [](Draft& d) { d.tensor(2).offset = kHuge - 15; }),
        edited("2^32", Code::tensor_data_range, "tensor 1",
               [](Draft& d) { d.tensor(1).offset = uint64_t{1} << 32; })}},
      {"tensor_data_unaligned",
       "executorch pull request 22118",
       spine,
       {edited("float32 at 2", Code::tensor_data_misaligned, "tensor 1",
               [](Draft& d) { d.tensor(1).offset = 2; })}},
      {"tensor_bytes_do_not_match_shape",
       "onnxruntime pull request 28186; tflite-micro issue 3072",
       spine,
       {edited("more elements than stored", Code::tensor_data_range, "tensor 2",
               [](Draft& d) { d.tensor(2).shape[1] = forge::Dim(5, 5); }),
        edited("wider elements than stored", Code::tensor_data_range, "tensor 2",
               [](Draft& d) { d.tensor(2).type = forge::Type::int64; })}},
      {"constant_without_data",
       "CVE-2020-15209, CVE-2021-29592",
       spine,
       {edited("no segment", Code::constant_without_data, "tensor 1",
               [](Draft& d) { d.tensor(1).segment = 0xFFFFFFFF; })}},
      {"activation_with_data",
       "CVE-2020-15209",
       spine,
       {edited("segment 0", Code::activation_with_data, "tensor 4",
               [](Draft& d) { d.tensor(4).segment = 0; }),
        edited("a constant's kind changed", Code::activation_with_data, "tensor 1",
               [](Draft& d) { d.tensor(1).kind = forge::Kind::activation; })}},
  };
}

}  // namespace

Classes container_classes() {
  Classes all = header_classes();
  for (auto* group : {segment_classes, data_classes})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
