#include "passes/passes.h"

namespace mote {
namespace {

constexpr Pass kPasses[] = {
    {"infer_shapes", infer_shapes, false},
    {"canonicalize", canonicalize, true},
    {"fold_constants", fold_constants, true},
    {"fuse_patterns", fuse_patterns, true},
    {"fuse_qdq", fuse_qdq, true, true},
    {"forget_stored_scales", forget_stored_scales, false},
    // Weights to integers.
    {"fold_constants", fold_constants, true},
    {"channels_last", channels_last, true},
    // Transposes may have become reshapes that meet others.
    {"canonicalize", canonicalize, true},
    {"fuse_padding", fuse_padding, true},
    {"fuse_batch_norm", fuse_batch_norm, true, true},
    {"fuse_activations", fuse_activations, true},
    {"remove_dead", remove_dead, false},
    {"infer_shapes", infer_shapes, false},
    {"legalize", legalize, false},
};

// Also over the graphs that nodes call, these first: they may be all that keeps a value.
void run_pass(const Pass& pass, ir::Graph& graph, Diagnostics& diagnostics) {
  for (ir::Node& node : graph.nodes)
    for (ir::Graph& called : node.graphs) run_pass(pass, called, diagnostics);
  pass.run(graph, diagnostics);
}

}  // namespace

Span<const Pass> passes() { return kPasses; }

void run_passes(ir::Module& module, bool optimize, Diagnostics& diagnostics, bool trainable) {
  size_t before = diagnostics.list().size();
  for (const Pass& pass : passes()) {
    if ((pass.optimization && !optimize) || (pass.merges_parameters && trainable)) continue;
    for (ir::Graph& graph : module.graphs) run_pass(pass, graph, diagnostics);
    if (diagnostics.list().size() != before) return;
  }
}

}  // namespace mote
