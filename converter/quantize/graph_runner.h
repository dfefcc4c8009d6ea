// Runs an entry point on the runtime's own kernels with values inside it as outputs: for
// calibration and for comparing with the float model.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "diagnostics.h"
#include "ir/graph.h"
#include "quantize/samples.h"

namespace mote {

struct GraphSession;

class GraphRunner {
 public:
  // Sees value `observed[i]` after a run: its elements, all of one type.
  using See = std::function<void(size_t i, Span<const uint8_t> bytes)>;

  // `observed`: activations of `module.graphs[graph]`, written by nodes or given as inputs.
  GraphRunner(const ir::Module& module, size_t graph, std::vector<ir::ValueId> observed);
  ~GraphRunner();

  // Hears after a run how many samples are done.
  using Done = std::function<void(size_t samples)>;

  // Runs `limit` samples; false and diagnostics on an error.
  bool run(const Samples& samples, size_t limit, const See& see, Diagnostics& diagnostics,
           const Done& done = {});

 private:
  std::unique_ptr<GraphSession> session(const std::vector<Shape>& shapes,
                                        Diagnostics& diagnostics) const;

  const ir::Module& module_;
  size_t graph_;
  std::vector<ir::ValueId> observed_;
};

}  // namespace mote
