#include "passes/layout/flatten.h"

#include "passes/layout/permutation.h"
#include "passes/rewrite.h"

namespace mote::layout {
namespace {

// The first of the last dimensions of `x` that together are `size` elements; -1: there is none.
int32_t first_of_last(const ShapeBounds& x, int64_t size) {
  int64_t product = 1;
  for (int32_t i = x.rank; i-- > 0;) {
    if (!x.dims[i].is_static()) return -1;
    product *= x.dims[i].max;
    if (product == size) return i;
    if (product > size) return -1;
  }
  return -1;
}

// Nodes that are read by one node alone: transpose, reshape, fully_connected.
struct Chain {
  size_t transpose, reshape, reader;
};

class Flattener {
 public:
  explicit Flattener(ir::Graph& graph)
      : graph_(graph), producer_(ir::producers(graph)), uses_(ir::use_counts(graph)) {}

  void run() {
    std::vector<bool> dropped(graph_.nodes.size(), false);
    for (size_t n = 0; n < graph_.nodes.size(); ++n) {
      Chain chain{};
      if (!find(n, &chain) || !move(chain)) continue;
      dropped[chain.transpose] = true;
    }
    drop_nodes(graph_, dropped);
  }

 private:
  bool used_once(ir::ValueId v) const { return uses_[static_cast<size_t>(v)] == 1; }

  // The producer of the node's operand 0, if that is an operator `op` that nobody else reads.
  bool before(size_t n, uint16_t op, size_t* out) const {
    ir::ValueId x = graph_.nodes[n].inputs[0];
    int32_t p = producer_[static_cast<size_t>(x)];
    if (p < 0 || !used_once(x) || graph_.nodes[static_cast<size_t>(p)].op != op) return false;
    *out = static_cast<size_t>(p);
    return true;
  }

  bool find(size_t n, Chain* chain) const {
    const ir::Node& node = graph_.nodes[n];
    if (node.op != op_code::fully_connected) return false;
    const ir::Value& w = graph_.value(node.inputs[1]);
    chain->reader = n;
    return w.kind == TensorKind::constant && w.shape.rank == 2 && used_once(node.inputs[1]) &&
           before(n, op_code::reshape, &chain->reshape) &&
           before(chain->reshape, op_code::transpose, &chain->transpose);
  }

  bool move(const Chain& chain) {
    ir::Node &reshape = graph_.nodes[chain.reshape], &reader = graph_.nodes[chain.reader];
    const ir::Node& transpose = graph_.nodes[chain.transpose];
    ir::Value& weights = graph_.value(reader.inputs[1]);
    const ShapeBounds& x = graph_.value(transpose.outputs[0]).shape;
    Permutation p = of(transpose.attrs<TransposeAttrs>());
    const int32_t columns = weights.shape.dims[1].max, first = first_of_last(x, columns);
    if (first < 0 || x.rank - first + 1 > kMaxRank) return false;
    for (int32_t i = 0; i < first; ++i)
      if (p[i] != i) return false;
    auto a = reshape.attrs<ReshapeAttrs>();
    for (int32_t i = first; i < a.count; ++i)
      if (a.shape[i] == 0) return false;
    // Columns as the dimensions that they are in x.
    ir::Value split = weights;
    Permutation q;
    split.shape = ir::shape_of({weights.shape.dims[0].max});
    q.rank = split.shape.rank + x.rank - first;
    for (int32_t i = first; i < x.rank; ++i) {
      split.shape.dims[split.shape.rank++] = x.dims[i];
      q[p[i] - first + 1] = i - first + 1;
    }
    weights.data = std::make_shared<const ir::Bytes>(transposed(split, q));
    reshape.inputs[0] = transpose.inputs[0];
    return true;
  }

  ir::Graph& graph_;
  std::vector<int32_t> producer_;
  std::vector<int32_t> uses_;
};

}  // namespace

void flatten_into_weights(ir::Graph& graph) { Flattener(graph).run(); }

}  // namespace mote::layout
