#include "grad/rebatch.h"

#include "ops/attributes.h"
#include "passes/passes.h"

namespace mote {
namespace {

void free_reshape(const ShapeBounds& x, ir::Node& node) {
  auto a = node.attrs<ReshapeAttrs>();
  if (a.count == 0 || x.rank == 0 || a.shape[0] != x.dims[0].max) return;
  a.shape[0] = 0;
  node.set_attrs(a);
}

void free_slice(const ShapeBounds& x, ir::Node& node) {
  auto a = node.attrs<StridedSliceAttrs>();
  bool whole = a.count > 0 && x.rank > 0 && a.begin[0] == 0 && a.strides[0] == 1 &&
               a.end[0] >= x.dims[0].max && (a.shrink_mask & 1) == 0;
  if (!whole) return;
  a.end_mask |= 1;
  node.set_attrs(a);
}

}  // namespace

void set_batch(ir::Graph& graph, Dim batch, Diagnostics& diagnostics) {
  std::vector<bool> batched(graph.values.size(), false);
  for (const ir::Port& port : graph.inputs) batched[static_cast<size_t>(port.value)] = true;
  for (ir::Node& node : graph.nodes) {
    bool any = false;
    for (ir::ValueId v : node.inputs)
      any = any || (v != ir::kNone && batched[static_cast<size_t>(v)]);
    if (!any) continue;
    for (ir::ValueId v : node.outputs) batched[static_cast<size_t>(v)] = true;
    const ShapeBounds& x = graph.value(node.inputs[0]).shape;
    if (node.op == op_code::reshape) free_reshape(x, node);
    if (node.op == op_code::strided_slice) free_slice(x, node);
  }
  for (const ir::Port& port : graph.inputs) {
    ir::Value& v = graph.value(port.value);
    if (v.shape.rank == 0)
      diagnostics.add("input '" + port.name + "'", "it has no dimension for the batch");
    v.shape.dims[0] = batch;
  }
  infer_shapes(graph, diagnostics);
}

}  // namespace mote
