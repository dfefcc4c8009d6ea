// A convolutional net with its training step, for the checks of memory.
#pragma once

#include "grad/networks.h"
#include "grad/training_module.h"
#include "support/built_model.h"

namespace mote::test {

struct TrainingModel {
  TrainingModel() {
    Diagnostics diagnostics;
    TrainingOptions options;
    options.train_batch = 12;
    options.optimizer = Optimizer::adam;
    SmallCnnOptions net;
    net.dropout = true;
    ir::Module module = make_training_module(SmallCnn(net).graph, options, diagnostics);
    bytes = AlignedBytes(export_module(module, diagnostics));
    EXPECT_EQ(diagnostics.text(), "");
    model = must(Model::load(bytes.span(), training_operators()));
    train = must(model.find_entry_point("train"));
    infer = must(model.find_entry_point("infer"));
  }

  // Fills every input; labels are zero.
  static void fill(Session& session, const Model& model, uint32_t entry) {
    const EntryPointInfo& info = model.entry_point(entry);
    for (uint32_t i = 0; i < info.inputs.size; ++i) {
      Span<uint8_t> memory = session.input(entry, i).value();
      memset(memory.data, 0, memory.size);
      if (model.tensor(info.inputs[i].tensor).type != Type::float32) continue;
      auto* values = reinterpret_cast<float*>(memory.data);
      for (size_t k = 0; k < memory.size / sizeof(float); ++k)
        values[k] = 0.01f + 0.001f * static_cast<float>(k % 97);
    }
  }

  AlignedBytes bytes;
  Model model;
  uint32_t train = 0, infer = 0;
};

}  // namespace mote::test
