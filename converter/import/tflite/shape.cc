// RESHAPE, SQUEEZE, EXPAND_DIMS, TRANSPOSE.
#include <algorithm>

#include "import/tflite/op_import.h"
#include "ir/op_view.h"

namespace mote::tflite_import {
namespace {

using Dims = std::vector<int64_t>;

// Where the target shape stands: an operand, the options, or the output tensor itself.
std::optional<Dims> target_shape(OpImport& c) {
  const auto* options = c.options<tfl::ReshapeOptions>();
  int32_t t = c.input_tensor(1);
  Span<const uint8_t> data;
  bool in_range = t >= 0 && static_cast<uint32_t>(t) < c.importer().tensor_count();
  bool constant =
      in_range && (c.importer().constant_data(static_cast<uint32_t>(t), &data) ||
                   !c.importer().is_defined(t) || c.value(c.input(1)).kind == TensorKind::constant);
  if (constant) return c.constant_ints(1);
  if (options != nullptr && size_of(options->new_shape()) != 0) {
    if (size_of(options->new_shape()) > kMaxRank) {
      c.error("a shape of more than 8 dimensions");
      return std::nullopt;
    }
    return Dims(options->new_shape()->begin(), options->new_shape()->end());
  }
  int32_t o = c.output_tensor(0);
  bool declared = o >= 0 && static_cast<uint32_t>(o) < c.importer().tensor_count() &&
                  c.importer().has_static_shape(static_cast<uint32_t>(o));
  if (!declared) {
    c.error("the shape is computed at run", "fold shape arithmetic when exporting the model");
    return std::nullopt;
  }
  const auto* shape = c.importer().tensor(static_cast<uint32_t>(o)).shape();
  return shape == nullptr ? Dims{} : Dims(shape->begin(), shape->end());
}

// A target that the file puts together from sizes of its inputs, in the form of ReshapeAttrs.
// Nothing, and no error, when it is another one.
std::optional<std::vector<int32_t>> computed_shape(OpImport& c, ir::ValueId x) {
  int32_t t = c.input_tensor(1);
  bool defined = t >= 0 && static_cast<uint32_t>(t) < c.importer().tensor_count() &&
                 c.importer().is_defined(t);
  ir::ValueId target = defined ? c.input(1) : ir::kNone;
  if (target == ir::kNone || c.value(target).kind == TensorKind::constant) return std::nullopt;
  ShapeValues& known = c.importer().shape_values();
  const std::vector<ShapeValues::Element>* found = known.elements(target);
  if (found == nullptr || found->size() > kMaxRank) return std::nullopt;
  const std::vector<ShapeValues::Element> elements = *found;
  std::vector<int32_t> dims;
  bool inferred = false;
  for (size_t i = 0; i < elements.size(); ++i) {
    const auto place = static_cast<int32_t>(i);
    if (elements[i].is_number() && elements[i].number != -1) {
      if (elements[i].number < 1 || elements[i].number > INT32_MAX) return std::nullopt;
      dims.push_back(static_cast<int32_t>(elements[i].number));
    } else if (elements[i].kind == ShapeValues::Element::Kind::size &&
               place < c.value(x).shape.rank && known.size(x, place) == elements[i]) {
      dims.push_back(0);
    } else if (!inferred) {
      dims.push_back(-1);
      inferred = true;
    } else {
      c.error("two sizes of the shape are known at run only", "give the inputs a static shape");
      return std::nullopt;
    }
  }
  return dims;
}

// A constant target names the batch of the source. With a dynamic batch the place of that batch
// is what remains; where something else already is, the input's size is copied.
void follow_batch(OpImport& c, const ShapeBounds& x, std::vector<int32_t>* dims) {
  if (dims->empty() || x.rank == 0 || x.dims[0].is_static() || dims->front() < 1) return;
  auto t = static_cast<uint32_t>(c.input_tensor(0));
  const auto* declared = c.importer().tensor(t).shape();
  if (size_of(declared) == 0 || declared->Get(0) != dims->front()) return;
  bool inferred = std::find(dims->begin(), dims->end(), -1) != dims->end();
  dims->front() = inferred ? 0 : -1;
}

std::optional<std::vector<Dim>> dims_without(OpImport& c, const ShapeBounds& x,
                                             const std::vector<bool>& dropped) {
  std::vector<Dim> out;
  for (int i = 0; i < x.rank; ++i) {
    if (!dropped[static_cast<size_t>(i)]) {
      out.push_back(x.dims[i]);
    } else if (x.dims[i].max != 1) {
      c.error("dimension " + std::to_string(i) + " of " + ir::shape_text(x) + " is not 1");
      return std::nullopt;
    }
  }
  return out;
}

void reshape_to(OpImport& c, ir::ValueId x, const std::vector<Dim>& target) {
  ShapeBounds shape = c.value(x).shape;
  auto dims = c.reshape_dims(shape, target);
  if (!dims) return;
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit_reshape(x, *dims, y);
}

}  // namespace

void import_reshape(OpImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  if (auto computed = computed_shape(c, x)) {
    ir::ValueId y = c.output();
    if (!c.failed()) c.emit_reshape(x, *computed, y);
    return;
  }
  if (c.failed()) return;
  std::optional<Dims> target = target_shape(c);
  if (!target) return;
  // Old converters write a scalar as [0].
  if (target->size() == 1 && target->front() == 0) target->clear();
  std::vector<int32_t> dims;
  for (int64_t d : *target) {
    if (d == 0 || d < -1 || d > INT32_MAX)
      return c.error("the target shape holds " + std::to_string(d), "sizes are at least 1, or -1",
                     c.input_tensor(1));
    dims.push_back(static_cast<int32_t>(d));
  }
  follow_batch(c, c.value(x).shape, &dims);
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit_reshape(x, dims, y);
}

void import_squeeze(OpImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  ShapeBounds shape = c.value(x).shape;
  std::vector<bool> dropped(kMaxRank, false);
  const auto* options = c.options<tfl::SqueezeOptions>();
  uint32_t count = options == nullptr ? 0 : size_of(options->squeeze_dims());
  if (count > kMaxRank) return c.error("more than 8 dimensions are squeezed");
  for (uint32_t i = 0; i < count; ++i) {
    auto axis = c.axis(options->squeeze_dims()->Get(i), shape.rank);
    if (!axis) return;
    dropped[static_cast<size_t>(*axis)] = true;
  }
  for (int i = 0; count == 0 && i < shape.rank; ++i)
    dropped[static_cast<size_t>(i)] = shape.dims[i].max == 1;
  auto target = dims_without(c, shape, dropped);
  if (target) reshape_to(c, x, *target);
}

void import_expand_dims(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto place = c.constant_int(1);
  if (c.failed()) return;
  ShapeBounds shape = c.value(x).shape;
  auto axis = c.axis(*place, shape.rank + 1);
  if (!axis) return;
  std::vector<Dim> target(shape.dims, shape.dims + shape.rank);
  target.insert(target.begin() + *axis, Dim{1, 1});
  reshape_to(c, x, target);
}

void import_transpose(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto permutation = c.constant_ints(1);
  if (c.failed()) return;
  ShapeBounds shape = c.value(x).shape;
  TransposeAttrs a{};
  a.count = shape.rank;
  if (permutation->size() != static_cast<size_t>(shape.rank))
    return c.error("a permutation of " + std::to_string(permutation->size()) + " dimensions for " +
                   ir::shape_text(shape));
  for (size_t i = 0; i < permutation->size(); ++i) {
    auto axis = c.axis((*permutation)[i], shape.rank);
    if (!axis) return;
    a.permutation[i] = *axis;
  }
  ir::ValueId y = c.output();
  if (!c.failed()) c.emit(op_code::transpose, a, {x}, y);
}

}  // namespace mote::tflite_import
