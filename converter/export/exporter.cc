#include "export/exporter.h"

#include <algorithm>
#include <set>

#include "base/checked.h"
#include "base/hash.h"
#include "export/attributes.h"
#include "export/segment_builder.h"
#include "ir/op_view.h"
#include "model/container.h"

namespace mote {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
template <class T>
using Offsets = std::vector<flatbuffers::Offset<T>>;

constexpr uint32_t kNoSegment = UINT32_MAX;

struct PendingTensor {
  const ir::Value* value = nullptr;
  uint32_t segment = kNoSegment;
  uint64_t offset = 0;
};

bool all_zero(const ir::Bytes& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t b) { return b == 0; });
}

// Names of one entry point's ports: never empty, each once.
std::string unique_name(std::string name, const char* fallback, std::set<std::string>* taken) {
  if (name.empty()) name = fallback;
  std::string candidate = name;
  for (int i = 1; !taken->insert(candidate).second; ++i) candidate = name + "_" + std::to_string(i);
  return candidate;
}

class Exporter {
 public:
  Exporter(const ir::Module& module, Diagnostics& diagnostics)
      : module_(module), diagnostics_(diagnostics) {
    for (const ir::Graph& graph : module.graphs) all_.push_back(&graph);
    for (const ir::Graph& graph : module.derives) all_.push_back(&graph);
    for (size_t g = 0; g < all_.size(); ++g) number_called(*all_[g]);
  }

  std::vector<uint8_t> run() {
    size_t before = diagnostics_.list().size();
    number_tensors();
    for (size_t g = 0; g < all_.size(); ++g) {
      write_graph(g, g < module_.graphs.size());
      bool derive =
          g >= module_.graphs.size() && g - module_.graphs.size() < module_.derives.size();
      if (derive) write_derive(g);
    }
    if (diagnostics_.list().size() != before) return {};
    return assemble();
  }

 private:
  void number_called(const ir::Graph& graph) {
    for (const ir::Node& node : graph.nodes) {
      for (const ir::Graph& called : node.graphs) {
        called_[&called] = static_cast<uint32_t>(all_.size());
        all_.push_back(&called);
      }
    }
  }

  // Tensors are numbered over all graphs; a state is one tensor wherever its name stands.
  void number_tensors() {
    std::map<std::string, int32_t> states;
    for (const ir::Graph* graph : all_) {
      std::vector<int32_t>& numbers = numbers_.emplace_back();
      for (const ir::Value& v : graph->values) {
        auto next = static_cast<int32_t>(tensors_.size());
        if (v.kind == TensorKind::state) {
          auto [it, inserted] = states.emplace(v.name, next);
          numbers.push_back(it->second);
          if (!inserted) continue;
        } else {
          numbers.push_back(next);
        }
        tensors_.push_back(place(v));
      }
    }
  }

  PendingTensor place(const ir::Value& v) {
    PendingTensor t{&v};
    if (v.kind == TensorKind::activation) return t;
    if (!v.data) {
      if (v.kind == TensorKind::constant)
        diagnostics_.add("tensor '" + v.name + "'", "a constant without data");
      return t;
    }
    if (max_bytes_of(v.shape, v.type) != static_cast<int64_t>(v.data->size())) {
      diagnostics_.add(
          "tensor '" + v.name + "'",
          "its data have " + std::to_string(v.data->size()) + " bytes, which do not fit its shape");
      return t;
    }
    bool is_state = v.kind == TensorKind::state;
    // Tensors may share their data: each is hashed once.
    auto [it, inserted] = placed_.try_emplace({v.data.get(), is_state});
    if (inserted) {
      PendingTensor& p = it->second;
      if (!is_state || !all_zero(*v.data)) {
        p.segment = is_state ? 1 : 0;  // renumbered when the weights' segment is empty
        p.offset = (is_state ? states_ : weights_).add(*v.data);
      }
    }
    t.segment = it->second.segment;
    t.offset = it->second.offset;
    return t;
  }

  flatbuffers::Offset<file::Tensor> write_tensor(const PendingTensor& t) {
    const ir::Value& v = *t.value;
    auto name = builder_.CreateSharedString(v.name);
    std::vector<file::Dim> dims;
    for (int i = 0; i < v.shape.rank; ++i)
      dims.emplace_back(v.shape.dims[i].min, v.shape.dims[i].max);
    auto shape = builder_.CreateVectorOfStructs(dims);
    flatbuffers::Offset<file::Quantization> quantization = 0;
    if (v.quantization.quantized()) quantization = write_quantization(v.quantization);
    uint32_t segment = t.segment == 1 && weights_.size() == 0 ? 0 : t.segment;
    return file::CreateTensor(builder_, name, static_cast<file::Type>(v.type),
                              static_cast<file::Kind>(v.kind), shape, quantization, segment,
                              t.offset);
  }

  flatbuffers::Offset<file::Quantization> write_quantization(const ir::Quantization& q) {
    bool zeros =
        std::all_of(q.zero_points.begin(), q.zero_points.end(), [](int32_t z) { return z == 0; });
    auto scales = builder_.CreateVector(q.scales);
    flatbuffers::Offset<flatbuffers::Vector<int32_t>> zero_points = 0;
    if (!zeros) zero_points = builder_.CreateVector(q.zero_points);
    return file::CreateQuantization(builder_, scales, zero_points,
                                    q.scales.size() > 1 ? q.axis : -1);
  }

  int32_t number(size_t g, ir::ValueId v) const {
    return v == ir::kNone ? -1 : numbers_[g][static_cast<size_t>(v)];
  }
  std::vector<int32_t> numbers(size_t g, const std::vector<ir::ValueId>& values) const {
    std::vector<int32_t> out;
    for (ir::ValueId v : values) out.push_back(number(g, v));
    return out;
  }

  flatbuffers::Offset<flatbuffers::Vector<uint32_t>> write_calls(const ir::Node& node) {
    if (node.graphs.empty()) return 0;
    std::vector<uint32_t> graphs;
    for (const ir::Graph& called : node.graphs) graphs.push_back(called_.at(&called));
    return builder_.CreateVector(graphs);
  }

  // Without an entry point: derive graphs and those that operators call.
  void write_graph(size_t g, bool has_entry_point) {
    const ir::Graph& graph = *all_[g];
    Offsets<file::Operator> operators;
    for (const ir::Node& node : graph.nodes) {
      auto attributes = write_attributes(builder_, node);
      if (!attributes) {
        diagnostics_.add(node.location,
                         "operator code " + std::to_string(node.op) + " has no form in the file");
        continue;
      }
      auto inputs = builder_.CreateVector(numbers(g, node.inputs));
      auto outputs = builder_.CreateVector(numbers(g, node.outputs));
      auto calls = write_calls(node);
      auto location = builder_.CreateString(node.location);
      operators.push_back(file::CreateOperator(builder_, node.op, 1, inputs, outputs,
                                               attributes->kind, attributes->table, calls,
                                               location));
    }
    std::vector<int32_t> inputs, outputs;
    auto in = write_ports(g, graph.inputs, "input", &inputs);
    auto out = write_ports(g, graph.outputs, "output", &outputs);
    graphs_.push_back(
        file::CreateGraphDirect(builder_, graph.name.c_str(), &inputs, &outputs, &operators));
    if (!has_entry_point) return;
    std::string name = unique_name(graph.name, "infer", &entry_names_);
    entries_.push_back(
        file::CreateEntryPointDirect(builder_, name.c_str(), static_cast<uint32_t>(g), &in, &out));
  }

  // The states that its operators read and write.
  void write_derive(size_t g) {
    std::set<int32_t> sources, targets;
    for (const ir::Node& node : all_[g]->nodes) {
      const Operator* op = ir::find_operator(node.op);
      if (op == nullptr || (op->flags & (kReadsState | kWritesState)) == 0) continue;
      std::set<int32_t>& states = (op->flags & kWritesState) != 0 ? targets : sources;
      for (size_t i = 0; i < op->states && i < node.inputs.size(); ++i)
        states.insert(number(g, node.inputs[i]));
    }
    std::vector<int32_t> from(sources.begin(), sources.end()), to(targets.begin(), targets.end());
    derives_.push_back(file::CreateDeriveDirect(builder_, static_cast<uint32_t>(g), &from, &to));
  }

  Offsets<file::Port> write_ports(size_t g, const std::vector<ir::Port>& ports,
                                  const char* fallback, std::vector<int32_t>* tensors) {
    Offsets<file::Port> out;
    std::set<std::string> taken;
    for (const ir::Port& port : ports) {
      tensors->push_back(number(g, port.value));
      std::string name = unique_name(port.name, fallback, &taken);
      out.push_back(file::CreatePortDirect(builder_, name.c_str(), tensors->back()));
    }
    return out;
  }

  // FlatBuffers writes from the back, so that sizes are only known afterwards: the segments'
  // offsets and hashes are filled in through the mutable table.
  std::vector<uint8_t> assemble() {
    Offsets<file::Tensor> tensors;
    for (const PendingTensor& t : tensors_) tensors.push_back(write_tensor(t));
    std::vector<file::Segment> segments;
    std::vector<const SegmentBuilder*> contents;
    auto add = [&](const SegmentBuilder& s, file::SegmentKind kind) {
      if (s.size() == 0) return;
      segments.emplace_back(0, s.size(), 0, static_cast<uint32_t>(kind), 0);
      contents.push_back(&s);
    };
    add(weights_, file::SegmentKind::weights);
    add(states_, file::SegmentKind::state);
    Offsets<file::Metadata> metadata;
    for (const auto& [key, value] : module_.metadata)
      metadata.push_back(file::CreateMetadataDirect(builder_, key.c_str(), value.c_str()));
    auto root = file::CreateModel(
        builder_, kStructureVersion, builder_.CreateVector(tensors), builder_.CreateVector(graphs_),
        builder_.CreateVector(entries_), builder_.CreateVectorOfStructs(segments),
        builder_.CreateVector(metadata), builder_.CreateString("mote converter"),
        derives_.empty() ? 0 : builder_.CreateVector(derives_));
    builder_.Finish(root, "MOTE");
    return wrap(contents);
  }

  std::vector<uint8_t> wrap(const std::vector<const SegmentBuilder*>& contents) {
    size_t structure_bytes = builder_.GetSize(), end = kHeaderBytes + structure_bytes;
    std::vector<uint64_t> offsets;
    for (const SegmentBuilder* s : contents) {
      offsets.push_back(round_up(end, kSegmentAlignment));
      end = offsets.back() + s->size();
    }
    std::vector<uint8_t> bytes(end, 0);
    auto* segments = const_cast<flatbuffers::Vector<const file::Segment*>*>(
        file::GetModel(builder_.GetBufferPointer())->segments());
    for (uint32_t i = 0; i < contents.size(); ++i) {
      uint8_t* at = bytes.data() + offsets[i];
      contents[i]->copy_to(at);
      auto* s = const_cast<file::Segment*>(segments->Get(i));
      *s = file::Segment(offsets[i], s->bytes(), xxh64(at, s->bytes()), s->kind(), 0);
    }
    memcpy(bytes.data() + kHeaderBytes, builder_.GetBufferPointer(), structure_bytes);
    Header header{};
    memcpy(header.magic, kMagic, sizeof kMagic);
    header.container_version = kContainerVersion;
    header.header_bytes = kHeaderBytes;
    header.file_bytes = end;
    header.structure_offset = kHeaderBytes;
    header.structure_bytes = structure_bytes;
    header.structure_hash = xxh64(bytes.data() + kHeaderBytes, structure_bytes);
    header.header_hash = xxh64(&header, offsetof(Header, header_hash));
    memcpy(bytes.data(), &header, sizeof header);
    return bytes;
  }

  const ir::Module& module_;
  // Those of the entry points, the derive graphs, then those that nodes call.
  std::vector<const ir::Graph*> all_;
  std::map<const ir::Graph*, uint32_t> called_;  // their places in all_
  Diagnostics& diagnostics_;
  Builder builder_;
  SegmentBuilder weights_, states_;
  std::vector<PendingTensor> tensors_;
  std::map<std::pair<const ir::Bytes*, bool>, PendingTensor> placed_;
  std::vector<std::vector<int32_t>> numbers_;  // graph, value -> tensor
  std::set<std::string> entry_names_;
  Offsets<file::Graph> graphs_;
  Offsets<file::EntryPoint> entries_;
  Offsets<file::Derive> derives_;
};

}  // namespace

std::vector<uint8_t> export_module(const ir::Module& module, Diagnostics& diagnostics) {
  return Exporter(module, diagnostics).run();
}

}  // namespace mote
