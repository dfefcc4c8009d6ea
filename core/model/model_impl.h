// The inside of a Model, and the steps of its validation.
#pragma once

#include "base/array.h"
#include "model/container.h"
#include "ops/operator.h"

namespace mote {

struct OpDesc {
  OpView view;  // view.op null: this build lacks the operator
  Span<const int32_t> inputs;
  Span<const int32_t> outputs;
  const file::Operator* source = nullptr;
  uint32_t graph = 0;
  uint32_t place = 0;  // within the graph
};

struct GraphDesc {
  Span<const int32_t> inputs;
  Span<const int32_t> outputs;
  uint32_t first_op = 0;
  uint32_t op_count = 0;
  int64_t work = 0;     // estimated operations, those of the called graphs included
  bool called = false;  // by one operator, and no entry point or derive graph
  Status availability;  // why this build cannot run it
};

// A graph that computes states from others (schema: Derive).
struct DeriveDesc {
  uint32_t graph = 0;
  Span<const int32_t> sources;
  Span<const int32_t> targets;
};

struct ModelImpl {
  Allocator allocator;
  Span<const uint8_t> bytes;
  OperatorTable table;
  Limits limits;
  Array<uint8_t> structure;  // the copy, unless in place
  const file::Model* root = nullptr;
  Array<TensorInfo> tensors;
  Array<OpDesc> ops;  // of all graphs, in file order
  Array<GraphDesc> graphs;
  Array<EntryPointInfo> entry_points;
  Array<DeriveDesc> derives;
  Pool pool;
  size_t array_bytes = 0;
  // Elements looked at; shared offsets can make a small file name the same part many times.
  uint64_t visits = 0;
  uint64_t max_visits = 0;

  Status visit(uint64_t elements) {
    visits += elements;
    if (visits <= max_visits) return {};
    return error(Code::visits_limit, static_cast<int64_t>(max_visits),
                 static_cast<int64_t>(visits));
  }
};

// In this order; each relies on those before it.
Status read_tensors(ModelImpl& m);
Status read_graphs(ModelImpl& m);      // operands, calls, attributes; fills ops and graphs
Status check_operators(ModelImpl& m);  // types, attributes, shapes, kernels
Status check_calls(ModelImpl& m);      // graphs that operators call
Status check_order(ModelImpl& m);      // every value written once, before it is read; states
Status read_entry_points(ModelImpl& m);
Status read_derives(ModelImpl& m);

// operators.cc: adds to a graph's work. Error, at `op`: work_limit.
Status add_work(const ModelImpl& m, const OpDesc& op, int64_t more, int64_t* work);

inline Status at(Status s, int32_t graph, int32_t op = -1, int32_t tensor = -1) {
  if (s.place.graph < 0) s.place.graph = graph;
  if (s.place.op < 0) s.place.op = op;
  if (s.place.tensor < 0) s.place.tensor = tensor;
  return s;
}
inline Status at(Status s, const OpDesc& op, int32_t tensor = -1) {
  s = at(s, static_cast<int32_t>(op.graph), static_cast<int32_t>(op.place), tensor);
  s.op_code = op.source->code();
  return s;
}

inline const char* text_or_empty(const flatbuffers::String* s) {
  return s == nullptr ? "" : s->c_str();
}
template <class Vector>
uint32_t size_of(const Vector* v) {
  return v == nullptr ? 0 : v->size();
}
// The graphs that an operator calls.
inline Span<const uint32_t> graphs_of(const OpDesc& op) {
  const flatbuffers::Vector<uint32_t>* v = op.source->graphs();
  return v == nullptr ? Span<const uint32_t>{} : Span<const uint32_t>{v->data(), v->size()};
}
inline Span<const int32_t> ints_of(const flatbuffers::Vector<int32_t>* v) {
  return v == nullptr ? Span<const int32_t>{} : Span<const int32_t>{v->data(), v->size()};
}

}  // namespace mote
