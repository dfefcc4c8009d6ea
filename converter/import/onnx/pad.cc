// Pad.
#include <algorithm>

#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

std::optional<int32_t> mode_of(NodeImport& c) {
  const std::string mode = c.attr_string("mode", "constant");
  if (mode == "constant") return kMotePadConstant;
  if (mode == "reflect") return kMotePadReflect;
  if (mode == "edge") return kMotePadEdge;
  if (mode == "wrap") return kMotePadWrap;
  c.error("mode '" + mode + "'", "expected constant, reflect, edge or wrap");
  return std::nullopt;
}

std::optional<std::vector<int64_t>> pads_of(NodeImport& c) {
  if (c.opset() >= 11) return c.constant_ints(1);
  return c.attr_ints(c.opset() < 2 ? "paddings" : "pads");
}

std::optional<float> value_of(NodeImport& c, ir::ValueId x) {
  if (c.opset() < 11) return c.attr_float("value", 0);
  if (!c.has(2)) return 0.0f;
  if (c.type(x) == Type::boolean) {
    // Read as a byte.
    ir::ValueId v = c.input(2);
    if (c.is_constant(v) && c.type(v) == Type::boolean)
      return static_cast<float>(*c.value(v).as<uint8_t>() != 0);
  }
  auto list = c.constant_reals(2);
  if (!list) return std::nullopt;
  if (list->size() == 1) return static_cast<float>(list->front());
  c.error("the constant value has " + std::to_string(list->size()) + " elements, expected 1");
  return std::nullopt;
}

// Per dimension of x.
struct Amounts {
  std::vector<int64_t> before, after;
};

bool in_range(int64_t n) { return n >= -INT32_MAX && n <= INT32_MAX; }

std::optional<Amounts> amounts(NodeImport& c, int32_t rank) {
  auto pads = pads_of(c);
  std::vector<int32_t> axes;
  if (c.opset() >= 18 && c.has(3)) {
    auto given = c.constant_ints(3);
    if (!given) return std::nullopt;
    for (int64_t a : *given) axes.push_back(c.axis(a, rank));
  } else {
    for (int32_t i = 0; i < rank; ++i) axes.push_back(i);
  }
  if (!pads || c.failed()) return std::nullopt;
  Amounts out{std::vector<int64_t>(static_cast<size_t>(rank), 0), {}};
  out.after = out.before;
  bool fits = pads->size() == 2 * axes.size();
  for (size_t i = 0; i < axes.size() && fits; ++i) {
    const auto at = static_cast<size_t>(axes[i]);
    out.before[at] = (*pads)[i];
    out.after[at] = (*pads)[axes.size() + i];
    fits = in_range(out.before[at]) && in_range(out.after[at]);
  }
  if (fits) return out;
  c.error("pads must be two numbers for each axis");
  return std::nullopt;
}

// Negative pads take away from the ends first.
ir::ValueId cropped(NodeImport& c, ir::ValueId x, const Amounts& pads) {
  for (int32_t i = 0; i < c.rank(x); ++i) {
    const auto at = static_cast<size_t>(i);
    const int64_t begin = std::max<int64_t>(-pads.before[at], 0);
    const int64_t end = std::min<int64_t>(pads.after[at], 0);
    if (begin != 0 || end != 0) x = c.slice_axis(x, i, begin, end != 0 ? end : INT32_MAX);
    if (c.failed()) return ir::kNone;
  }
  return x;
}

}  // namespace

void import_pad(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  auto mode = mode_of(c);
  auto pads = amounts(c, c.rank(x));
  if (!mode || !pads) return;
  auto value = *mode == kMotePadConstant ? value_of(c, x) : 0.0f;
  if (!value || c.failed()) return;
  x = cropped(c, x, *pads);
  if (c.failed()) return;
  PadAttrs a{};
  a.mode = *mode;
  a.count = c.rank(x);
  a.value = *value;
  bool any = false;
  for (int32_t i = 0; i < a.count; ++i) {
    a.before[i] = static_cast<int32_t>(std::max<int64_t>(pads->before[static_cast<size_t>(i)], 0));
    a.after[i] = static_cast<int32_t>(std::max<int64_t>(pads->after[static_cast<size_t>(i)], 0));
    any = any || a.before[i] != 0 || a.after[i] != 0;
  }
  if (!any) return c.define(0, x);
  c.emit(op_code::pad, a, {x}, c.type(x));
}

}  // namespace mote::onnx_import
