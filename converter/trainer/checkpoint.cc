#include "trainer/checkpoint.h"

#include <cstring>

#include "export/exporter.h"
#include "mote/train.h"
#include "trainer/failure.h"

namespace mote::trainer {
namespace {

// Calls f(tensor, info) for every state of a model.
template <class F>
void for_each_state(const Model& model, F f) {
  for (uint32_t t = 0; t < model.tensor_count(); ++t) {
    const TensorInfo& info = model.tensor(t);
    if (info.kind == TensorKind::state) f(t, info);
  }
}

}  // namespace

Checkpoint parse_checkpoint(Span<const uint8_t> bytes, const std::string& name,
                            Integrity integrity) {
  AlignedBytes aligned(bytes);
  LoadOptions options;
  options.integrity = integrity;
  Model model = require(Model::load(aligned.span(), training_operators(), options), name);
  Checkpoint checkpoint;
  checkpoint.position = parse_position(model.metadata(kPositionKey), name);
  for_each_state(model, [&](uint32_t, const TensorInfo& info) {
    // States of value zero take no room in the file: their size is believed only by who needs it.
    if (info.data == nullptr) {
      checkpoint.states[info.name] = nullptr;
      return;
    }
    const auto* data = static_cast<const uint8_t*>(info.data);
    checkpoint.states[info.name] = std::make_shared<const ir::Bytes>(data, data + info.max_bytes);
  });
  return checkpoint;
}

StateValues read_states(LoadedSession& loaded) {
  StateValues states;
  for_each_state(loaded.model(), [&](uint32_t t, const TensorInfo& info) {
    ir::Bytes bytes(static_cast<size_t>(info.max_bytes));
    require(loaded.session().read_state(t, {bytes.data(), bytes.size()}), info.name);
    states[info.name] = std::make_shared<const ir::Bytes>(std::move(bytes));
  });
  return states;
}

void write_states(LoadedSession& loaded, const StateValues& states, const std::string& name) {
  for_each_state(loaded.model(), [&](uint32_t t, const TensorInfo& info) {
    auto it = states.find(info.name);
    auto size = static_cast<size_t>(info.max_bytes);
    bool zero = it != states.end() && it->second == nullptr;
    if (it == states.end() || (!zero && it->second->size() != size)) {
      bad_input(name,
                std::string("the state '") + info.name +
                    (it == states.end() ? "' is missing" : "' has another size"),
                "the checkpoint is of another model");
    }
    ir::Bytes zeros(zero ? size : 0);
    const ir::Bytes& value = zero ? zeros : *it->second;
    require(loaded.session().write_state(t, {value.data(), value.size()}), info.name);
  });
}

std::vector<uint8_t> checkpoint_bytes(ir::Module& module, const StateValues& states,
                                      const Position& position) {
  Diagnostics diagnostics;
  set_state_values(module, states);
  refresh_derived(module, diagnostics);
  module.metadata[kPositionKey] = position_text(position);
  std::vector<uint8_t> bytes = export_module(module, diagnostics);
  require(diagnostics);
  return bytes;
}

}  // namespace mote::trainer
