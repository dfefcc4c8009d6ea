#include "passes/layout/movable.h"

#include <algorithm>

namespace mote::layout {
namespace {

// The permutation of what is left after dimensions of the operand vanish.
Permutation without(const Permutation& q, const std::array<bool, kMaxRank>& dropped) {
  Permutation out;
  for (int32_t i = 0; i < q.rank; ++i) {
    if (dropped[static_cast<size_t>(i)]) continue;
    int32_t place = 0;
    for (int32_t j = 0; j < q.rank; ++j) place += q[j] < q[i] && !dropped[static_cast<size_t>(j)];
    out[out.rank++] = place;
  }
  return out;
}

template <class Attrs>
Permutation move_axis(ir::Node& node, const Permutation& q) {
  auto a = node.attrs<Attrs>();
  a.axis = q[a.axis];
  node.set_attrs(a);
  return q;
}

void move_axes(int32_t* axes, int32_t count, const Permutation& q) {
  for (int32_t i = 0; i < count; ++i) axes[i] = q[axes[i]];
  std::sort(axes, axes + count);
}

Permutation move_reduce(ir::Node& node, const Permutation& q) {
  auto a = node.attrs<ReduceAttrs>();
  std::array<bool, kMaxRank> dropped{};
  for (int32_t i = 0; i < a.axis_count && a.keep_dims == 0; ++i)
    dropped[static_cast<size_t>(a.axes[i])] = true;
  move_axes(a.axes, a.axis_count, q);
  node.set_attrs(a);
  return without(q, dropped);
}

Permutation move_arg(ir::Node& node, const Permutation& q) {
  auto a = node.attrs<ArgMaxAttrs>();
  std::array<bool, kMaxRank> dropped{};
  dropped[static_cast<size_t>(a.axis)] = a.keep_dims == 0;
  move_axis<ArgMaxAttrs>(node, q);
  return without(q, dropped);
}

Permutation move_pad(ir::Node& node, const Permutation& q) {
  auto a = node.attrs<PadAttrs>(), b = a;
  for (int32_t i = 0; i < q.rank; ++i) {
    b.before[q[i]] = a.before[i];
    b.after[q[i]] = a.after[i];
  }
  node.set_attrs(b);
  return q;
}

Permutation move_slice(ir::Node& node, const Permutation& q) {
  auto a = node.attrs<StridedSliceAttrs>();
  StridedSliceAttrs b{};
  std::array<bool, kMaxRank> dropped{};
  b.count = q.rank;
  for (int32_t i = 0; i < q.rank; ++i) {
    bool whole = i >= a.count;
    auto bit = [&](uint32_t mask) { return (whole ? 1u : mask >> i & 1u) << q[i]; };
    b.begin[q[i]] = whole ? 0 : a.begin[i];
    b.end[q[i]] = whole ? 0 : a.end[i];
    b.strides[q[i]] = whole ? 1 : a.strides[i];
    b.begin_mask |= bit(a.begin_mask);
    b.end_mask |= bit(a.end_mask);
    dropped[static_cast<size_t>(i)] = !whole && (a.shrink_mask >> i & 1u) != 0;
    if (dropped[static_cast<size_t>(i)]) b.shrink_mask |= 1u << q[i];
  }
  node.set_attrs(b);
  return without(q, dropped);
}

Permutation move_gather(const ir::Graph& graph, ir::Node& node, const Permutation& q) {
  int32_t axis = node.attrs<GatherAttrs>().axis;
  std::array<bool, kMaxRank> dropped{};
  dropped[static_cast<size_t>(axis)] = graph.value(node.inputs[1]).shape.rank == 0;
  move_axis<GatherAttrs>(node, q);
  return without(q, dropped);
}

Permutation move_tile(ir::Node& node, const Permutation& q) {
  auto a = node.attrs<SizesAttrs>(), b = a;
  for (int32_t i = 0; i < q.rank; ++i) b.sizes[q[i]] = a.sizes[i];
  node.set_attrs(b);
  return q;
}

Permutation move_reverse(ir::Node& node, const Permutation& q) {
  auto a = node.attrs<AxesAttrs>();
  move_axes(a.axes, a.count, q);
  node.set_attrs(a);
  return q;
}

std::optional<Permutation> keep_last(const Permutation& q) {
  if (q.rank == 0 || q[q.rank - 1] != q.rank - 1) return std::nullopt;
  return q;
}

// One scale for all elements.
bool per_tensor(const ir::Graph& graph, const ir::Node& node) {
  auto one = [&](ir::ValueId v) { return graph.value(v).quantization.scales.size() <= 1; };
  return one(node.inputs[0]) && one(node.outputs[0]);
}

int32_t input_rank(const ir::Graph& graph, const ir::Node& node) {
  return graph.value(node.inputs[0]).shape.rank;
}

bool simple_gather(const ir::Graph& graph, const ir::Node& node) {
  return node.attrs<GatherAttrs>().batch_dims == 0 && graph.value(node.inputs[1]).shape.rank <= 1;
}

}  // namespace

Moves moves(const ir::Graph& graph, const ir::Node& node) {
  if (node.outputs.size() != 1 || node.inputs.empty() || node.inputs[0] == ir::kNone)
    return Moves::no;
  auto when = [](bool condition) { return condition ? Moves::data : Moves::no; };
  switch (node.op) {
    case op_code::add:
    case op_code::sub:
    case op_code::mul:
    case op_code::div:
    case op_code::minimum:
    case op_code::maximum:
    case op_code::pow:
    case op_code::squared_difference:
    case op_code::floor_div:
    case op_code::floor_mod:
    case op_code::prelu:
    case op_code::compare:
    case op_code::logical:
    case op_code::select:
      return Moves::elementwise;
    case op_code::concat:
      return Moves::all;
    case op_code::quantize:
    case op_code::dequantize:
    case op_code::requantize:
      return when(per_tensor(graph, node));
    case op_code::layer_norm:
    case op_code::rms_norm:
      return when(node.attrs<NormalizeAttrs>().axis_count == 1);
    case op_code::tile:
      return when(node.attrs<SizesAttrs>().count == input_rank(graph, node));
    case op_code::gather:
      return when(simple_gather(graph, node));
    case op_code::activation:
    case op_code::math:
    case op_code::cast:
    case op_code::reduce:
    case op_code::arg_max:
    case op_code::arg_min:
    case op_code::pad:
    case op_code::strided_slice:
    case op_code::reverse:
    case op_code::cum_sum:
    case op_code::softmax:
    case op_code::log_softmax:
    case op_code::l2_normalize:
    case op_code::local_response_norm:
    case op_code::batch_norm:
    case op_code::fully_connected:
      return Moves::data;
    default:
      return Moves::no;
  }
}

std::optional<Permutation> move_attributes(const ir::Graph& graph, ir::Node& node,
                                           const Permutation& q) {
  switch (node.op) {
    case op_code::concat:
      return move_axis<ConcatAttrs>(node, q);
    case op_code::cum_sum:
      return move_axis<CumSumAttrs>(node, q);
    case op_code::arg_max:
    case op_code::arg_min:
      return move_arg(node, q);
    case op_code::reduce:
      return move_reduce(node, q);
    case op_code::pad:
      return move_pad(node, q);
    case op_code::strided_slice:
      return move_slice(node, q);
    case op_code::gather:
      return move_gather(graph, node, q);
    case op_code::tile:
      return move_tile(node, q);
    case op_code::reverse:
      return move_reverse(node, q);
    case op_code::softmax:
    case op_code::log_softmax:
    case op_code::l2_normalize:
    case op_code::layer_norm:
    case op_code::rms_norm:
    case op_code::local_response_norm:
    case op_code::batch_norm:
    case op_code::fully_connected:
      return keep_last(q);
    default:
      return q;
  }
}

}  // namespace mote::layout
