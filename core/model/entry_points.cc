// Validation of entry points: names, ports, features.
#include <cstring>

#include "model/model_impl.h"

namespace mote {
namespace {

// Bits of EntryPoint.features that this build knows: none exist yet.
constexpr uint64_t kKnownFeatures = 0;

bool same_text(const flatbuffers::String* a, const flatbuffers::String* b) {
  return a == b || (a->size() == b->size() && memcmp(a->data(), b->data(), a->size()) == 0);
}

// Every name is there and differs from those before it.
template <class Vector>
Status check_names(ModelImpl& m, const Vector* items, Code code) {
  // Comparing this much text takes about as long as one visit.
  constexpr uint32_t kBytesPerVisit = 64;
  for (uint32_t i = 0; i < size_of(items); ++i) {
    const flatbuffers::String* name = items->Get(i)->name();
    if (name == nullptr || name->size() == 0) return error(code, 0, i);
    for (uint32_t k = 0; k < i; ++k) {
      const flatbuffers::String* other = items->Get(k)->name();
      bool compared = name->size() == other->size();
      MOTE_TRY(m.visit(compared ? 1 + name->size() / kBytesPerVisit : 1));
      if (same_text(name, other)) return error(code, 0, i);
    }
  }
  return {};
}

using Ports = flatbuffers::Vector<flatbuffers::Offset<file::Port>>;

Status read_ports(ModelImpl& m, const Ports* in, Span<const int32_t> expected,
                  Span<const PortInfo>* out) {
  uint32_t n = size_of(in);
  if (n != expected.size) return error(Code::port_mismatch, static_cast<int64_t>(expected.size), n);
  MOTE_TRY(check_names(m, in, Code::port_name));
  auto* ports = m.pool.take_array<PortInfo>(n);
  if (ports == nullptr) return error(Code::out_of_memory);
  for (uint32_t i = 0; i < n; ++i) {
    const file::Port& port = *in->Get(i);
    if (port.tensor() != expected[i]) return error(Code::port_mismatch, i, i);
    ports[i] = {port.name()->c_str(), static_cast<uint32_t>(port.tensor())};
  }
  *out = {ports, n};
  return {};
}

Status read_entry_point(ModelImpl& m, const file::EntryPoint& in, EntryPointInfo& out) {
  if (in.graph() >= m.graphs.size()) {
    return error(Code::graph_index, static_cast<int64_t>(m.graphs.size()), in.graph());
  }
  const GraphDesc& graph = m.graphs[in.graph()];
  if (graph.called) return error(Code::graph_called_twice, 0, in.graph());
  out.name = in.name()->c_str();
  out.graph = in.graph();
  out.availability = graph.availability;
  if ((in.features() & ~kKnownFeatures) != 0) {
    out.availability = error(Code::feature_unknown, static_cast<int64_t>(kKnownFeatures),
                             static_cast<int64_t>(in.features()));
  }
  MOTE_TRY(read_ports(m, in.inputs(), graph.inputs, &out.inputs));
  return read_ports(m, in.outputs(), graph.outputs, &out.outputs);
}

}  // namespace

Status read_entry_points(ModelImpl& m) {
  uint32_t count = size_of(m.root->entry_points());
  if (count == 0) return error(Code::no_entry_points);
  if (count > m.limits.entry_points) {
    return error(Code::too_many_entry_points, m.limits.entry_points, count);
  }
  MOTE_TRY(check_names(m, m.root->entry_points(), Code::entry_point_name));
  MOTE_TRY(m.entry_points.init(m.allocator, count, &m.array_bytes));
  bool any = false;
  for (uint32_t i = 0; i < count; ++i) {
    MOTE_TRY(read_entry_point(m, *m.root->entry_points()->Get(i), m.entry_points[i]));
    any = any || m.entry_points[i].availability.ok();
  }
  return any ? Status{} : m.entry_points[0].availability;
}

}  // namespace mote
