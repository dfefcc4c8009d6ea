// Other shapes of a value, also where several sizes are dynamic: a reshape names a dynamic size by
// its place in the operand alone.
#include <algorithm>

#include "base/checked.h"
#include "import/onnx/graph_importer.h"
#include "import/onnx/node_import.h"
#include "import/onnx/sizes.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

// Constants that a file asks for without holding them; larger ones are made at run.
constexpr int64_t kMaxMadeBytes = 64 << 10;

// Sizes as ReshapeAttrs has them; nothing when two dynamic ones would change their places.
// `from[i]`: the dimension of `x` that becomes dimension i, or -1 for a new one of size 1.
std::optional<std::vector<int32_t>> reshape_sizes(const ShapeBounds& x,
                                                  const std::vector<int32_t>& from) {
  std::vector<int32_t> sizes;
  bool is_inferred = false;
  for (size_t i = 0; i < from.size(); ++i) {
    Dim d = from[i] < 0 ? Dim{1, 1} : x.dims[from[i]];
    if (d.is_static()) {
      sizes.push_back(d.max);
    } else if (from[i] == static_cast<int32_t>(i)) {
      sizes.push_back(0);
    } else if (!is_inferred) {
      sizes.push_back(-1);
      is_inferred = true;
    } else {
      return std::nullopt;
    }
  }
  return sizes;
}

std::vector<int32_t> range(int32_t count) {
  std::vector<int32_t> list;
  for (int32_t i = 0; i < count; ++i) list.push_back(i);
  return list;
}

template <class T>
bool contains(const std::vector<T>& list, T element) {
  return std::find(list.begin(), list.end(), element) != list.end();
}

// A constant of one element, repeated.
ir::ValueId filled(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& sizes, int64_t bytes) {
  const ir::Bytes& element = *c.value(x).data;
  std::vector<uint8_t> data;
  data.reserve(static_cast<size_t>(bytes));
  while (data.size() < static_cast<size_t>(bytes))
    data.insert(data.end(), element.begin(), element.end());
  Type type = c.type(x);
  return c.build().constant(c.where() + "/filled", type, sizes, data);
}

// `x`, of the target's rank, repeated along its dimensions of size 1.
ir::ValueId tiled(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& target) {
  SizesAttrs a{};
  a.count = c.rank(x);
  bool repeats = false;
  for (int i = 0; i < a.count; ++i) {
    Dim d = c.shape(x).dims[i];
    int32_t wanted = target[static_cast<size_t>(i)];
    a.sizes[i] = d.max == 1 ? wanted : 1;
    repeats = repeats || a.sizes[i] != 1;
    if (wanted != 1 && !d.is_static() && d.min == 1) {
      c.error("a dynamic size is broadcast to " + std::to_string(wanted),
              "give the model's inputs a static shape");
      return ir::kNone;
    }
    if (wanted != 1 && d.max != 1 && (wanted < d.min || wanted > d.max)) {
      c.error(ir::shape_text(c.shape(x)) + " is not broadcast to a size of " +
              std::to_string(wanted) + " at place " + std::to_string(i));
      return ir::kNone;
    }
  }
  Type type = c.type(x);
  return repeats ? c.build().node(op_code::tile, a, {x}, type) : x;
}

// `x` broadcast with a shape of which some sizes are dynamic.
ir::ValueId expanded(NodeImport& c, ir::ValueId x, std::vector<Element> wanted) {
  const auto own = static_cast<size_t>(c.rank(x));
  if (wanted.size() < own) wanted.insert(wanted.begin(), own - wanted.size(), Element::of(1));
  if (wanted.size() > kMaxRank) {
    c.error("a shape of rank " + std::to_string(wanted.size()), "the limit is 8");
    return ir::kNone;
  }
  ir::ValueId y = c.insert_ones(x, range(static_cast<int32_t>(wanted.size() - own)));
  std::vector<int32_t> target(wanted.size(), 1), dynamic;
  for (size_t i = 0; i < wanted.size() && y != ir::kNone; ++i) {
    const Element& e = wanted[i];
    const auto place = static_cast<int32_t>(i);
    const Element size = c.importer().shape_values().size(y, place);
    const bool is_size = e.kind == Element::Kind::size;
    if (e.is_number() && e.number >= 1 && e.number <= INT32_MAX)
      target[i] = static_cast<int32_t>(e.number);
    else if (is_size && size == Element::of(1))
      dynamic.push_back(place);
    else if (!is_size || !(size == e)) {
      c.error("size " + std::to_string(i) + " of the new shape is not known",
              "give the model's inputs static shapes");
      return ir::kNone;
    }
  }
  if (y == ir::kNone || c.failed()) return ir::kNone;
  y = tiled(c, y, target);
  if (y == ir::kNone || dynamic.empty()) return y;
  // A value of the wanted shape; its elements do not matter.
  const Type type = c.type(y);
  ir::ValueId like = type == Type::float32 ? y : c.build().node(op_code::cast, {y}, Type::float32);
  for (int32_t place : dynamic) {
    std::vector<int32_t> after = range(static_cast<int32_t>(wanted.size()) - place);
    after.erase(after.begin());
    ir::ValueId line = c.insert_ones(line_of(c, wanted[static_cast<size_t>(place)].symbol), after);
    like = c.build().add(like, line);
  }
  return c.build().node(op_code::broadcast_to, {y, like}, type);
}

}  // namespace

ir::ValueId NodeImport::insert_ones(ir::ValueId x, const std::vector<int32_t>& axes) {
  const ShapeBounds in = shape(x);
  const Type t = type(x);
  const auto total = in.rank + static_cast<int32_t>(axes.size());
  if (axes.empty()) return x;
  if (total > kMaxRank) {
    error("rank " + std::to_string(total), "the limit is 8");
    return ir::kNone;
  }
  std::vector<int32_t> from;
  for (int32_t i = 0, next = 0; i < total; ++i) from.push_back(contains(axes, i) ? -1 : next++);
  auto reshape = [&](ir::ValueId v, const std::vector<int32_t>& sizes) {
    ReshapeAttrs a{};
    for (int32_t s : sizes) a.shape[a.count++] = s;
    return build().node(op_code::reshape, a, {v}, t);
  };
  if (auto sizes = reshape_sizes(in, from)) return reshape(x, *sizes);
  // At the end they move nothing.
  std::vector<int32_t> appended = range(in.rank);
  appended.resize(static_cast<size_t>(total), -1);
  TransposeAttrs order{};
  int32_t next_one = in.rank;
  for (int32_t f : from) order.permutation[order.count++] = f < 0 ? next_one++ : f;
  return build().node(op_code::transpose, order, {reshape(x, *reshape_sizes(in, appended))}, t);
}

ir::ValueId NodeImport::drop_ones(ir::ValueId x, const std::vector<int32_t>& axes) {
  const ShapeBounds in = shape(x);
  const Type t = type(x);
  if (axes.empty()) return x;
  std::vector<int32_t> kept;
  for (int32_t i = 0; i < in.rank; ++i) {
    if (!contains(axes, i)) {
      kept.push_back(i);
    } else if (in.dims[i].max != 1) {
      error("dimension " + std::to_string(i) + " of " + ir::shape_text(in) + " is not 1");
      return ir::kNone;
    }
  }
  auto sizes = reshape_sizes(in, kept);
  if (!sizes) {
    // At the end they move nothing.
    TransposeAttrs order{};
    for (int32_t k : kept) order.permutation[order.count++] = k;
    for (int32_t a : axes) order.permutation[order.count++] = a;
    x = build().node(op_code::transpose, order, {x}, t);
    sizes = reshape_sizes(shape(x), range(static_cast<int32_t>(kept.size())));
  }
  ReshapeAttrs a{};
  for (int32_t s : *sizes) a.shape[a.count++] = s;
  return build().node(op_code::reshape, a, {x}, t);
}

void NodeImport::define_expanded(ir::ValueId x, size_t i) {
  auto elements = x == ir::kNone ? std::nullopt : size_elements(*this, i);
  auto is_known = [](const Element& e) { return e.is_number(); };
  if (elements && !std::all_of(elements->begin(), elements->end(), is_known))
    return define(0, expanded(*this, x, std::move(*elements)));
  auto given = constant_ints(i);
  if (!given || x == ir::kNone) return;
  std::vector<int64_t> wanted = *given;
  const auto own = static_cast<size_t>(rank(x));
  if (wanted.size() < own) wanted.insert(wanted.begin(), own - wanted.size(), 1);
  int64_t bytes = static_cast<int64_t>(type_bytes(type(x)));
  bool is_empty = false;
  std::vector<int32_t> target;
  for (int64_t w : wanted) {
    if (w < 0 || w > INT32_MAX || (w != 0 && !checked_mul(bytes, w, &bytes)))
      return error("a size of " + std::to_string(w) + " in the shape");
    is_empty = is_empty || w == 0;
    target.push_back(static_cast<int32_t>(w));
  }
  if (wanted.size() > kMaxRank)
    return error("a shape of rank " + std::to_string(wanted.size()), "the limit is 8");
  if (is_empty) return define_empty(0, type(x), wanted);
  if (is_constant(x) && shape(x).max().elements() == 1 && bytes <= kMaxMadeBytes)
    return define(0, filled(*this, x, target, bytes));
  ir::ValueId y = insert_ones(x, range(static_cast<int32_t>(wanted.size() - own)));
  if (y != ir::kNone && !failed()) define(0, tiled(*this, y, target));
}

}  // namespace mote::onnx_import
