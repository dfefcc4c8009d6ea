// The second result of MaxPool, and MaxUnpool, which reads it.
#include "import/onnx/pool_indices.h"

#include <algorithm>
#include <limits>

#include "base/checked.h"
#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

// Constants that a node asks for without holding them.
constexpr int64_t kMaxMade = 1 << 20;

// Steps in the line of all elements of one channel, per dimension.
std::vector<int64_t> line_steps(const ShapeBounds& x, bool column_major) {
  const auto count = static_cast<size_t>(x.rank) - 2;
  std::vector<int64_t> steps(count);
  int64_t step = 1;
  for (size_t k = 0; k < count; ++k) {
    const size_t i = column_major ? k : count - 1 - k;
    steps[i] = step;
    step *= x.dims[i + 2].max;
  }
  return steps;
}

// Element [o] of the result: where the first place of its window lies.
ir::ValueId window_starts(NodeImport& c, const Places& p, const std::vector<int64_t>& steps,
                          const ShapeBounds& y) {
  std::vector<int32_t> dims{1, 1}, starts;
  const int64_t elements = y.max().elements() / y.dims[0].max / y.dims[1].max;
  if (elements > kMaxMade || int64_t{y.dims[0].max} * y.dims[1].max > kMaxMade) {
    c.error("the indices of a MaxPool of more than 1048576 places are used");
    return ir::kNone;
  }
  for (size_t i = 0; i < p.count(); ++i) dims.push_back(y.dims[i + 2].max);
  for (int64_t o = 0; o < elements; ++o) {
    int64_t rest = o, start = 0;
    for (size_t i = p.count(); i-- > 0; rest /= dims[i + 2])
      start += (rest % dims[i + 2] * p.stride[i] - p.before[i]) * steps[i];
    starts.push_back(static_cast<int32_t>(start));
  }
  return c.build().constant(c.where() + "/starts", Type::int32, dims, starts);
}

ir::ValueId channel_starts(NodeImport& c, const ShapeBounds& x) {
  const int64_t images = x.dims[0].max, channels = x.dims[1].max;
  const int64_t per_channel = x.max().elements() / images / channels;
  std::vector<int64_t> starts;
  for (int64_t i = 0; i < images * channels; ++i) starts.push_back(i * per_channel);
  std::vector<int32_t> dims(static_cast<size_t>(x.rank), 1);
  dims[0] = x.dims[0].max;
  dims[1] = x.dims[1].max;
  return c.int_constant(starts, dims);
}

// `x` in its last dimensions' first places, zeros behind.
ir::ValueId extended(NodeImport& c, ir::ValueId x, const std::vector<int64_t>& dims) {
  PadAttrs a{};
  a.count = c.rank(x);
  bool is_longer = false;
  for (int i = 0; i < a.count; ++i) {
    a.after[i] = static_cast<int32_t>(dims[static_cast<size_t>(i)]) - c.shape(x).dims[i].max;
    is_longer = is_longer || a.after[i] > 0;
  }
  return is_longer ? c.build().node(op_code::pad, a, {x}, c.type(x)) : x;
}

// What a MaxPool with these attributes read; nothing and an error where it is not known.
std::optional<std::vector<int64_t>> pooled_dims(NodeImport& c, const ShapeBounds& y) {
  const auto count = static_cast<size_t>(std::max(y.rank, 2)) - 2;
  std::vector<int64_t> window = c.attr_ints("kernel_shape");
  std::vector<int64_t> stride = c.attr_ints("strides", std::vector<int64_t>(count, 1));
  std::vector<int64_t> pads = c.attr_ints("pads", std::vector<int64_t>(2 * count, 0));
  std::vector<int64_t> dims{y.dims[0].max, y.dims[1].max};
  bool fits = count > 0 && y.is_static() && window.size() == count && stride.size() == count &&
              pads.size() == 2 * count;
  for (size_t i = 0; fits && i < count; ++i) {
    for (int64_t v : {window[i], stride[i]}) fits = fits && v >= 1 && v <= 65535;
    for (int64_t v : {pads[i], pads[i + count]}) fits = fits && v >= 0 && v <= 65535;
    if (!fits) break;
    dims.push_back((int64_t{y.dims[i + 2].max} - 1) * stride[i] + window[i] - pads[i] -
                   pads[i + count]);
    fits = fits && dims.back() >= y.dims[i + 2].max && dims.back() <= INT32_MAX;
  }
  if (fits) return dims;
  c.error("an input of shape " + ir::shape_text(y) + " and attributes that do not suit it",
          "kernel_shape, strides and pads must be those of the MaxPool, and sizes static");
  return std::nullopt;
}

}  // namespace

std::vector<ir::ValueId> window_taps(NodeImport& c, ir::ValueId x, const Places& p) {
  constexpr int64_t kMostTaps = 256;
  int64_t taps = 1;
  for (int32_t w : p.window) taps = std::min(taps * w, kMostTaps + 1);
  if (taps > kMostTaps) {
    c.error("a window of more than 256 places that is dilated, or whose indices are used");
    return {};
  }
  PadAttrs pad{};
  pad.count = c.rank(x);
  pad.value = -std::numeric_limits<float>::infinity();
  bool pads = false;
  for (size_t i = 0; i < p.count(); ++i) {
    if (!c.shape(x).dims[i + 2].is_static()) {
      c.error("pooling of a dynamic size that is dilated, or whose indices are used",
              "make the input's sizes static");
      return {};
    }
    pad.before[i + 2] = p.before[i];
    pad.after[i + 2] = p.after[i] + p.extra[i];
    pads = pads || pad.before[i + 2] != 0 || pad.after[i + 2] != 0;
  }
  if (pads) x = c.build().node(op_code::pad, pad, {x}, c.type(x));
  if (c.failed()) return {};
  const ShapeBounds shape = c.shape(x);
  std::vector<ir::ValueId> out;
  for (int64_t tap = 0; tap < taps; ++tap) {
    StridedSliceAttrs a{};
    a.count = shape.rank;
    a.strides[0] = a.strides[1] = 1;
    a.begin_mask = a.end_mask = 3;
    int64_t rest = tap;
    for (size_t i = p.count(); i-- > 0; rest /= p.window[i]) {
      const int64_t offset = rest % p.window[i] * p.dilation[i];
      const int64_t free = shape.dims[i + 2].max - int64_t{p.window[i] - 1} * p.dilation[i];
      a.begin[i + 2] = static_cast<int32_t>(offset);
      a.end[i + 2] = static_cast<int32_t>(offset + free);
      a.strides[i + 2] = p.stride[i];
      if (free >= 1) continue;
      c.error("the window is larger than the input");
      return {};
    }
    out.push_back(c.build().node(op_code::strided_slice, a, {x}, c.type(x)));
  }
  return out;
}

// The first of the largest, as ONNX Runtime.
ir::ValueId largest_places(NodeImport& c, ir::ValueId x, const Places& p, bool column_major) {
  const ShapeBounds shape = c.shape(x);
  if (!shape.is_static() || shape.max().elements() > INT32_MAX) {
    c.error("the indices of a MaxPool are used, and its input is dynamic or too large",
            "make the input's sizes static");
    return ir::kNone;
  }
  const std::vector<ir::ValueId> taps = window_taps(c, x, p);
  if (c.failed() || taps.empty()) return ir::kNone;
  const std::vector<int64_t> steps = line_steps(shape, column_major);
  auto distance = [&](size_t tap) {
    int64_t sum = 0;
    for (size_t i = p.count(); i-- > 0; tap /= static_cast<size_t>(p.window[i]))
      sum +=
          static_cast<int64_t>(tap % static_cast<size_t>(p.window[i])) * p.dilation[i] * steps[i];
    return c.build().constant(c.where() + "/place", Type::int32, {},
                              std::vector<int32_t>{static_cast<int32_t>(sum)});
  };
  ir::ValueId best = taps[0], place = distance(0);
  for (size_t k = 1; k < taps.size() && !c.failed(); ++k) {
    ir::ValueId is_larger = c.build().node(op_code::compare, CompareAttrs{kMoteGreater},
                                           {taps[k], best}, Type::boolean);
    place = selected(c, is_larger, distance(k), place);
    best = binary(c, op_code::maximum, best, taps[k]);
  }
  ir::ValueId starts = c.failed() ? ir::kNone : window_starts(c, p, steps, c.shape(best));
  if (c.failed()) return ir::kNone;
  place = binary(c, op_code::add, place, starts);
  return binary(c, op_code::add, as_type(c, place, Type::int64), channel_starts(c, shape));
}

// Places count in what the MaxPool read; a larger output_shape has zeros behind.
void import_max_unpool(NodeImport& c) {
  ir::ValueId x = float_input(c, 0), places = c.input(1);
  if (c.failed()) return;
  auto dims = pooled_dims(c, c.shape(x));
  if (!dims) return;
  std::vector<int64_t> wanted = *dims;
  if (c.has(2)) {
    auto given = c.constant_ints(2);
    if (!given) return;
    wanted = *given;
  }
  int64_t elements = 1;
  std::vector<int32_t> pooled;
  for (size_t i = 0; i < dims->size(); ++i) {
    if (wanted.size() != dims->size() || wanted[i] < (*dims)[i] || wanted[i] > INT32_MAX)
      return c.error("output_shape is smaller than what the indices count in");
    if (!checked_mul(elements, (*dims)[i], &elements) || elements > INT32_MAX)
      return c.error("too many elements");
    pooled.push_back(static_cast<int32_t>((*dims)[i]));
  }
  PadAttrs a{};
  a.count = 1;
  a.after[0] = static_cast<int32_t>(elements - 1);
  ir::ValueId zeros = c.build().constant(ir::shape_of({1}), 0.0F);
  if (elements > 1) zeros = c.build().node(op_code::pad, a, {zeros});
  ir::ValueId y = c.build().node(op_code::scatter_elements, ScatterAttrs{0, kMoteScatterNone},
                                 {zeros, reshaped(c, places, {-1}), reshaped(c, x, {-1})});
  y = reshaped(c, y, pooled);
  if (!c.failed()) define_like(c, 0, extended(c, y, wanted), c.input(0));
}

}  // namespace mote::onnx_import
