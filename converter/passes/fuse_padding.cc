// Zeros around the input of a convolution become its pads.
#include <algorithm>

#include "ops/attributes.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

// As the operators' checks.
constexpr int64_t kMaxPad = 65535;

bool keeps_bits(const ir::Value& x, const ir::Value& y) {
  return x.type == y.type && x.quantization.scales == y.quantization.scales &&
         x.quantization.zero_points == y.quantization.zero_points;
}

// Whether only places get zeros, which lie between batch and channels. A value of 0 is the zero
// point where it is quantized.
bool is_zero_border(const ir::Graph& graph, const ir::Node& node) {
  if (node.op != op_code::pad) return false;
  const auto a = node.attrs<PadAttrs>();
  const int32_t last = a.count - 1;
  return a.mode == kMotePadConstant && a.value == 0 && last >= 2 && a.before[0] == 0 &&
         a.after[0] == 0 && a.before[last] == 0 && a.after[last] == 0 &&
         keeps_bits(graph.value(node.inputs[0]), graph.value(node.outputs[0]));
}

// False where the sum is more than an operator takes.
bool widen(const PadAttrs& a, const std::vector<int32_t*>& before,
           const std::vector<int32_t*>& after) {
  if (a.count != static_cast<int32_t>(before.size()) + 2) return false;
  for (size_t i = 0; i < before.size(); ++i)
    if (*before[i] + int64_t{a.before[i + 1]} > kMaxPad ||
        *after[i] + int64_t{a.after[i + 1]} > kMaxPad)
      return false;
  for (size_t i = 0; i < before.size(); ++i) {
    *before[i] += a.before[i + 1];
    *after[i] += a.after[i + 1];
  }
  return true;
}

template <class Attrs>
bool widen_plane(ir::Node& node, const PadAttrs& pad) {
  auto a = node.attrs<Attrs>();
  if (!widen(pad, {&a.pad_top, &a.pad_left}, {&a.pad_bottom, &a.pad_right})) return false;
  node.set_attrs(a);
  return true;
}

bool absorb(ir::Node& node, const PadAttrs& pad) {
  switch (node.op) {
    case op_code::conv2d:
      return widen_plane<Conv2dAttrs>(node, pad);
    case op_code::depthwise_conv2d:
      return widen_plane<DepthwiseConv2dAttrs>(node, pad);
    case op_code::conv3d: {
      auto a = node.attrs<Conv3dAttrs>();
      if (!widen(pad, {&a.pad_front, &a.pad_top, &a.pad_left},
                 {&a.pad_back, &a.pad_bottom, &a.pad_right}))
        return false;
      node.set_attrs(a);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace

// A padded value that others read too stays for them.
void fuse_padding(ir::Graph& graph, Diagnostics&) {
  const std::vector<int32_t> producer = ir::producers(graph);
  for (ir::Node& node : graph.nodes) {
    const ir::ValueId x = node.inputs.empty() ? ir::kNone : node.inputs[0];
    const int32_t p = x == ir::kNone ? -1 : producer[static_cast<size_t>(x)];
    if (p < 0 || !is_zero_border(graph, graph.nodes[static_cast<size_t>(p)])) continue;
    const ir::Node& border = graph.nodes[static_cast<size_t>(p)];
    if (absorb(node, border.attrs<PadAttrs>())) node.inputs[0] = border.inputs[0];
  }
}

}  // namespace mote
