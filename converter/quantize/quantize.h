// What the methods of quantization have in common, inside the converter.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"
#include "mote/converter.h"
#include "quantize/rewriter.h"
#include "quantize/samples.h"

namespace mote {

// A method rewrites `module.graphs[graph]` to int8. It fills in `result` but for the file. With
// options.trainable the nodes that compute int8 weights from states stand in the graph afterwards.
void quantize_post_training(ir::Module& module, size_t graph, const QuantizeOptions& options,
                            const Samples& samples, QuantizeResult* result,
                            Diagnostics& diagnostics);

}  // namespace mote
