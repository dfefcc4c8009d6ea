// The FlatBuffer itself: what the object API cannot express.
#include "classes.h"

namespace mote::test {
namespace {

std::function<void(Bytes&)> bend(std::function<void(Raw&)> f) {
  return [f = std::move(f)](Bytes& file) {
    Raw raw(file);
    f(raw);
  };
}

Variant broken(std::string what, std::function<void(Raw&)> f) {
  return patched(std::move(what), Code::structure_malformed, "the structure", bend(std::move(f)));
}

std::function<void(Raw&)> root_offset(uint32_t value) {
  return [=](Raw& r) { r.put<uint32_t>(kStructureStart, value); };
}

size_t tensor_name(Raw& r) { return r.follow(r.field(r.tensor(0), forge::Tensor::VT_NAME)); }
size_t tensor_shape(Raw& r) { return r.follow(r.field(r.tensor(0), forge::Tensor::VT_SHAPE)); }

// Hundreds of graphs that share one vector of operators: small as a file, large as a walk.
Draft shared() {
  Draft d = spine();
  while (d.model.graphs.size() < 60) d.add_graph();
  return d;
}

void share_operators(Raw& r) {
  // Graph 0's own fields hold everything; the others' tables are replaced by it.
  size_t graphs = r.follow(r.field(r.root(), forge::Model::VT_GRAPHS));
  for (uint32_t i = 1; i < 60; ++i) {
    size_t at = r.element(graphs, i);
    // Offsets are unsigned: graph 0 must lie behind; FlatBuffers writes children first, so that
    // element 0's table is the last of all. Otherwise the offset is a refusal of its own.
    r.put<uint32_t>(at, static_cast<uint32_t>(r.graph(0) - at));
  }
}

}  // namespace

Classes structure_classes() {
  return {
      {"root_offset_out_of_range",
       "tensorflow pull request 120175; executorch pull request 22118",
       spine,
       {broken("0", root_offset(0)), broken("3", root_offset(3)),
        broken("2^32 - 1", root_offset(0xFFFFFFFF)),
        broken("the last byte",
               [](Raw& r) { root_offset(static_cast<uint32_t>(r.get<uint64_t>(32) - 1))(r); })}},
      {"file_identifier_wrong",
       "TFSA-2018-003",
       spine,
       {broken("TFL3", [](Raw& r) { r.put<uint32_t>(kStructureStart + 4, 0x334C4654); })}},
      {"vtable_offset_out_of_range",
       "CVE-2025-54950: one offset patched to 2^32 - 1",
       spine,
       {broken("before the buffer", [](Raw& r) { r.put<int32_t>(r.root(), 1 << 20); }),
        broken("behind the buffer", [](Raw& r) { r.put<int32_t>(r.tensor(2), -(1 << 20)); }),
        broken("unaligned",
               [](Raw& r) { r.put<int32_t>(r.root(), r.get<int32_t>(r.root()) + 1); })}},
      {"vtable_size_lies",
       "CVE-2025-54951; flatbuffers pull request 9138",
       spine,
       {broken("odd", [](Raw& r) { r.put<uint16_t>(r.vtable(r.root()), 5); }),
        broken("past the end", [](Raw& r) { r.put<uint16_t>(r.vtable(r.root()), 0xFFFE); })}},
      {"field_offset_past_end",
       "flatbuffers pull request 9138",
       spine,
       {broken(
           "a field at 65000",
           [](Raw& r) { r.put<uint16_t>(r.vtable(r.root()) + forge::Model::VT_TENSORS, 65000); })}},
      {"field_offset_unaligned",
       "executorch pull request 22118",
       spine,
       {broken("an offset field at an odd place",
               [](Raw& r) {
                 size_t at = r.vtable(r.root()) + forge::Model::VT_TENSORS;
                 r.put<uint16_t>(at, static_cast<uint16_t>(r.get<uint16_t>(at) + 1));
               })}},
      {"vector_of_segments_unaligned",
       "own finding by flipped bits; executorch pull request 22118",
       spine,
       {broken("by 4 bytes",
               [](Raw& r) {
                 // A count of one in the two segments' own bytes: what follows is unaligned.
                 size_t at = r.field(r.root(), forge::Model::VT_SEGMENTS), vector = r.follow(at);
                 r.put<uint32_t>(at, static_cast<uint32_t>(vector + 4 - at));
                 r.put<uint32_t>(vector + 4, 1);
               })}},
      {"vector_length_overflows",
       "CVE-2024-23605, CVE-2022-23558, CVE-2021-29605",
       spine,
       {broken("tensors: 2^32 - 1", [](Raw& r) { r.put<uint32_t>(r.tensors(), 0xFFFFFFFF); }),
        broken("tensors: 2^30, times 4 is 0",
               [](Raw& r) { r.put<uint32_t>(r.tensors(), 1u << 30); }),
        broken("dimensions: 2^29, times 8 is 0",
               [](Raw& r) { r.put<uint32_t>(tensor_shape(r), 1u << 29); })}},
      {"vector_past_end",
       "CVE-2024-21825",
       spine,
       {broken("2000 dimensions", [](Raw& r) { r.put<uint32_t>(tensor_shape(r), 2000); })}},
      {"string_not_terminated",
       "CVE-2024-23496, CVE-2024-27319",
       spine,
       {broken("no zero",
               [](Raw& r) {
                 size_t name = tensor_name(r);
                 r.put<uint8_t>(name + 4 + r.get<uint32_t>(name), 'x');
               }),
        broken("length past the end",
               [](Raw& r) { r.put<uint32_t>(tensor_name(r), 0xFFFFFFFF); })}},
      {"null_offset_in_vector",
       "onnxruntime pull requests 28186, 32483",
       spine,
       {patched("tensor 0, which then reads as an empty table", Code::shape_rank_mismatch,
                "operator 1",
                bend([](Raw& r) { r.put<uint32_t>(r.element(r.tensors(), 0), 0); }))}},
      {"element_offset_out_of_range",
       "CVE-2025-54950",
       spine,
       {broken("2^31", [](Raw& r) { r.put<uint32_t>(r.element(r.tensors(), 1), 1u << 31); }),
        broken("2^32 - 8: backwards",
               [](Raw& r) { r.put<uint32_t>(r.element(r.tensors(), 1), 0xFFFFFFF8); })}},
      {"offset_cycle",
       "flatbuffers pull request 9218",
       spine,
       {broken("a table that holds itself",
               [](Raw& r) {
                 size_t at = r.field(r.op(0), forge::Operator::VT_ATTRIBUTES);
                 r.put<uint32_t>(at, static_cast<uint32_t>(r.op(0) - at));
               })}},
      {"shared_offset_bomb",
       "flatbuffers issue 4774; ONNX nested-if proofs of concept",
       shared,
       {broken("60 graphs share one list of operators", share_operators)}},
      {"structure_version_unknown",
       "onnxruntime issue 4349",
       spine,
       {edited("0", Code::structure_version, "version 0", [](Draft& d) { d.model.version = 0; }),
        edited("2", Code::structure_version, "version 2", [](Draft& d) { d.model.version = 2; })}},
  };
}

}  // namespace mote::test
