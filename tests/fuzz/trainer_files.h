// One file of every kind that the trainer reads, whole: seeds, and what the fuzzer edits.
#pragma once

#include <string>
#include <vector>

#include "grad/training_module.h"
#include "trainer/build_graph.h"
#include "trainer/checkpoint.h"

namespace mote::test {

using Bytes = std::vector<uint8_t>;

inline Bytes text(const std::string& s) { return {s.begin(), s.end()}; }

// Three pictures of 2x2 and their labels; 28 of 39 bytes are the pictures.
inline Bytes idx() {
  return {184, 0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 2,
          3,   4, 5, 6, 7, 8, 9, 1, 2, 0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2};
}

inline trainer::Position position() {
  trainer::Position p;
  p.settings = {{"recipe", "small"}, {"seed", "1"}};
  p.epoch = 1;
  p.step = 2;
  p.history = {{1, 0.5, 0.6, 0.7, 0.8, 0.1}};
  return p;
}

inline Bytes checkpoint() {
  Sequential model({4, 4, 1});
  model.conv2d(2, 3).relu().flatten().dense(2);
  Diagnostics diagnostics;
  ir::Module module = make_training_module(trainer::build_graph(model, 1), {}, diagnostics);
  return trainer::checkpoint_bytes(module, {}, position());
}

// By the number that chooses the reader in fuzz_trainer.
inline std::vector<Bytes> trainer_files() {
  return {idx(), checkpoint(), text(trainer::position_text(position())),
          text(normalization_text({}))};
}

}  // namespace mote::test
