// Calibration data in the form that an entry point takes: cut into runs of one batch each.
#pragma once

#include <vector>

#include "diagnostics.h"
#include "ir/evaluator.h"
#include "mote/converter.h"

namespace mote {

class Samples {
 public:
  // At most `limit` samples, spread evenly over `data`. Complains about data that do not fit the
  // graph's inputs, or are not finite; empty then.
  Samples(const ir::Graph& graph, const CalibrationData& data, size_t limit,
          Diagnostics& diagnostics);

  // The same samples for a graph of the same inputs, of which some became int8.
  Samples with_ports_of(const ir::Graph& graph) const;

  size_t count() const { return chosen_.size(); }
  bool empty() const { return chosen_.empty(); }
  // How many samples one run may take: 1, unless the first dimension of every input is a dynamic
  // batch.
  size_t largest_batch() const { return largest_batch_; }
  // The shapes of the inputs for a run of `batch` samples.
  std::vector<Shape> shapes(size_t batch) const;
  // The inputs of a run of samples first ... first + batch - 1, raw elements of their types.
  std::vector<ir::Bytes> inputs(size_t first, size_t batch) const;

 private:
  struct Input {
    Type type;
    Shape shape;      // of one sample
    bool is_batched;  // the first dimension counts samples
    int64_t elements;
    const std::vector<float>* values;
    ir::Quantization quantization;
  };
  static void append(ir::Bytes& bytes, const Input& input, float v);
  bool add_input(const ir::Graph& graph, const ir::Port& port, const std::vector<float>& values,
                 Diagnostics& diagnostics);

  std::vector<Input> inputs_;
  std::vector<size_t> chosen_;
  size_t largest_batch_ = 1;
};

}  // namespace mote
