// Small .mote files that are made without the project's exporter, so that the checks of the reader
// do not rest on the writer. A Draft can be bent at will before it becomes bytes, and the bytes
// too.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "forge_generated.h"
#include "mote/types.h"

namespace mote::test {

namespace forge = mote::forge;  // mote.fbs with FlatBuffers' object API

using Bytes = std::vector<uint8_t>;

// What a tensor is when a draft is started. Elements of constants and states are all `fill`.
struct TensorSpec {
  forge::Type type = forge::Type::float32;
  std::vector<int32_t> shape;
  std::vector<float> scales;
  std::vector<int32_t> zero_points;
  int32_t axis = -1;
  forge::Kind kind = forge::Kind::activation;
  uint8_t fill = 0;
  bool absent = false;
};
TensorSpec f32(std::vector<int32_t> shape);
TensorSpec s8(std::vector<int32_t> shape, float scale = 0.5F, int32_t zero_point = 0);
// One scale per element of dimension `axis`.
TensorSpec s8_per_channel(std::vector<int32_t> shape, int32_t axis, float scale = 0.5F);
TensorSpec plain(forge::Type type, std::vector<int32_t> shape);
TensorSpec constant(TensorSpec spec, uint8_t fill = 0);
TensorSpec state(TensorSpec spec, uint8_t fill = 0);
TensorSpec absent();

// A file before it is written.
struct Draft {
  forge::ModelT model;
  std::vector<Bytes> segments;  // the bytes of model.segments[i]

  forge::TensorT& tensor(size_t i) { return *model.tensors[i]; }
  forge::QuantizationT& quantization(size_t i) { return *model.tensors[i]->quantization; }
  forge::GraphT& graph(size_t i = 0) { return *model.graphs[i]; }
  forge::OperatorT& op(size_t i = 0, size_t graph = 0) {
    return *model.graphs[graph]->operators[i];
  }
  forge::EntryPointT& entry_point(size_t i = 0) { return *model.entry_points[i]; }

  // Index of the new tensor; -1 for an absent one. Constants go to a segment of weights, states to
  // one of initial values.
  int32_t add_tensor(const TensorSpec& spec);
  // A new segment; its place and hash are filled in by write_file.
  uint32_t add_segment(forge::SegmentKind kind, Bytes bytes);
  uint32_t add_graph();
  void add_operator(uint16_t code, forge::AttributesUnion attributes, std::vector<int32_t> inputs,
                    std::vector<int32_t> outputs, size_t graph = 0);
  // Makes a graph's ports, and an entry point that has the same.
  void set_ports(std::vector<int32_t> inputs, std::vector<int32_t> outputs, size_t graph = 0);
  void add_entry_point(const char* name, size_t graph = 0);
};

template <class T>
forge::AttributesUnion attributes(T table) {
  forge::AttributesUnion u;
  u.Set(std::move(table));
  return u;
}
inline forge::AttributesUnion no_attributes() { return attributes(forge::NoAttributesT()); }

// One operator: its operands are tensors 0, 1, ... (absent ones take no number), then its outputs.
// Activations among the inputs become the ports.
Draft one_operator(uint16_t code, forge::AttributesUnion attributes,
                   const std::vector<TensorSpec>& inputs, const std::vector<TensorSpec>& outputs);

// Lays out the segments (place, size, hash in model.segments).
void layout(Draft& draft);
// The file of a draft whose layout is done; header and hashes are right.
Bytes write_laid_out(const Draft& draft);
Bytes write_file(Draft draft);
// Makes the hashes of header and structure right again, as far as the header's fields allow.
void rehash(Bytes& file);

inline constexpr size_t kStructureStart = 64;

// Numbers inside a file's structure: to bend what the object API cannot express. Positions count
// from the start of the file.
class Raw {
 public:
  explicit Raw(Bytes& file) : file_(file) {}
  template <class T>
  T get(size_t at) const {
    T value{};
    if (at + sizeof value <= file_.size()) memcpy(&value, file_.data() + at, sizeof value);
    return value;
  }
  template <class T>
  void put(size_t at, T value) {
    if (at + sizeof value <= file_.size()) memcpy(file_.data() + at, &value, sizeof value);
  }
  size_t root() const { return kStructureStart + get<uint32_t>(kStructureStart); }
  size_t vtable(size_t table) const {
    return static_cast<size_t>(static_cast<int64_t>(table) - get<int32_t>(table));
  }
  // Place of a field in its table; `slot` is forge::<Table>::VT_<FIELD>.
  size_t field(size_t table, uint16_t slot) const {
    return table + get<uint16_t>(vtable(table) + slot);
  }
  size_t follow(size_t at) const { return at + get<uint32_t>(at); }
  // Place of element i of a vector of offsets.
  size_t element(size_t vector, size_t i) const { return vector + 4 + 4 * i; }
  size_t tensors() const { return follow(field(root(), forge::Model::VT_TENSORS)); }
  size_t tensor(size_t i) const { return follow(element(tensors(), i)); }
  size_t graph(size_t i) const {
    return follow(element(follow(field(root(), forge::Model::VT_GRAPHS)), i));
  }
  size_t op(size_t i, size_t g = 0) const {
    return follow(element(follow(field(graph(g), forge::Graph::VT_OPERATORS)), i));
  }

 private:
  Bytes& file_;
};

}  // namespace mote::test
