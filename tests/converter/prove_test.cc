// The comparison of a conversion with its source, value by value.
#include <gtest/gtest.h>

#include <algorithm>

#include "mote/converter.h"
#include "onnx_builder.h"

namespace mote::test {
namespace {

// Two convolutions of [1, 2, 4, 4]: what lies between them is kept channels last.
std::vector<uint8_t> two_convolutions() {
  OnnxBuilder b;
  b.input("x", {1, 2, 4, 4});
  std::vector<float> weights(3 * 2 * 3 * 3), more(2 * 3);
  for (size_t i = 0; i < weights.size(); ++i) weights[i] = 0.25f * static_cast<float>(i % 7) - 0.5f;
  for (size_t i = 0; i < more.size(); ++i) more[i] = static_cast<float>(i) - 2;
  b.constant(OnnxBuilder::floats("w", {3, 2, 3, 3}, weights));
  b.constant(OnnxBuilder::floats("v", {2, 3, 1, 1}, more));
  b.node("Conv", {"x", "w"}, {"between"});
  b.node("Sigmoid", {"between"}, {"squashed"});
  b.node("Conv", {"squashed", "v"}, {"y"});
  b.output("y");
  return b.finish();
}

ProofCase ramp() {
  ProofCase c;
  c.shapes.push_back(Shape{{1, 2, 4, 4}, 4});
  std::vector<float> x(32);
  for (size_t i = 0; i < x.size(); ++i) x[i] = 0.1f * static_cast<float>(i) - 1.5f;
  const auto* p = reinterpret_cast<const uint8_t*>(x.data());
  c.inputs.emplace_back(p, p + x.size() * sizeof(float));
  return c;
}

std::string names_of(const ProofResult& proof) {
  std::string text;
  for (const LayerError& layer : proof.layers) text += "'" + layer.name + "' ";
  return text;
}

TEST(Prove, ComparesValuesThatAreKeptInAnotherLayout) {
  const std::vector<uint8_t> source = two_convolutions();
  const ProofResult proof = prove({source.data(), source.size()}, {}, {ramp()});
  ASSERT_TRUE(proof.ok());
  for (const char* name : {"node 0 (Conv)/conv2d", "squashed", "y"}) {
    auto named = [&](const LayerError& layer) { return layer.name == name; };
    auto found = std::find_if(proof.layers.begin(), proof.layers.end(), named);
    ASSERT_NE(found, proof.layers.end()) << name << " in " << names_of(proof);
    EXPECT_GT(found->elements, 0u) << name;
    // Sums of 18 products in another order.
    EXPECT_LE(found->max_error, 1e-5) << name;
  }
}

}  // namespace
}  // namespace mote::test
