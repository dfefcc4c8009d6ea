// The smallest and the largest value of all runs: nothing that was seen is ever clipped.
#include "quantize/observers/observer.h"

namespace mote {
namespace {

class MinMax final : public Observer {
 public:
  void observe(Span<const float> values) override { range_.include(range_of(values)); }
  ValueRange range() const override { return range_; }

 private:
  ValueRange range_;
};

}  // namespace

std::unique_ptr<Observer> make_min_max() { return std::make_unique<MinMax>(); }

}  // namespace mote
