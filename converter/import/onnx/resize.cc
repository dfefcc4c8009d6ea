// Resize, Upsample. Height and width by the operators that Mote has, where they compute the same;
// everything else axis by axis: a gather, or a product with a constant matrix.
#include <algorithm>
#include <cmath>

#include "import/onnx/channels.h"
#include "import/onnx/resize_weights.h"
#include "ops/resize_nearest/nearest.h"

namespace mote::onnx_import {
namespace {

// Of one dimension. `m` is 0 where only the scale is known.
struct Resized {
  bool given = false;  // the scale is an operand; else it follows from the size
  double scale = 1;
  int64_t m = 0;
  double roi_begin = 0, roi_end = 1;
};
using Plan = std::vector<Resized>;

// Larger matrices than this, or more taps, no honest model has.
constexpr int64_t kMaxElements = int64_t{1} << 26;

template <class T>
bool choose(NodeImport& c, const std::string& text, const char* what,
            std::initializer_list<std::pair<const char*, T>> list, T* out) {
  for (const auto& [name, value] : list)
    if (text == name) return *out = value, true;
  c.error(std::string(what) + " '" + text + "' is not known");
  return false;
}

bool read_method(NodeImport& c, bool full, ResizeMethod* method) {
  using enum Coordinates;
  bool ok = choose<Interpolation>(c, c.attr_string("mode", "nearest"), "the mode",
                                  {{"nearest", Interpolation::nearest},
                                   {"linear", Interpolation::linear},
                                   {"cubic", Interpolation::cubic}},
                                  &method->interpolation);
  method->coordinates = asymmetric;
  method->rounding = kMoteNearestFloor;
  if (!full) return ok;
  ok &= choose<Coordinates>(c, c.attr_string("coordinate_transformation_mode", "half_pixel"),
                            "the coordinate transformation",
                            {{"half_pixel", half_pixel},
                             {"half_pixel_symmetric", half_pixel_symmetric},
                             {"pytorch_half_pixel", pytorch_half_pixel},
                             {"align_corners", align_corners},
                             {"asymmetric", asymmetric},
                             {"tf_half_pixel_for_nn", tf_half_pixel_for_nn},
                             {"tf_crop_and_resize", tf_crop_and_resize}},
                            &method->coordinates);
  ok &= choose<int32_t>(c, c.attr_string("nearest_mode", "round_prefer_floor"), "the rounding",
                        {{"floor", kMoteNearestFloor},
                         {"ceil", kMoteNearestCeil},
                         {"round_prefer_floor", kMoteNearestPreferFloor},
                         {"round_prefer_ceil", kMoteNearestPreferCeil}},
                        &method->rounding);
  method->cubic_a = c.attr_float("cubic_coeff_a", -0.75F);
  method->exclude_outside = c.attr_int("exclude_outside", 0) != 0;
  method->antialias = c.attr_int("antialias", 0) != 0;
  return ok;
}

// ---- Sizes ----

bool plan_scales(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& axes,
                 const std::vector<double>& scales, Plan* plan) {
  if (scales.size() != axes.size()) {
    c.error(std::to_string(scales.size()) + " scales for " + std::to_string(axes.size()) + " axes");
    return false;
  }
  for (size_t i = 0; i < axes.size(); ++i) {
    Dim d = c.shape(x).dims[axes[i]];
    Resized& r = (*plan)[static_cast<size_t>(axes[i])];
    r.given = true;
    r.scale = scales[i];
    if (!(r.scale > 0) || !(d.max * r.scale < 0x1p31)) {
      c.error("a scale of " + std::to_string(r.scale));
      return false;
    }
    // In float32, as the operand is.
    if (d.is_static())
      r.m = static_cast<int64_t>(static_cast<float>(d.max) * static_cast<float>(r.scale));
    if (d.is_static() && r.m < 1) {
      c.error("a result without elements");
      return false;
    }
  }
  return true;
}

// keep_aspect_ratio_policy: one scale for all axes, and the sizes that it gives.
bool keep_ratio(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& axes, bool larger,
                Plan* plan) {
  double scale = 0;
  for (int32_t axis : axes) {
    Dim d = c.shape(x).dims[axis];
    double ratio = static_cast<double>((*plan)[static_cast<size_t>(axis)].m) / d.max;
    if (!d.is_static() || ratio == 0) {
      c.error("keep_aspect_ratio_policy needs static sizes");
      return false;
    }
    scale = scale == 0 ? ratio : larger ? std::max(scale, ratio) : std::min(scale, ratio);
  }
  for (int32_t axis : axes) {
    Resized& r = (*plan)[static_cast<size_t>(axis)];
    r.scale = scale;
    r.m = std::max<int64_t>(
        1, static_cast<int64_t>(std::floor(c.shape(x).dims[axis].max * scale + 0.5)));
  }
  return true;
}

bool plan_sizes(NodeImport& c, ir::ValueId x, const std::vector<int32_t>& axes,
                const std::vector<int32_t>& sizes, Plan* plan) {
  if (sizes.size() != axes.size()) {
    c.error(std::to_string(sizes.size()) + " sizes for " + std::to_string(axes.size()) + " axes");
    return false;
  }
  for (size_t i = 0; i < axes.size(); ++i) {
    Dim d = c.shape(x).dims[axes[i]];
    Resized& r = (*plan)[static_cast<size_t>(axes[i])];
    if (sizes[i] < 0) {
      c.error("a size that is only known at run", "make the input's shape static");
      return false;
    }
    r.m = sizes[i];  // 0: that of x
    if (r.m != 0) r.scale = static_cast<double>(r.m) / d.max;
    if (r.m != 0 && !d.is_static() && c.attr_string("mode", "nearest") == "cubic") {
      c.error("cubic interpolation of a dynamic dimension", "make the input's shape static");
      return false;
    }
  }
  std::string policy = c.attr_string("keep_aspect_ratio_policy", "stretch");
  bool larger = policy == "not_smaller";
  return policy == "stretch" || keep_ratio(c, x, axes, larger, plan);
}

bool plan_roi(NodeImport& c, const std::vector<int32_t>& axes, Plan* plan) {
  auto roi = c.constant_reals(1);
  if (!roi) return false;
  if (roi->size() != 2 * axes.size()) {
    c.error(std::to_string(roi->size()) + " bounds of a region; expected two for each axis");
    return false;
  }
  for (size_t i = 0; i < axes.size(); ++i) {
    Resized& r = (*plan)[static_cast<size_t>(axes[i])];
    r.roi_begin = (*roi)[i];
    r.roi_end = (*roi)[axes.size() + i];
    if (!(std::fabs(r.roi_begin) < 0x1p20) || !(std::fabs(r.roi_end) < 0x1p20)) {
      c.error("a region that begins or ends at infinity");
      return false;
    }
  }
  return true;
}

// ---- By operators ----

bool is_unchanged(const ResizeMethod& method, Dim d, const Resized& r) {
  if (method.coordinates == Coordinates::tf_crop_and_resize) return false;
  bool size = r.m == 0 ? r.scale == 1 : d.is_static() && r.m == d.max;
  return size && r.scale == 1;
}

// A scale that may give a length between two sizes.
bool is_fractional(const Resized& r) { return r.given && r.scale != std::round(r.scale); }

// MoteCoordinateMode; -1: neither operator has it.
int32_t mode_of(const ResizeMethod& method, const Resized& h, const Resized& w) {
  switch (method.coordinates) {
    case Coordinates::half_pixel:
      return kMoteHalfPixel;
    case Coordinates::pytorch_half_pixel:
      return h.m == 1 || w.m == 1 ? -1 : kMoteHalfPixel;
    case Coordinates::align_corners:
      return is_fractional(h) || is_fractional(w) ? -1 : kMoteAlignCorners;
    case Coordinates::asymmetric:
      return kMoteAsymmetric;
    default:
      return -1;
  }
}

ResizeAxis axis_of(Dim d, const Resized& r) {
  auto m = static_cast<int32_t>(r.m == 0 ? d.max : r.m);
  return {d.max, m, r.scale, r.roi_begin, r.roi_end};
}

// Whether resize_nearest, which computes in float32, takes the same elements.
bool takes_the_same(const ResizeMethod& method, Dim d, const Resized& r, int32_t mode,
                    float scale) {
  if (!d.is_static()) return true;
  ResizeAxis axis = axis_of(d, r);
  resize::Axis own = resize::make_axis(axis.n, axis.m, mode, scale);
  for (int32_t i = 0; i < axis.m; ++i)
    if (resize::nearest_index(own, method.rounding, i) != nearest_of(method, axis, i)) return false;
  return true;
}

template <class Attrs>
void fill(const Resized& h, const Resized& w, int32_t mode, Attrs* a) {
  a->mode = mode;
  a->out_h = static_cast<int32_t>(h.m);
  a->out_w = static_cast<int32_t>(w.m);
  a->scale_h = h.given || h.m == 0 ? static_cast<float>(h.scale) : 0;
  a->scale_w = w.given || w.m == 0 ? static_cast<float>(w.scale) : 0;
}

// Height and width by one operator; kNone when there is none that computes the same.
ir::ValueId resized_places(NodeImport& c, ir::ValueId x, const ResizeMethod& method,
                           const Plan& plan) {
  const ShapeBounds s = c.shape(x);
  if (s.rank != 3 && s.rank != 4) return ir::kNone;
  for (int i = 0; i < 2; ++i)
    if (!is_unchanged(method, s.dims[i], plan[static_cast<size_t>(i)])) return ir::kNone;
  Resized h{true, 1, 1, 0, 1};
  if (s.rank == 4) h = plan[2];
  const Resized& w = plan.back();
  const Dim height = s.rank == 4 ? s.dims[2] : Dim{1, 1}, width = s.dims[s.rank - 1];
  int32_t mode = mode_of(method, h, w);
  if (mode < 0 || method.interpolation == Interpolation::cubic || method.antialias ||
      height.max > resize::kMaxSize || width.max > resize::kMaxSize)
    return ir::kNone;
  if (method.interpolation == Interpolation::linear) {
    if (method.exclude_outside || c.type(x) != Type::float32) return ir::kNone;
    ResizeBilinearAttrs a{};
    fill(h, w, mode, &a);
    ir::ValueId y = c.build().node(op_code::resize_bilinear, a, {channels_last(c, x)});
    return channels_first(c, y, s.rank);
  }
  ResizeNearestAttrs a{};
  fill(h, w, mode, &a);
  a.rounding = method.rounding;
  if (!takes_the_same(method, height, h, mode, a.scale_h) ||
      !takes_the_same(method, width, w, mode, a.scale_w))
    return ir::kNone;
  ir::ValueId y = c.build().node(op_code::resize_nearest, a, {channels_last(c, x)}, c.type(x));
  return channels_first(c, y, s.rank);
}

// ---- Axis by axis ----

ir::ValueId gathered(NodeImport& c, ir::ValueId x, int32_t axis, const ResizeMethod& method,
                     const ResizeAxis& a) {
  std::vector<int32_t> indices;
  for (int32_t i = 0; i < a.m; ++i)
    indices.push_back(static_cast<int32_t>(std::max<int64_t>(nearest_of(method, a, i), 0)));
  ir::ValueId list = c.build().constant("places", Type::int32, {a.m}, indices);
  return c.build().node(op_code::gather, GatherAttrs{axis, 0}, {x, list}, c.type(x));
}

// x as [elements before, n, elements after] times a matrix [m, n].
ir::ValueId multiplied(NodeImport& c, ir::ValueId x, int32_t axis, const ResizeMethod& method,
                       const ResizeAxis& a) {
  std::vector<float> matrix(static_cast<size_t>(a.n) * static_cast<size_t>(a.m));
  for (int32_t i = 0; i < a.m; ++i) {
    Taps taps = taps_of(method, a, i);
    std::vector<double> row(static_cast<size_t>(a.n));
    for (size_t k = 0; k < taps.weights.size(); ++k)
      row[static_cast<size_t>(std::clamp<int64_t>(taps.first + static_cast<int64_t>(k), 0,
                                                  int64_t{a.n} - 1))] += taps.weights[k];
    std::transform(row.begin(), row.end(), matrix.begin() + int64_t{i} * a.n,
                   [](double v) { return static_cast<float>(v); });
  }
  const ShapeBounds s = c.shape(x);
  int64_t after = 1;
  int32_t dynamic = 0;
  std::vector<int32_t> back;
  for (int i = 0; i < s.rank; ++i) {
    if (!s.dims[i].is_static()) ++dynamic;
    if (i > axis) after *= s.dims[i].max;
    if (i > axis && !s.dims[i].is_static()) dynamic = 2;
    back.push_back(i == axis ? a.m : s.dims[i].is_static() ? s.dims[i].max : -1);
  }
  if (dynamic > 1 || after > INT32_MAX) {
    c.error("interpolation of a tensor with several dynamic dimensions",
            "make all but the batch static");
    return ir::kNone;
  }
  Builder& b = c.build();
  ir::ValueId weights = b.constant("weights", Type::float32, {a.m, a.n}, matrix);
  ir::ValueId planes = b.reshape(x, {-1, a.n, static_cast<int32_t>(after)});
  return b.reshape(b.matmul(weights, planes, false, false), back);
}

// `value` where some axis lies outside of the crop. Rows of weights are zero there already; what a
// gather took is not.
ir::ValueId extrapolated(NodeImport& c, ir::ValueId y, const ResizeMethod& method,
                         const std::vector<ResizeAxis>& axes, double value) {
  Builder& b = c.build();
  std::vector<int32_t> shape;
  int64_t count = 1;
  for (const ResizeAxis& a : axes) {
    shape.push_back(a.m);
    count *= a.m;
    if (count > kMaxElements) {
      c.error("a crop of more than 2^26 elements");
      return ir::kNone;
    }
  }
  std::vector<float> inside(static_cast<size_t>(count), 1), outside(inside.size(), 0);
  for (int64_t at = 0; at < count; ++at) {
    int64_t rest = at;
    for (size_t d = axes.size(); d-- > 0; rest /= shape[d])
      if (nearest_of(method, axes[d], static_cast<int32_t>(rest % shape[d])) < 0) {
        inside[static_cast<size_t>(at)] = 0;
        outside[static_cast<size_t>(at)] = static_cast<float>(value);
      }
  }
  y = b.mul(y, b.constant("inside", Type::float32, shape, inside));
  return b.add(y, b.constant("outside", Type::float32, shape, outside));
}

ir::ValueId resized_axes(NodeImport& c, ir::ValueId x, const ResizeMethod& method, const Plan& plan,
                         double extrapolation) {
  bool nearest = method.interpolation == Interpolation::nearest;
  bool crop = method.coordinates == Coordinates::tf_crop_and_resize;
  if ((!nearest || crop) && c.type(x) != Type::float32) {
    c.error("interpolation of this element type is not supported", "cast to float32 before");
    return ir::kNone;
  }
  ir::ValueId y = x;
  std::vector<ResizeAxis> axes;
  for (int32_t i = 0; i < static_cast<int32_t>(plan.size()); ++i) {
    Dim d = c.shape(x).dims[i];
    const Resized& r = plan[static_cast<size_t>(i)];
    ResizeAxis a = axis_of(d, r);
    axes.push_back(a);
    if (is_unchanged(method, d, r)) continue;
    if (!d.is_static()) {
      c.error("this interpolation of a dynamic dimension", "make the input's shape static");
      return ir::kNone;
    }
    double taps = method.antialias ? 4 / std::min(r.scale, 1.0) : 4;
    if (int64_t{a.n} * a.m > kMaxElements || !(a.m * taps < static_cast<double>(kMaxElements))) {
      c.error("an axis of " + std::to_string(a.n) + " and " + std::to_string(a.m) +
              " elements is too long for this interpolation");
      return ir::kNone;
    }
    y = nearest ? gathered(c, y, i, method, a) : multiplied(c, y, i, method, a);
    if (c.failed()) return ir::kNone;
  }
  return crop ? extrapolated(c, y, method, axes, extrapolation) : y;
}

void resize(NodeImport& c, ir::ValueId x, const ResizeMethod& method, const Plan& plan) {
  bool unchanged = true;
  for (int32_t i = 0; i < c.rank(x); ++i)
    unchanged &= is_unchanged(method, c.shape(x).dims[i], plan[static_cast<size_t>(i)]);
  ir::ValueId y = unchanged ? x : resized_places(c, x, method, plan);
  if (y == ir::kNone && !c.failed())
    y = resized_axes(c, x, method, plan, c.attr_float("extrapolation_value", 0));
  if (y != ir::kNone && !c.failed()) c.define(0, y);
}

std::vector<int32_t> all_axes(int32_t rank) {
  std::vector<int32_t> axes;
  for (int32_t i = 0; i < rank; ++i) axes.push_back(i);
  return axes;
}

// In the order of the attribute, which is that of scales and sizes.
std::optional<std::vector<int32_t>> named_axes(NodeImport& c, int32_t rank) {
  if (!c.has_attr("axes")) return all_axes(rank);
  std::vector<int32_t> axes;
  for (int64_t given : c.attr_ints("axes")) {
    int32_t axis = c.axis(given, rank);
    if (axis < 0) return std::nullopt;
    if (std::find(axes.begin(), axes.end(), axis) != axes.end()) {
      c.error("an axis is named twice");
      return std::nullopt;
    }
    axes.push_back(axis);
  }
  return axes;
}

// The sizes of the named axes; from Shape arithmetic where these are all axes.
std::optional<std::vector<int32_t>> sizes_of(NodeImport& c, ir::ValueId x, size_t count) {
  if (static_cast<int32_t>(count) == c.rank(x)) return c.target_shape(3, x);
  auto list = c.constant_ints(3);
  if (!list) return std::nullopt;
  std::vector<int32_t> out;
  for (int64_t n : *list)
    out.push_back(static_cast<int32_t>(std::clamp<int64_t>(n, -1, INT32_MAX)));
  return out;
}

}  // namespace

void import_resize(NodeImport& c) {
  ir::ValueId x = c.input(0);
  ResizeMethod method;
  bool full = c.opset() >= 11;
  if (x == ir::kNone || !read_method(c, full, &method)) return;
  auto axes = named_axes(c, c.rank(x));
  if (!axes) return;
  Plan plan(static_cast<size_t>(c.rank(x)));
  if (method.coordinates == Coordinates::tf_crop_and_resize && !plan_roi(c, *axes, &plan)) return;
  if (full && c.has(3)) {
    auto sizes = sizes_of(c, x, axes->size());
    if (!sizes || !plan_sizes(c, x, *axes, *sizes, &plan)) return;
  } else {
    auto scales = c.constant_reals(full ? 2 : 1);
    if (!scales || !plan_scales(c, x, *axes, *scales, &plan)) return;
  }
  resize(c, x, method, plan);
}

void import_upsample(NodeImport& c) {
  ir::ValueId x = c.input(0);
  ResizeMethod method;
  if (x == ir::kNone || !read_method(c, false, &method)) return;
  std::vector<double> scales;
  if (c.opset() >= 9) {
    auto given = c.constant_reals(1);
    if (!given) return;
    scales = *given;
  } else {
    for (float s : c.attr_floats("scales")) scales.push_back(s);
  }
  Plan plan(static_cast<size_t>(c.rank(x)));
  if (plan_scales(c, x, all_axes(c.rank(x)), scales, &plan)) resize(c, x, method, plan);
}

}  // namespace mote::onnx_import
