#include "import/shape_values.h"

#include <algorithm>

#include "ops/attributes.h"

namespace mote {
namespace {

using Element = ShapeValues::Element;
using Elements = std::vector<Element>;

// Shapes have at most 8 sizes; what is put together on the way stays small.
constexpr int64_t kMaxElements = 64;

bool is_integer(Type t) { return t == Type::int32 || t == Type::int64; }

bool is_elementwise(uint16_t op) {
  switch (op) {
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
      return true;
    default:
      return false;
  }
}

// The output has the first input's shape.
bool keeps_shape(uint16_t op) {
  switch (op) {
    case op_code::activation:
    case op_code::math:
    case op_code::cast:
    case op_code::quantize:
    case op_code::dequantize:
    case op_code::requantize:
    case op_code::fake_quant:
    case op_code::softmax:
    case op_code::log_softmax:
    case op_code::layer_norm:
    case op_code::rms_norm:
    case op_code::group_norm:
    case op_code::batch_norm:
    case op_code::l2_normalize:
    case op_code::local_response_norm:
    case op_code::cum_sum:
    case op_code::trilu:
    case op_code::reverse:
      return true;
    default:
      return false;
  }
}

// Operators whose first dimension is the first input's batch.
bool keeps_batch(uint16_t op) {
  switch (op) {
    case op_code::conv2d:
    case op_code::depthwise_conv2d:
    case op_code::transpose_conv2d:
    case op_code::max_pool2d:
    case op_code::avg_pool2d:
    case op_code::l2_pool2d:
    case op_code::resize_bilinear:
    case op_code::resize_nearest:
      return true;
    default:
      return false;
  }
}

Element arithmetic(uint16_t op, const Element& a, const Element& b) {
  const bool both = a.is_number() && b.is_number();
  const int64_t x = a.number, y = b.number;
  // Sizes stay below this, so that no product overflows.
  constexpr int64_t kLimit = INT32_MAX;
  const bool small = both && x > -kLimit && x < kLimit && y > -kLimit && y < kLimit;
  switch (op) {
    case op_code::add:
      if (small) return Element::of(x + y);
      if (b == Element::of(0)) return a;
      return a == Element::of(0) ? b : Element();
    case op_code::sub:
      if (small) return Element::of(x - y);
      return b == Element::of(0) ? a : Element();
    case op_code::mul:
      if (small) return Element::of(x * y);
      if (b == Element::of(1)) return a;
      return a == Element::of(1) ? b : Element();
    case op_code::div:
    case op_code::floor_div:
      // Sizes are positive: truncating and flooring are the same.
      if (small && x >= 0 && y > 0) return Element::of(x / y);
      return b == Element::of(1) ? a : Element();
    default:
      return Element();
  }
}

// Sizes are at least 1, so they differ from every smaller number.
Element equal(const Element& a, const Element& b) {
  if (a.is_number() && b.is_number()) return Element::of(a.number == b.number);
  if (a.kind == Element::Kind::size && a == b) return Element::of(1);
  const bool differ = (a.is_number() && a.number < 1 && b.kind == Element::Kind::size) ||
                      (b.is_number() && b.number < 1 && a.kind == Element::Kind::size);
  return differ ? Element::of(0) : Element();
}

Element at(const Elements& list, size_t i) { return list[list.size() == 1 ? 0 : i]; }

// The product, where at most one of the elements is not a number, and the others are 1.
Element product(const Elements& list) {
  Element p = Element::of(1);
  for (const Element& e : list) p = arithmetic(op_code::mul, p, e);
  return p;
}

Elements sliced(const StridedSliceAttrs& a, const Elements& x) {
  const auto n = static_cast<int64_t>(x.size());
  auto place = [&](int64_t v, int64_t lo, int64_t hi) {
    return std::clamp<int64_t>(v < 0 ? v + n : v, lo, hi);
  };
  if ((a.shrink_mask & 1) != 0) {
    int64_t i = a.begin[0] < 0 ? a.begin[0] + n : a.begin[0];
    return i >= 0 && i < n ? Elements{x[static_cast<size_t>(i)]} : Elements{};
  }
  const int64_t step = a.strides[0], lo = step > 0 ? 0 : -1, hi = step > 0 ? n : n - 1;
  int64_t begin = (a.begin_mask & 1) != 0 ? (step > 0 ? lo : hi) : place(a.begin[0], lo, hi);
  int64_t end = (a.end_mask & 1) != 0 ? (step > 0 ? hi : lo) : place(a.end[0], lo, hi);
  Elements out;
  if (step == 0) return out;
  for (int64_t i = begin; step > 0 ? i < end : i > end; i += step)
    out.push_back(x[static_cast<size_t>(i)]);
  return out;
}

// Dimension `i` is taken whole, in order.
bool takes_all(const StridedSliceAttrs& a, int32_t i) {
  if (i >= a.count) return true;
  const bool from_first = (a.begin_mask >> i & 1) != 0 || a.begin[i] == 0;
  const bool to_last = (a.end_mask >> i & 1) != 0 || a.end[i] == INT32_MAX;
  return a.strides[i] == 1 && from_first && to_last && (a.shrink_mask >> i & 1) == 0;
}

}  // namespace

void ShapeValues::update() {
  known_.resize(graph_.values.size());
  // The body of a branch that is run later is taken out again.
  visited_ = std::min(visited_, graph_.nodes.size());
  for (; visited_ < graph_.nodes.size(); ++visited_) visit(graph_.nodes[visited_]);
}

void ShapeValues::visit(const ir::Node& node) {
  follow_elements(node);
  follow_sizes(node);
}

const Elements* ShapeValues::elements(ir::ValueId v) {
  update();
  Known& k = known(v);
  if (!k.has_elements) k.has_elements = constant_elements(v, &k.elements);
  return k.has_elements ? &k.elements : nullptr;
}

Element ShapeValues::size(ir::ValueId v, int32_t dimension) {
  update();
  return size_of(v, dimension);
}

Element ShapeValues::size_of(ir::ValueId v, int32_t dimension) {
  const ShapeBounds& shape = graph_.value(v).shape;
  if (shape.dims[dimension].is_static()) return Element::of(shape.dims[dimension].max);
  std::vector<Element>& sizes = known(v).sizes;
  sizes.resize(static_cast<size_t>(shape.rank));
  Element& e = sizes[static_cast<size_t>(dimension)];
  if (e.kind == Element::Kind::unknown) {
    e = Element::size_of(static_cast<int32_t>(places_.size()));
    places_.push_back({v, dimension});
  }
  return e;
}

bool ShapeValues::constant_elements(ir::ValueId v, Elements* out) const {
  const ir::Value& value = graph_.value(v);
  const bool is_known_type = is_integer(value.type) || value.type == Type::boolean;
  if (value.kind != TensorKind::constant || !is_known_type) return false;
  if (value.shape.rank > 1 || value.shape.max().elements() > kMaxElements) return false;
  const auto count = static_cast<size_t>(value.shape.max().elements());
  for (size_t i = 0; i < count; ++i)
    out->push_back(Element::of(value.type == Type::int32   ? value.as<int32_t>()[i]
                               : value.type == Type::int64 ? value.as<int64_t>()[i]
                                                           : value.as<uint8_t>()[i]));
  return true;
}

void ShapeValues::follow_elements(const ir::Node& node) {
  if (node.outputs.size() != 1 || node.inputs.empty()) return;
  const ir::Value& y = graph_.value(node.outputs[0]);
  const bool is_known_type = is_integer(y.type) || y.type == Type::boolean;
  if (!is_known_type || y.shape.rank > 1 || !y.shape.is_static()) return;
  const int64_t count = y.shape.max().elements();
  Elements result;
  if (count > kMaxElements || !computed(node, &result)) return;
  if (result.size() != static_cast<size_t>(count)) return;
  known(node.outputs[0]).elements = std::move(result);
  known(node.outputs[0]).has_elements = true;
}

// The elements of a node's result; false when nothing is known of them.
bool ShapeValues::computed(const ir::Node& node, Elements* out) {
  if (node.op == op_code::shape_of) {
    const int32_t rank = graph_.value(node.inputs[0]).shape.rank;
    for (int32_t i = 0; i < rank; ++i) out->push_back(size_of(node.inputs[0], i));
    return true;
  }
  std::vector<Elements> in;
  for (ir::ValueId v : node.inputs) {
    Elements list;
    if (v == ir::kNone) return false;
    if (known(v).has_elements)
      list = known(v).elements;
    else if (!constant_elements(v, &list))
      return false;
    if (list.empty()) return false;
    in.push_back(std::move(list));
  }
  // A node that its operator refused may lack operands.
  const size_t needed = node.op == op_code::select                              ? 3
                        : is_elementwise(node.op) || node.op == op_code::gather ? 2
                                                                                : 1;
  if (in.size() < needed) return false;
  size_t longest = 0;
  for (const Elements& list : in) longest = std::max(longest, list.size());
  auto each = [&](auto&& f) {
    for (size_t i = 0; i < longest; ++i) out->push_back(f(i));
    return true;
  };
  switch (node.op) {
    case op_code::cast:
    case op_code::reshape:
      *out = in[0];
      return true;
    case op_code::concat:
      for (const Elements& list : in) out->insert(out->end(), list.begin(), list.end());
      return true;
    case op_code::strided_slice:
      if (graph_.value(node.inputs[0]).shape.rank == 1)
        *out = sliced(node.attrs<StridedSliceAttrs>(), in[0]);
      return !out->empty();
    case op_code::gather:
      for (const Element& index : in[1]) {
        const bool fits = index.is_number() && index.number >= 0 &&
                          index.number < static_cast<int64_t>(in[0].size());
        out->push_back(fits ? in[0][static_cast<size_t>(index.number)] : Element());
      }
      return true;
    case op_code::reduce:
      if (node.attrs<ReduceAttrs>().kind != kMoteReduceProd) return false;
      out->push_back(product(in[0]));
      return true;
    case op_code::compare:
      if (node.attrs<CompareAttrs>().kind != kMoteEqual) return false;
      return each([&](size_t i) { return equal(at(in[0], i), at(in[1], i)); });
    case op_code::select:
      return each([&](size_t i) {
        Element c = at(in[0], i);
        if (!c.is_number()) return Element();
        return at(in[c.number != 0 ? 1 : 2], i);
      });
    case op_code::add:
    case op_code::sub:
    case op_code::mul:
    case op_code::div:
    case op_code::floor_div:
      return each([&](size_t i) { return arithmetic(node.op, at(in[0], i), at(in[1], i)); });
    default:
      return false;
  }
}

void ShapeValues::follow_sizes(const ir::Node& node) {
  for (ir::ValueId v : node.outputs) {
    const ShapeBounds& shape = graph_.value(v).shape;
    if (shape.is_static()) continue;
    std::vector<Element> sizes(static_cast<size_t>(shape.rank));
    for (int32_t i = 0; i < shape.rank && v == node.outputs[0]; ++i)
      if (!shape.dims[i].is_static()) sizes[static_cast<size_t>(i)] = result_size(node, i);
    known(v).sizes = std::move(sizes);
  }
}

// Dimension `i` of an elementwise result: the sizes that are not 1 must be known to be equal.
Element ShapeValues::broadcast_size(const ir::Node& node, int32_t i) {
  const int32_t rank = graph_.value(node.outputs[0]).shape.rank;
  Element common;
  for (ir::ValueId v : node.inputs) {
    const int32_t d = v == ir::kNone ? -1 : i - (rank - graph_.value(v).shape.rank);
    if (d < 0 || size_of(v, d) == Element::of(1)) continue;
    const Element e = size_of(v, d);
    if (common.kind == Element::Kind::unknown) common = e;
    if (!(e == common)) return Element();
  }
  return common;
}

Element ShapeValues::product_size(const ir::Node& node, int32_t i) {
  const auto a = node.attrs<BatchMatmulAttrs>();
  const int32_t rank = graph_.value(node.outputs[0]).shape.rank;
  const ShapeBounds& x = graph_.value(node.inputs[0]).shape;
  const ShapeBounds& w = graph_.value(node.inputs[1]).shape;
  if (i == rank - 1) return size_of(node.inputs[1], w.rank - (a.transpose_b != 0 ? 2 : 1));
  if (i == rank - 2) return size_of(node.inputs[0], x.rank - (a.transpose_a != 0 ? 1 : 2));
  if (x.rank != rank) return Element();
  const Element own = size_of(node.inputs[0], i);
  const bool is_whole = x.dims[i].min > 1 || (w.rank == rank && own == size_of(node.inputs[1], i));
  return is_whole ? own : Element();
}

Element ShapeValues::gathered_size(const ir::Node& node, int32_t i) {
  const auto a = node.attrs<GatherAttrs>();
  const int32_t rank = graph_.value(node.inputs[1]).shape.rank;
  if (a.batch_dims != 0) return Element();
  if (i < a.axis) return size_of(node.inputs[0], i);
  return i < a.axis + rank ? size_of(node.inputs[1], i - a.axis)
                           : size_of(node.inputs[0], i - rank + 1);
}

// The same place; or the only dynamic size on both sides, times the same number of elements.
Element ShapeValues::reshaped_size(const ir::Node& node, int32_t i) {
  const auto a = node.attrs<ReshapeAttrs>();
  const ShapeBounds& x = graph_.value(node.inputs[0]).shape;
  const ShapeBounds& y = graph_.value(node.outputs[0]).shape;
  if (a.shape[i] == 0) return size_of(node.inputs[0], i);
  int64_t before = 1, after = 1;
  int32_t dynamic = -1, dynamic_before = 0, dynamic_after = 0;
  auto stays = [&](int32_t d) { return d < y.rank && a.shape[d] == 0; };
  for (int32_t d = 0; d < x.rank; ++d) {
    if (x.dims[d].is_static()) before *= x.dims[d].max;
    if (x.dims[d].is_static() || stays(d)) continue;
    dynamic = d;
    ++dynamic_before;
  }
  for (int32_t d = 0; d < y.rank; ++d) {
    if (y.dims[d].is_static()) after *= y.dims[d].max;
    if (!y.dims[d].is_static() && !stays(d)) ++dynamic_after;
  }
  const bool is_same = dynamic_before == 1 && dynamic_after == 1 && before == after;
  return is_same ? size_of(node.inputs[0], dynamic) : Element();
}

// Dimension `i` of a result from which some of the input's dimensions are gone.
Element ShapeValues::remaining_size(const ir::Node& node, int32_t i) {
  const bool is_slice = node.op == op_code::strided_slice;
  const auto slice = is_slice ? node.attrs<StridedSliceAttrs>() : StridedSliceAttrs{};
  const auto reduce = is_slice ? ReduceAttrs{} : node.attrs<ReduceAttrs>();
  const int32_t rank = graph_.value(node.inputs[0]).shape.rank;
  auto is_reduced = [&](int32_t d) {
    return std::find(reduce.axes, reduce.axes + reduce.axis_count, d) !=
           reduce.axes + reduce.axis_count;
  };
  auto is_gone = [&](int32_t d) {
    return is_slice ? (slice.shrink_mask >> d & 1) != 0 : reduce.keep_dims == 0 && is_reduced(d);
  };
  int32_t from = 0;
  for (int32_t left = i; from < rank; ++from)
    if (!is_gone(from) && left-- == 0) break;
  if (from >= rank) return Element();
  const bool is_whole = is_slice ? takes_all(slice, from) : !is_reduced(from);
  return is_whole ? size_of(node.inputs[0], from) : Element();
}

// Dimension `i` of the first result, as an input's; unknown where it is not one.
Element ShapeValues::result_size(const ir::Node& node, int32_t i) {
  if (node.inputs.empty() || node.inputs[0] == ir::kNone) return Element();
  const int32_t rank = graph_.value(node.outputs[0]).shape.rank;
  const ir::ValueId x = node.inputs[0];
  if (keeps_shape(node.op) || (keeps_batch(node.op) && i == 0)) return size_of(x, i);
  if (is_elementwise(node.op)) return broadcast_size(node, i);
  switch (node.op) {
    case op_code::transpose:
      return size_of(x, node.attrs<TransposeAttrs>().permutation[i]);
    case op_code::concat:
      return i != node.attrs<ConcatAttrs>().axis ? size_of(x, i) : Element();
    case op_code::broadcast_to:
      return size_of(node.inputs[1], i);
    case op_code::tile:
      return node.attrs<SizesAttrs>().sizes[i] == 1 ? size_of(x, i) : Element();
    case op_code::pad: {
      const auto a = node.attrs<PadAttrs>();
      return a.before[i] == 0 && a.after[i] == 0 ? size_of(x, i) : Element();
    }
    case op_code::fully_connected:
      return i + 1 < rank ? size_of(x, i) : Element();
    case op_code::batch_matmul:
      return product_size(node, i);
    case op_code::gather:
      return gathered_size(node, i);
    case op_code::reshape:
      return reshaped_size(node, i);
    case op_code::strided_slice:
    case op_code::reduce:
      return remaining_size(node, i);
    default:
      return Element();
  }
}

}  // namespace mote
