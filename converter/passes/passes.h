// Rewriting of graphs between import and export. Each pass is one file with one test; their order
// stands in passes.cc alone.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

struct Pass {
  const char* name;
  void (*run)(ir::Graph&, Diagnostics&);
  bool optimization;               // left out when ConvertOptions::optimize is off
  bool merges_parameters = false;  // left out when the result is to be trained
};

Span<const Pass> passes();

// Runs the list over every graph; stops after the first pass that adds a diagnostic.
void run_passes(ir::Module& module, bool optimize, Diagnostics& diagnostics,
                bool trainable = false);

// Operators that do nothing disappear; reshapes of reshapes become one.
void canonicalize(ir::Graph& graph, Diagnostics& diagnostics);
// Recomputes the bounds of every activation from the inputs'.
void infer_shapes(ir::Graph& graph, Diagnostics& diagnostics);
// Operators on constants become constants.
void fold_constants(ir::Graph& graph, Diagnostics& diagnostics);
// Activations that are spelled out in arithmetic become operators.
void fuse_patterns(ir::Graph& graph, Diagnostics& diagnostics);
// Zeros around the input of a convolution become its pads.
void fuse_padding(ir::Graph& graph, Diagnostics& diagnostics);
// What stands between dequantize and quantize becomes an operator on integers.
void fuse_qdq(ir::Graph& graph, Diagnostics& diagnostics);
// Notes at float constants go (ir/stored_scales.h).
void forget_stored_scales(ir::Graph& graph, Diagnostics& diagnostics);
// An activation moves into the operator before it where the result keeps its bits.
void fuse_activations(ir::Graph& graph, Diagnostics& diagnostics);
// batch_norm, and products and sums with a constant per channel, become part of the convolution or
// dense layer before them.
void fuse_batch_norm(ir::Graph& graph, Diagnostics& diagnostics);
// Transposes move through the graph to where they cancel: what is left of another layout than
// channels-last stands at the ports. A value that exists in another layout alone is named
// NAME/PERMUTATION: transposed by it, it is the value NAME.
void channels_last(ir::Graph& graph, Diagnostics& diagnostics);
// Nodes whose results nothing reads, and values that nothing names.
void remove_dead(ir::Graph& graph, Diagnostics& diagnostics);
// Reports what the runtime would refuse, with its place.
void legalize(ir::Graph& graph, Diagnostics& diagnostics);

}  // namespace mote
