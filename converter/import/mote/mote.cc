#include "import/mote/mote.h"

#include "ir/op_view.h"
#include "model/model_impl.h"
#include "mote/model.h"
#include "mote/train.h"

namespace mote {
namespace {

class Importer {
 public:
  Importer(const Model& model, Diagnostics& diagnostics)
      : m_(*model.impl()), diagnostics_(diagnostics), data_(m_.tensors.size()) {}

  ir::Module run() {
    ir::Module module;
    for (const EntryPointInfo& entry : m_.entry_points) {
      module.graphs.push_back(graph(entry.graph, entry.name));
      add_ports(entry.inputs, &module.graphs.back().inputs);
      add_ports(entry.outputs, &module.graphs.back().outputs);
    }
    for (const DeriveDesc& derive : m_.derives) {
      std::string name = text_or_empty(m_.root->graphs()->Get(derive.graph)->name());
      module.derives.push_back(graph(derive.graph, name));
    }
    for (uint32_t i = 0; i < size_of(m_.root->metadata()); ++i) {
      const file::Metadata& entry = *m_.root->metadata()->Get(i);
      module.metadata[text_or_empty(entry.key())] = text_or_empty(entry.value());
    }
    return module;
  }

 private:
  ir::Graph graph(uint32_t index, std::string name) {
    ir::Graph out;
    out.name = std::move(name);
    values_.assign(m_.tensors.size(), ir::kNone);
    const GraphDesc& desc = m_.graphs[index];
    if (!desc.availability.ok()) {
      diagnostics_.add("entry point '" + out.name + "'", ir::describe_status(desc.availability));
      return out;
    }
    // Inputs first: an unused one is in no operator.
    for (int32_t t : desc.inputs) value(out, t);
    for (uint32_t i = 0; i < desc.op_count; ++i) {
      const OpDesc& op = m_.ops[desc.first_op + i];
      ir::Node node;
      node.op = op.source->code();
      auto* attributes = static_cast<const uint8_t*>(op.view.attrs);
      node.attributes.assign(attributes, attributes + op.view.op->attributes_bytes);
      for (int32_t t : op.inputs) node.inputs.push_back(t < 0 ? ir::kNone : value(out, t));
      for (int32_t t : op.outputs) node.outputs.push_back(value(out, t));
      node.location = text_or_empty(op.source->location());
      for (uint32_t called : graphs_of(op)) node.graphs.push_back(called_graph(called));
      out.nodes.push_back(std::move(node));
    }
    return out;
  }

  ir::Graph called_graph(uint32_t index) {
    std::vector<ir::ValueId> callers = std::move(values_);
    ir::Graph out = graph(index, text_or_empty(m_.root->graphs()->Get(index)->name()));
    for (int32_t t : m_.graphs[index].inputs) add_port(out, t, &out.inputs);
    for (int32_t t : m_.graphs[index].outputs) add_port(out, t, &out.outputs);
    values_ = std::move(callers);
    return out;
  }

  void add_port(const ir::Graph& graph, int32_t tensor, std::vector<ir::Port>* out) {
    ir::ValueId id = values_[static_cast<size_t>(tensor)];
    out->push_back({graph.value(id).name, id});
  }

  // The value of a tensor in the graph at hand, added when it is first named.
  ir::ValueId value(ir::Graph& graph, int32_t tensor) {
    ir::ValueId& id = values_[static_cast<size_t>(tensor)];
    if (id != ir::kNone) return id;
    const TensorInfo& info = m_.tensors[static_cast<size_t>(tensor)];
    ir::Value v;
    v.name = info.name;
    v.type = info.type;
    v.kind = info.kind;
    v.shape = info.bounds;
    const Quantization& q = info.quantization;
    v.quantization.axis = q.axis;
    for (uint32_t i = 0; i < q.scale_count; ++i) {
      v.quantization.scales.push_back(q.scale(i));
      v.quantization.zero_points.push_back(q.zero_point(i));
    }
    v.data = data(tensor);
    return id = graph.add_value(std::move(v));
  }

  // Shared by all graphs that name the tensor.
  std::shared_ptr<const ir::Bytes> data(int32_t tensor) {
    const TensorInfo& info = m_.tensors[static_cast<size_t>(tensor)];
    std::shared_ptr<const ir::Bytes>& shared = data_[static_cast<size_t>(tensor)];
    if (info.data == nullptr || shared != nullptr) return shared;
    auto* bytes = static_cast<const uint8_t*>(info.data);
    return shared = std::make_shared<const ir::Bytes>(bytes, bytes + info.max_bytes);
  }

  void add_ports(Span<const PortInfo> ports, std::vector<ir::Port>* out) {
    for (const PortInfo& port : ports) out->push_back({port.name, values_[port.tensor]});
  }

  const ModelImpl& m_;
  Diagnostics& diagnostics_;
  std::vector<ir::ValueId> values_;                     // per tensor, of the graph at hand
  std::vector<std::shared_ptr<const ir::Bytes>> data_;  // per tensor
};

}  // namespace

ir::Module import_mote(Span<const uint8_t> bytes, Diagnostics& diagnostics) {
  // The loader wants 16-byte alignment, which the caller's bytes need not have.
  std::vector<uint8_t> memory(bytes.size + kArenaAlignment);
  auto address = reinterpret_cast<uintptr_t>(memory.data());
  uint8_t* aligned =
      memory.data() + (kArenaAlignment - address % kArenaAlignment) % kArenaAlignment;
  if (bytes.size != 0) memcpy(aligned, bytes.data, bytes.size);
  LoadOptions options;
  options.integrity = Integrity::full;
  Result<Model> model = Model::load({aligned, bytes.size}, training_operators(), options);
  if (!model.ok()) {
    diagnostics.add("the .mote file", ir::describe_status(model.status()));
    return {};
  }
  return Importer(model.value(), diagnostics).run();
}

}  // namespace mote
