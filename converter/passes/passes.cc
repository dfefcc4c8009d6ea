#include "passes/passes.h"

namespace mote {
namespace {

constexpr Pass kPasses[] = {
    {"infer_shapes", infer_shapes, false},
    {"canonicalize", canonicalize, true},
    {"fold_constants", fold_constants, true},
    {"channels_last", channels_last, true},
    // Transposes may have become reshapes that meet others.
    {"canonicalize", canonicalize, true},
    {"fuse_activations", fuse_activations, true},
    {"remove_dead", remove_dead, false},
    {"infer_shapes", infer_shapes, false},
    {"legalize", legalize, false},
};

}  // namespace

Span<const Pass> passes() { return kPasses; }

void run_passes(ir::Module& module, bool optimize, Diagnostics& diagnostics) {
  size_t before = diagnostics.list().size();
  for (const Pass& pass : passes()) {
    if (pass.optimization && !optimize) continue;
    for (ir::Graph& graph : module.graphs) pass.run(graph, diagnostics);
    if (diagnostics.list().size() != before) return;
  }
}

}  // namespace mote
