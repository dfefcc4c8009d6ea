// The exponential moving average of each batch's smallest and largest value: rare outliers move the
// range little. Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient
// Integer-Arithmetic-Only Inference", section 3.1.
#include "quantize/observers/observer.h"

namespace mote {
namespace {

// The share of a new batch. PyTorch's averaging_constant is 0.01, for thousands of batches; with
// the 16 of 512 samples the first one alone would decide.
constexpr double kShare = 0.1;

class MovingAverage final : public Observer {
 public:
  void observe(Span<const float> values) override { batch_.include(range_of(values)); }

  void end_batch() override {
    if (batch_.empty()) return;
    double share = batches_++ == 0 ? 1 : kShare;
    min_ += share * (static_cast<double>(batch_.min) - min_);
    max_ += share * (static_cast<double>(batch_.max) - max_);
    batch_ = {};
  }

  ValueRange range() const override {
    if (batches_ == 0) return batch_;
    return {static_cast<float>(min_), static_cast<float>(max_)};
  }

 private:
  ValueRange batch_;
  int64_t batches_ = 0;
  double min_ = 0, max_ = 0;
};

}  // namespace

std::unique_ptr<Observer> make_moving_average() { return std::make_unique<MovingAverage>(); }

}  // namespace mote
