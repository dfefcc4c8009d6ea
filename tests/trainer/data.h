// Small data sets and models for the trainer's tests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "mote/trainer.h"
#include "trainer/random.h"

namespace mote::test {

namespace fs = std::filesystem;

// Pictures of 8x8 whose class is the quarter that is bright; noise elsewhere.
inline Dataset quarters(size_t samples, uint64_t seed = 1) {
  Dataset data;
  data.name = "quarters";
  data.sample_shape = {8, 8, 1};
  for (uint32_t s = 0; s < samples; ++s) {
    trainer::Random random(seed, trainer::Stream::order, s);
    auto label = static_cast<int32_t>(random.below(1000, 4));
    data.labels.push_back(label);
    for (uint32_t i = 0; i < 64; ++i) {
      bool bright = static_cast<int32_t>(i / 32 * 2 + i % 8 / 4) == label;
      data.pixels.push_back(static_cast<uint8_t>(random.bits(i) % 120 + (bright ? 90 : 0)));
    }
  }
  return data;
}

// Every kind of parameter: convolution, batch norm, dropout, dense.
inline Sequential small_cnn() {
  Sequential model({8, 8, 1});
  model.conv2d(4, 3, {.padding = 1, .bias = false}).batch_norm().relu().max_pool2d(2);
  model.depthwise_conv2d(3, {.padding = 1}).relu().flatten().dropout(0.25f).dense(4);
  return model;
}

inline FitOptions small_options() {
  FitOptions o;
  o.recipe = "small";
  o.epochs = 3;
  o.seed = 5;
  o.training.train_batch = 16;
  o.training.optimizer = Optimizer::adam;
  o.schedule = {Schedule::Kind::one_cycle, 0.01, 0, 0.25};
  o.normalization = {{0.3f}, {0.25f}};
  o.flips = false;
  o.checkpoint_seconds = 0;
  return o;
}

// A folder that is removed at the end.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = testing::TempDir() + "/mote_trainer_XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return (path / name).string(); }
};

inline std::vector<uint8_t> bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The message of the TrainingError that `f` throws; empty without one.
template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const TrainingError& error) {
    return error.what();
  }
  return {};
}

}  // namespace mote::test
