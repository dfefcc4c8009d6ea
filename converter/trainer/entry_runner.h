// One entry point of a classifier: samples in, loss and predictions out.
#pragma once

#include <optional>
#include <vector>

#include "trainer/batches.h"
#include "trainer/loaded_session.h"

namespace mote::trainer {

struct BatchResult {
  double loss = 0;  // mean of the batch; 0 without an output "loss"
  size_t correct = 0;
};

// The first input takes samples, "target" labels, "learning_rate" a rate; "loss" and the first
// other output are read. float32 or quantized ports.
class EntryRunner {
 public:
  // Throws bad_input when the entry point is none of a classifier.
  EntryRunner(LoadedSession& loaded, const std::string& entry_point);

  std::vector<int32_t> sample_shape() const;  // without the batch
  int32_t classes() const { return classes_; }
  int32_t batch() const { return batch_; }  // the most samples of a run
  bool has_loss() const { return loss_.has_value(); }

  // Runs samples of `data`, at most batch(). Where the batch is fixed and larger, the last sample
  // is repeated; the loss then is that of all and `correct` counts the given ones.
  // A status that is not ok leaves the states unchanged.
  Status run(const Dataset& data, const SampleWriter& writer, const uint32_t* samples,
             const uint8_t* flips, size_t count, float rate, BatchResult* result);
  bool is_fixed_batch() const { return fixed_; }
  // The predicted classes of the last run.
  const std::vector<int32_t>& predictions() const { return predictions_; }

 private:
  void read_ports();
  void set_batch(int32_t count);
  void write_samples(const SampleWriter& writer, const uint32_t* samples, const uint8_t* flips,
                     size_t count, size_t padded);
  void read_predictions(size_t count);

  LoadedSession& loaded_;
  uint32_t entry_;
  std::optional<uint32_t> target_, rate_, loss_;
  uint32_t output_ = 0;
  ShapeBounds input_shape_;
  int32_t batch_ = 1, current_ = 0, classes_ = 0;
  bool fixed_ = true;
  size_t elements_ = 1;
  std::vector<float> buffer_, scores_;
  std::vector<int32_t> labels_, predictions_;
};

}  // namespace mote::trainer
