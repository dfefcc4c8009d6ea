// Gradients against central differences, both in double.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ir/evaluator.h"
#include "ir/graph.h"
#include "ops/attributes.h"

namespace mote::test {

// A graph with the data of its inputs; equal on every machine for one seed.
class GradientCase {
 public:
  using ValueId = ir::ValueId;
  explicit GradientCase(uint32_t seed);

  // Uniform in [low, high].
  int32_t integer(int32_t low, int32_t high);
  bool coin() { return integer(0, 1) == 1; }
  double real(double low, double high);
  std::vector<int32_t> shape(int rank, int32_t largest = 4);
  template <class T>
  const T& pick(const std::vector<T>& list) {
    return list[static_cast<size_t>(integer(0, static_cast<int32_t>(list.size()) - 1))];
  }
  std::vector<int32_t> permutation(int32_t count);

  // Inputs that get a gradient: given elements, or uniform ones.
  ValueId input(const std::vector<int32_t>& shape, const std::vector<double>& elements);
  ValueId input(const std::vector<int32_t>& shape, double low = -1, double high = 1);
  // Elements step * (integer + offset), integer uniform in [-range, range].
  ValueId lattice(const std::vector<int32_t>& shape, double step, double offset, int32_t range);
  // An input of integers, and one of float32, without gradient.
  ValueId integers(const std::vector<int32_t>& shape, int32_t low, int32_t high);
  ValueId fixed(const std::vector<int32_t>& shape);

  // Appends an operator on the inputs and earlier results; false when it refuses its operands.
  template <class Attrs>
  bool add(uint16_t op, const Attrs& attrs, std::vector<ValueId> inputs, size_t outputs = 1) {
    ir::Node node;
    node.set_attrs(attrs);
    return add(op, node.attributes, std::move(inputs), outputs);
  }
  bool add(uint16_t op, ir::Bytes attributes, std::vector<ValueId> inputs, size_t outputs = 1);
  ValueId result(size_t i = 0) const { return graph.nodes.back().outputs[i]; }
  // The results of the last operator that the loss is made of; all others are not read.
  void use_results(std::vector<size_t> results) { used_ = std::move(results); }

  // Empty when the gradients of all inputs agree with central differences; else the first that
  // does not. The loss is the sum of the used results times fixed random numbers.
  std::string check();

  ir::Graph graph;
  std::vector<Evaluated> inputs;
  std::vector<ValueId> targets;

 private:
  ValueId add_input(Type type, const std::vector<int32_t>& shape, ir::Bytes bytes);
  ValueId add_loss();

  std::mt19937 engine_;
  std::vector<size_t> used_{0};
};

// Gradients of `loss`, a value of `graph` with one element, by the inputs `targets`, against
// differences of at most `elements` elements of each. `inputs` of the graph, in double.
std::string check_gradients(const ir::Graph& graph, ir::ValueId loss,
                            const std::vector<ir::ValueId>& targets,
                            const std::vector<Evaluated>& inputs, size_t elements);

}  // namespace mote::test
