// Steps of SmallCnn's entry points by the evaluator.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "grad/freeze.h"
#include "ir/evaluator.h"

namespace mote::test {

constexpr int32_t kClasses = 4;

inline const ir::Graph& graph_of(const ir::Module& module, const std::string& name) {
  for (const ir::Graph& graph : module.graphs)
    if (graph.name == name) return graph;
  ADD_FAILURE() << "no entry point " << name;
  return module.graphs[0];
}

template <class T>
Evaluated evaluated(const std::vector<int32_t>& shape, const std::vector<T>& elements) {
  Evaluated e;
  e.shape = ir::shape_of(shape).max();
  e.bytes.resize(elements.size() * sizeof(T));
  memcpy(e.bytes.data(), elements.data(), e.bytes.size());
  return e;
}

inline Evaluated random_images(int32_t batch, uint32_t seed) {
  std::vector<float> x(static_cast<size_t>(batch) * 8 * 8 * 3);
  for (float& e : x) {
    seed = seed * 1664525 + 1013904223;  // Numerical Recipes
    e = static_cast<float>(seed >> 8) * 0x1p-23f - 1;
  }
  return evaluated({batch, 8, 8, 3}, x);
}
inline Evaluated labels_of(int32_t batch) {
  std::vector<int32_t> labels;
  for (int32_t i = 0; i < batch; ++i) labels.push_back(i % kClasses);
  return evaluated({batch}, labels);
}
inline Evaluated rate_of(float rate) { return evaluated({1}, std::vector<float>{rate}); }

inline std::vector<float> floats_of(const Evaluated& e) {
  auto* f = reinterpret_cast<const float*>(e.bytes.data());
  return {f, f + e.bytes.size() / sizeof(float)};
}

inline std::vector<Evaluated> run_graph(const ir::Graph& graph,
                                        const std::vector<Evaluated>& inputs) {
  Diagnostics diagnostics;
  std::vector<Evaluated> out = evaluate(graph, inputs, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  return out;
}

// Runs `train` on one fixed batch, keeps the states that it writes, and returns the loss.
inline float train_step(ir::Module& module, int32_t batch, float rate) {
  const ir::Graph& train = graph_of(module, "train");
  StateValues written;
  Diagnostics diagnostics;
  std::vector<Evaluated> out =
      evaluate(train, {random_images(batch, 3), labels_of(batch), rate_of(rate)}, diagnostics,
               Precision::as_is, [&](ir::ValueId id, const Evaluated& e) {
                 const ir::Value& v = train.value(id);
                 if (v.kind == TensorKind::state)
                   written[v.name] = std::make_shared<const ir::Bytes>(e.bytes);
               });
  EXPECT_EQ(diagnostics.text(), "");
  if (out.empty()) return NAN;
  set_state_values(module, written);
  return floats_of(out[0])[0];
}

}  // namespace mote::test
