// ONE_HOT, TOPK_V2, CUMSUM, GATHER_ND, SCATTER_ND, EMBEDDING_LOOKUP, TILE, REVERSE_V2,
// REVERSE_SEQUENCE, MIRROR_PAD.
#include <set>

#include "import/tflite/steps.h"

namespace mote::tflite_import {
namespace {

// Zeros of this shape: one of them, repeated, so that the shape costs no memory here.
ir::ValueId zeros(OpImport& c, Type type, const std::vector<int64_t>& shape) {
  ir::Value zero;
  zero.name = "zeros";
  zero.type = type;
  zero.kind = TensorKind::constant;
  zero.shape = ir::shape_of(std::vector<int32_t>(shape.size(), 1));
  zero.data = std::make_shared<const ir::Bytes>(type_bytes(type));
  return step(c, op_code::tile, multiples_of(shape), c.graph().add_value(std::move(zero)), "/tile");
}

}  // namespace

void import_one_hot(OpImport& c) {
  const auto* options = c.options<tfl::OneHotOptions>();
  ir::ValueId indices = c.input(0);
  auto depth = c.constant_int(1);
  ir::ValueId on = c.input(2), off = c.input(3);
  if (c.failed()) return;
  auto axis = c.axis(options == nullptr ? -1 : options->axis(), c.value(indices).shape.rank + 1);
  if (!axis) return;
  if (*depth < 1 || *depth > INT32_MAX) return c.error("a depth of " + std::to_string(*depth));
  OneHotAttrs a{*axis, static_cast<int32_t>(*depth)};
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::one_hot, a, {indices, on, off}, y);
}

void import_top_k(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto k = c.constant_int(1);
  if (c.failed()) return;
  int32_t rank = c.value(x).shape.rank;
  if (rank < 1) return c.error("the input is a scalar");
  if (*k < 1 || *k > INT32_MAX) return c.error("k is " + std::to_string(*k));
  TopKAttrs a{rank - 1, static_cast<int32_t>(*k), 0};
  ir::ValueId values = c.output(0), indices = c.output(1);
  if (!c.failed()) c.emit_all(op_code::top_k, a, {x}, {values, indices});
}

void import_cum_sum(OpImport& c) {
  const auto* options = c.options<tfl::CumsumOptions>();
  ir::ValueId x = c.input(0);
  auto place = c.constant_int(1);
  if (c.failed()) return;
  auto axis = c.axis(*place, c.value(x).shape.rank);
  if (!axis) return;
  CumSumAttrs a{*axis, options != nullptr && options->exclusive(),
                options != nullptr && options->reverse()};
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::cum_sum, a, {x}, y);
}

void import_gather_nd(OpImport& c) {
  ir::ValueId x = c.input(0), indices = c.input(1);
  ir::ValueId y = c.failed() ? ir::kNone : c.output();
  if (!c.failed()) c.emit(op_code::gather_nd, GatherNdAttrs{}, {x, indices}, y);
}

// Updates of one place add up.
void import_scatter_nd(OpImport& c) {
  ir::ValueId indices = c.input(0), updates = c.input(1);
  auto shape = c.constant_ints(2);
  if (c.failed()) return;
  if (shape->size() > kMaxRank) return c.error("a shape of more than 8 dimensions");
  ir::Value like = c.value(updates);
  if (like.quantization.quantized()) return c.error("quantized updates are not supported");
  bool number = like.type == Type::float32 || like.type == Type::int32 || like.type == Type::int64;
  ScatterAttrs a{0, number ? kMoteScatterAdd : kMoteScatterNone};
  ir::ValueId x = zeros(c, like.type, *shape);
  ir::ValueId y = x == ir::kNone ? x : c.output();
  if (!c.failed()) c.emit(op_code::scatter_nd, a, {x, indices, updates}, y);
}

void import_embedding_lookup(OpImport& c) {
  ir::ValueId indices = c.input(0), x = c.input(1);
  ir::ValueId y = c.failed() ? ir::kNone : c.output();
  if (c.failed()) return;
  // Tables that are quantized for storage only.
  if (c.value(y).type == Type::float32) x = c.input_like(1, y);
  if (!c.failed()) c.emit(op_code::gather, GatherAttrs{}, {x, indices}, y);
}

void import_tile(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto multiples = c.constant_ints(1);
  if (c.failed()) return;
  if (multiples->size() != static_cast<size_t>(c.value(x).shape.rank))
    return c.error(std::to_string(multiples->size()) + " multiples for rank " +
                   std::to_string(c.value(x).shape.rank));
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::tile, multiples_of(*multiples), {x}, y);
}

void import_reverse(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto list = c.constant_ints(1);
  if (c.failed()) return;
  std::set<int32_t> ascending;
  for (int64_t v : *list) {
    auto axis = c.axis(v, c.value(x).shape.rank);
    if (!axis) return;
    ascending.insert(*axis);
  }
  AxesAttrs a{};
  for (int32_t axis : ascending) a.axes[a.count++] = axis;
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::reverse, a, {x}, y);
}

void import_reverse_sequence(OpImport& c) {
  const auto* options = c.required_options<tfl::ReverseSequenceOptions>();
  ir::ValueId x = c.input(0), lengths = c.input(1);
  if (c.failed()) return;
  int32_t rank = c.value(x).shape.rank;
  auto batch = c.axis(options->batch_dim(), rank), sequence = c.axis(options->seq_dim(), rank);
  if (!batch || !sequence) return;
  ir::ValueId y = c.output();
  ReverseSequenceAttrs a{*batch, *sequence};
  if (!c.failed()) c.emit(op_code::reverse_sequence, a, {x, lengths}, y);
}

void import_mirror_pad(OpImport& c) {
  const auto* options = c.required_options<tfl::MirrorPadOptions>();
  ir::ValueId x = c.input(0);
  auto pads = c.constant_ints(1);
  if (c.failed()) return;
  PadAttrs a{};
  a.mode = options->mode() == tfl::MirrorPadMode::SYMMETRIC ? kMotePadSymmetric : kMotePadReflect;
  a.count = c.value(x).shape.rank;
  if (pads->size() != 2 * static_cast<size_t>(a.count))
    return c.error(std::to_string(pads->size()) + " paddings for rank " + std::to_string(a.count));
  for (size_t i = 0; i < pads->size(); ++i) {
    int64_t n = (*pads)[i];
    if (n < 0 || n > INT32_MAX) return c.error("a padding of " + std::to_string(n) + " elements");
    (i % 2 == 0 ? a.before : a.after)[i / 2] = static_cast<int32_t>(n);
  }
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::pad, a, {x}, y);
}

}  // namespace mote::tflite_import
