// Tile, Trilu, ReverseSequence, DepthToSpace, SpaceToDepth.
#include <algorithm>

#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

std::vector<Dim> dims_of(NodeImport& c, ir::ValueId x) {
  const ShapeBounds& s = c.shape(x);
  return {s.dims, s.dims + s.rank};
}

// The last two dimensions as one; all others stand at their places.
ir::ValueId last_two_merged(NodeImport& c, ir::ValueId x) {
  if (c.failed()) return ir::kNone;
  std::vector<int32_t> dims(static_cast<size_t>(c.rank(x)) - 2, 0);
  dims.push_back(-1);
  return reshaped(c, x, dims);
}
// The last dimension as blocks of `size`.
ir::ValueId last_cut(NodeImport& c, ir::ValueId x, int32_t size) {
  if (c.failed()) return ir::kNone;
  std::vector<int32_t> dims(static_cast<size_t>(c.rank(x)) - 1, 0);
  dims.insert(dims.end(), {-1, size});
  return reshaped(c, x, dims);
}

// x [n, c, h, w] with one positive block size, its channels static.
std::optional<int32_t> block_size(NodeImport& c, ir::ValueId x) {
  int64_t block = c.attr_int("blocksize", 0);
  if (c.rank(x) != 4)
    c.error("the input must have rank 4");
  else if (block < 1 || block > 32767)  // its square fits
    c.error("a block of " + std::to_string(block));
  else if (!c.shape(x).dims[1].is_static())
    c.error("the number of channels is dynamic", "give the inputs a static shape");
  if (c.failed()) return std::nullopt;
  return static_cast<int32_t>(block);
}

}  // namespace

void import_tile(NodeImport& c) {
  auto repeats = c.constant_ints(1);
  if (!repeats) return;
  if (c.is_empty(0) || std::find(repeats->begin(), repeats->end(), 0) != repeats->end()) {
    auto dims = c.static_dims(0);
    if (!dims) return;
    if (dims->size() != repeats->size()) return c.error("the repeats do not fit the rank");
    for (size_t i = 0; i < dims->size(); ++i) {
      if ((*repeats)[i] < 0) return c.error(std::to_string((*repeats)[i]) + " repeats");
      (*dims)[i] *= std::min<int64_t>((*repeats)[i], 1);
    }
    return c.define_empty(0, c.is_empty(0) ? Type::float32 : c.type(c.input(0)), *dims);
  }
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  if (repeats->size() != static_cast<size_t>(c.rank(x)))
    return c.error(std::to_string(repeats->size()) + " repeats for rank " +
                   std::to_string(c.rank(x)));
  SizesAttrs a{};
  for (int64_t n : *repeats) {
    if (n < 1 || n > INT32_MAX) return c.error(std::to_string(n) + " repeats");
    a.sizes[a.count++] = static_cast<int32_t>(n);
  }
  c.emit(op_code::tile, a, {x}, c.type(x));
}

void import_trilu(NodeImport& c) {
  ir::ValueId x = c.input(0);
  std::optional<int64_t> diagonal = 0;
  if (c.has(1)) diagonal = c.constant_int(1);
  if (c.failed() || !diagonal) return;
  TriluAttrs a{c.attr_int("upper", 1) != 0,
               static_cast<int32_t>(std::clamp<int64_t>(*diagonal, INT32_MIN, INT32_MAX))};
  c.emit(op_code::trilu, a, {x}, c.type(x));
}

void import_reverse_sequence(NodeImport& c) {
  ir::ValueId x = c.input(0), lengths = c.input(1);
  if (c.failed()) return;
  int32_t batch = c.axis(c.attr_int("batch_axis", 1), c.rank(x));
  int32_t sequence = c.axis(c.attr_int("time_axis", 0), c.rank(x));
  if (batch < 0 || sequence < 0) return;
  c.emit(op_code::reverse_sequence, ReverseSequenceAttrs{batch, sequence}, {x, lengths}, c.type(x));
}

// DCR: channels are [b, b, c']; CRD: [c', b, b]. Image sizes may be dynamic.
void import_depth_to_space(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  auto block = block_size(c, x);
  if (!block) return;
  const std::string mode = c.attr_string("mode", "DCR");
  if (mode != "DCR" && mode != "CRD") return c.error("mode '" + mode + "' is unknown");
  const int32_t b = *block, channels = dims_of(c, x)[1].max;
  if (channels % (b * b) != 0)
    return c.error(std::to_string(channels) + " channels for blocks of " + std::to_string(b));
  const int32_t rest = channels / (b * b);
  // [n, h, w, channels], the channels cut: what follows keeps every dynamic size at its place.
  ir::ValueId v = reordered(c, x, {0, 2, 3, 1});
  const bool depth_first = mode == "DCR";
  v = reshaped(c, v,
               depth_first ? std::vector<int32_t>{0, 0, 0, b, b, rest}
                           : std::vector<int32_t>{0, 0, 0, rest, b, b});
  // [n, c', h, b, w, b], then the blocks joined from the right.
  v = reordered(c, v,
                depth_first ? std::vector<int32_t>{0, 5, 1, 3, 2, 4}
                            : std::vector<int32_t>{0, 3, 1, 4, 2, 5});
  v = reordered(c, last_two_merged(c, v), {0, 1, 4, 2, 3});
  v = reordered(c, last_two_merged(c, v), {0, 1, 3, 2});
  c.define(0, v);
}

// Channels become [b, b, c].
void import_space_to_depth(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  auto block = block_size(c, x);
  if (!block) return;
  ir::ValueId v = last_cut(c, x, *block);                     // [n, c, h, w', b]
  v = last_cut(c, reordered(c, v, {0, 1, 3, 4, 2}), *block);  // [n, c, w', b, h', b]
  v = reordered(c, v, {0, 4, 2, 5, 3, 1});                    // [n, h', w', b, b, c]
  v = last_two_merged(c, last_two_merged(c, v));
  c.define(0, reordered(c, v, {0, 3, 1, 2}));
}

}  // namespace mote::onnx_import
