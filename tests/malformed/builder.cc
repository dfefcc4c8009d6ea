#include "builder.h"

#include <cstring>

#include "base/hash.h"

namespace mote::test {
namespace {

size_t bytes_of(const TensorSpec& spec) {
  size_t n = type_bytes(static_cast<Type>(spec.type));
  for (int32_t d : spec.shape) n *= static_cast<size_t>(d);
  return n;
}

void align(Bytes& bytes, size_t alignment) {
  bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
}

Bytes pack(const forge::ModelT& model) {
  flatbuffers::FlatBufferBuilder builder;
  forge::FinishModelBuffer(builder, forge::Model::Pack(builder, &model));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

template <class T>
void append(Bytes& out, T value) {
  out.resize(out.size() + sizeof value);
  memcpy(out.data() + out.size() - sizeof value, &value, sizeof value);
}

Bytes header(uint64_t file_bytes, const Bytes& structure) {
  Bytes out = {'M', 'O', 'T', 'E', '\r', '\n', 0x1A, '\n'};
  append<uint32_t>(out, 1);   // container version
  append<uint32_t>(out, 64);  // header bytes
  append<uint64_t>(out, file_bytes);
  append<uint64_t>(out, kStructureStart);
  append<uint64_t>(out, structure.size());
  append<uint64_t>(out, xxh64(structure.data(), structure.size()));
  append<uint64_t>(out, 0);  // reserved
  append<uint64_t>(out, xxh64(out.data(), out.size()));
  return out;
}

}  // namespace

TensorSpec plain(forge::Type type, std::vector<int32_t> shape) {
  TensorSpec spec;
  spec.type = type;
  spec.shape = std::move(shape);
  return spec;
}
TensorSpec f32(std::vector<int32_t> shape) { return plain(forge::Type::float32, std::move(shape)); }

TensorSpec s8(std::vector<int32_t> shape, float scale, int32_t zero_point) {
  TensorSpec spec = plain(forge::Type::int8, std::move(shape));
  spec.scales = {scale};
  spec.zero_points = {zero_point};
  return spec;
}

TensorSpec s8_per_channel(std::vector<int32_t> shape, int32_t axis, float scale) {
  TensorSpec spec = plain(forge::Type::int8, std::move(shape));
  spec.scales.assign(static_cast<size_t>(spec.shape[static_cast<size_t>(axis)]), scale);
  spec.axis = axis;
  return spec;
}

TensorSpec constant(TensorSpec spec, uint8_t fill) {
  spec.kind = forge::Kind::constant;
  spec.fill = fill;
  return spec;
}
TensorSpec state(TensorSpec spec, uint8_t fill) {
  spec.kind = forge::Kind::state;
  spec.fill = fill;
  return spec;
}
TensorSpec absent() {
  TensorSpec spec;
  spec.absent = true;
  return spec;
}

uint32_t Draft::add_segment(forge::SegmentKind kind, Bytes bytes) {
  model.segments.emplace_back(0, 0, 0, static_cast<uint32_t>(kind), 0);
  segments.push_back(std::move(bytes));
  return static_cast<uint32_t>(segments.size() - 1);
}

int32_t Draft::add_tensor(const TensorSpec& spec) {
  if (spec.absent) return -1;
  auto t = std::make_unique<forge::TensorT>();
  t->name = "t" + std::to_string(model.tensors.size());
  t->type = spec.type;
  t->kind = spec.kind;
  for (int32_t d : spec.shape) t->shape.emplace_back(d, d);
  if (!spec.scales.empty()) {
    t->quantization = std::make_unique<forge::QuantizationT>();
    t->quantization->scales = spec.scales;
    t->quantization->zero_points = spec.zero_points;
    t->quantization->axis = spec.axis;
  }
  if (spec.kind != forge::Kind::activation) {
    auto kind = spec.kind == forge::Kind::constant ? forge::SegmentKind::weights
                                                   : forge::SegmentKind::state;
    uint32_t s = 0;
    while (s < segments.size() && model.segments[s].kind() != static_cast<uint32_t>(kind)) ++s;
    if (s == segments.size()) add_segment(kind, {});
    align(segments[s], 16);
    t->segment = s;
    t->offset = segments[s].size();
    segments[s].resize(segments[s].size() + bytes_of(spec), spec.fill);
  }
  model.tensors.push_back(std::move(t));
  return static_cast<int32_t>(model.tensors.size()) - 1;
}

uint32_t Draft::add_graph() {
  model.graphs.push_back(std::make_unique<forge::GraphT>());
  return static_cast<uint32_t>(model.graphs.size() - 1);
}

void Draft::add_operator(uint16_t code, forge::AttributesUnion attributes,
                         std::vector<int32_t> inputs, std::vector<int32_t> outputs, size_t graph) {
  auto op = std::make_unique<forge::OperatorT>();
  op->code = code;
  op->attributes = std::move(attributes);
  op->inputs = std::move(inputs);
  op->outputs = std::move(outputs);
  model.graphs[graph]->operators.push_back(std::move(op));
}

void Draft::set_ports(std::vector<int32_t> inputs, std::vector<int32_t> outputs, size_t graph) {
  model.graphs[graph]->inputs = std::move(inputs);
  model.graphs[graph]->outputs = std::move(outputs);
}

void Draft::add_entry_point(const char* name, size_t graph) {
  auto e = std::make_unique<forge::EntryPointT>();
  e->name = name;
  e->graph = static_cast<uint32_t>(graph);
  auto add = [](std::vector<std::unique_ptr<forge::PortT>>& ports, const char* prefix,
                const std::vector<int32_t>& tensors) {
    for (int32_t t : tensors) {
      ports.push_back(std::make_unique<forge::PortT>());
      ports.back()->name = prefix + std::to_string(ports.size() - 1);
      ports.back()->tensor = t;
    }
  };
  add(e->inputs, "x", model.graphs[graph]->inputs);
  add(e->outputs, "y", model.graphs[graph]->outputs);
  model.entry_points.push_back(std::move(e));
}

Draft one_operator(uint16_t code, forge::AttributesUnion attributes,
                   const std::vector<TensorSpec>& inputs, const std::vector<TensorSpec>& outputs) {
  Draft d;
  d.add_graph();
  std::vector<int32_t> in, out, ports;
  for (const TensorSpec& spec : inputs) {
    in.push_back(d.add_tensor(spec));
    if (!spec.absent && spec.kind == forge::Kind::activation) ports.push_back(in.back());
  }
  for (const TensorSpec& spec : outputs) out.push_back(d.add_tensor(spec));
  d.add_operator(code, std::move(attributes), in, out);
  d.set_ports(ports, out);
  d.add_entry_point("infer");
  return d;
}

void layout(Draft& draft) {
  // A segment is a struct: its numbers do not change the structure's size.
  uint64_t at = kStructureStart + pack(draft.model).size();
  for (size_t i = 0; i < draft.segments.size(); ++i) {
    const Bytes& bytes = draft.segments[i];
    at = (at + 63) / 64 * 64;
    draft.model.segments[i] = forge::Segment(at, bytes.size(), xxh64(bytes.data(), bytes.size()),
                                             draft.model.segments[i].kind(), 0);
    at += bytes.size();
  }
}

Bytes write_laid_out(const Draft& draft) {
  Bytes structure = pack(draft.model), body = structure;
  for (const Bytes& segment : draft.segments) {
    align(body, 64);
    body.insert(body.end(), segment.begin(), segment.end());
  }
  Bytes file = header(kStructureStart + body.size(), structure);
  file.insert(file.end(), body.begin(), body.end());
  return file;
}

Bytes write_file(Draft draft) {
  layout(draft);
  return write_laid_out(draft);
}

void rehash(Bytes& file) {
  if (file.size() < kStructureStart) return;
  Raw raw(file);
  auto offset = raw.get<uint64_t>(24), bytes = raw.get<uint64_t>(32);
  if (offset <= file.size() && bytes <= file.size() - offset) {
    raw.put<uint64_t>(40, xxh64(file.data() + offset, bytes));
  }
  raw.put<uint64_t>(56, xxh64(file.data(), 56));
}

}  // namespace mote::test
