// conv3d, l2_pool2d, resize_nearest, grid_sample and what picks boxes.
#include <cmath>
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

template <class T>
T& table_of(Draft& d) {
  return *static_cast<T*>(d.op().attributes.value);
}
std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
std::function<void(Draft&)> drop_dim(size_t tensor) {
  return [=](Draft& d) { d.tensor(tensor).shape.pop_back(); };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) { d.tensor(tensor).type = value; };
}
// A value that an attribute may not have.
template <class T, class M>
Variant number(std::string what, const char* name, M T::* member, M value) {
  return attribute(std::move(what), Code::attribute_range, name,
                   [=](Draft& d) { table_of<T>(d).*member = value; });
}

// x [1, 3, 4, 4, 2], weights [4, 2, 2, 2, 1] in 2 groups, bias, output [1, 2, 3, 3, 4].
Draft conv3d() {
  forge::Conv3dT a;
  a.stride_d = a.stride_h = a.stride_w = 1;
  a.dilation_d = a.dilation_h = a.dilation_w = 1;
  a.groups = 2;
  Draft d = one_operator(op_code::conv3d, attributes(a),
                         {f32({1, 3, 4, 4, 2}), constant(f32({4, 2, 2, 2, 1})), constant(f32({4}))},
                         {f32({1, 2, 3, 3, 4})});
  d.add_tensor(constant(f32({64})));  // for weights that claim to be larger
  return d;
}
Draft l2_pool() {
  forge::Pool2dT a;
  a.window_h = a.window_w = a.stride_h = a.stride_w = 2;
  return one_operator(op_code::l2_pool2d, attributes(a), {f32({1, 4, 4, 3})}, {f32({1, 2, 2, 3})});
}
Draft resize_nearest() {
  forge::ResizeNearestT a;
  a.out_h = a.out_w = 8;
  return one_operator(op_code::resize_nearest, attributes(a), {s8({1, 4, 4, 3})},
                      {s8({1, 8, 8, 3})});
}
Draft grid_sample() {
  return one_operator(op_code::grid_sample, attributes(forge::GridSampleT()),
                      {f32({2, 4, 4, 3}), f32({2, 5, 6, 2})}, {f32({2, 5, 6, 3})});
}
// 2 images, 3 classes, 8 boxes. Tensors: 0 boxes, 1 scores, 2 indices, 3 their number.
Draft non_max_suppression() {
  forge::NonMaxSuppressionT a;
  a.max_outputs = 5;
  a.iou_threshold = 0.5F;
  return one_operator(op_code::non_max_suppression, attributes(a), {f32({2, 8, 4}), f32({2, 3, 8})},
                      {plain(forge::Type::int32, {30, 3}), plain(forge::Type::int32, {1})});
}
// 8 boxes, 2 classes. Tensors: 0 encodings, 1 scores, 2 anchors, 3 to 6 results.
Draft detection() {
  forge::DetectionPostprocessT a;
  a.max_detections = a.detections_per_class = 5;
  a.classes = 2;
  a.max_classes_per_detection = 1;
  a.iou_threshold = 0.5F;
  a.y_scale = a.x_scale = a.h_scale = a.w_scale = 1;
  return one_operator(op_code::detection_postprocess, attributes(a),
                      {f32({1, 8, 4}), f32({1, 8, 3}), constant(f32({8, 4}))},
                      {f32({1, 5, 4}), f32({1, 5}), f32({1, 5}), f32({1})});
}

Classes volume_classes() {
  using A = forge::Conv3dT;
  using P = forge::Pool2dT;
  const char* place = "operator 0 (conv3d)";
  const char* pool = "operator 0 (l2_pool2d)";
  return {
      {"conv3d_attributes",
       "CVE-2021-29517, CVE-2022-41894",
       conv3d,
       {number("no stride", "stride", &A::stride_d, 0),
        number("a stride of 2^16", "stride", &A::stride_w, 65536),
        number("no dilation", "dilation", &A::dilation_h, 0),
        number("a negative pad", "pad", &A::pad_front, -1),
        number("a pad of 2^31 - 1", "pad", &A::pad_right, kMax),
        number("no groups", "groups", &A::groups, 0),
        number("more groups than outputs", "groups", &A::groups, 5)}},
      {"conv3d_groups",
       "CVE-2021-29517",
       conv3d,
       {edited("3 for 4 outputs", Code::shape_incompatible, place,
               [](Draft& d) { table_of<A>(d).groups = 3; }),
        edited("4 for 2 channels", Code::operand_shape, place,
               [](Draft& d) { table_of<A>(d).groups = 4; }),
        edited("weights of both groups' channels", Code::operand_shape, place, dim(1, 4, 2))}},
      {"conv3d_operands",
       "CVE-2021-29517, CVE-2022-41894",
       conv3d,
       {edited("x of rank 4", Code::operand_rank, place, drop_dim(0)),
        edited("weights of rank 4", Code::operand_rank, place, drop_dim(1)),
        edited("a bias of 3", Code::operand_shape, place, dim(2, 0, 3)),
        edited("an output too deep", Code::shape_mismatch, place, dim(3, 1, 3)),
        edited("x of int32", Code::operand_type, place, type(0, forge::Type::int32))}},
      {"conv3d_window_larger_than_input",
       "CVE-2021-37684",
       conv3d,
       {edited("4 on 3 planes", Code::shape_empty, place, dim(1, 1, 4))}},
      {"l2_pool_attributes",
       "CVE-2021-29586, CVE-2021-37684",
       l2_pool,
       {number("no window", "window_h", &P::window_h, 0),
        number("no stride", "stride_w", &P::stride_w, 0),
        number("a pad over the window", "pad_left", &P::pad_left, 2),
        number("rounding of integers", "round_half_up", &P::round_half_up, true)}},
      {"l2_pool_operands",
       "CVE-2022-23583, CVE-2020-15208",
       l2_pool,
       {edited("of int32", Code::operand_type, pool, type(0, forge::Type::int32)),
        edited("rank 3", Code::operand_rank, pool, drop_dim(0)),
        edited("a wider output", Code::shape_mismatch, pool, dim(1, 2, 4))}},
  };
}

Classes resampling_classes() {
  using A = forge::ResizeNearestT;
  using G = forge::GridSampleT;
  const char* nearest = "operator 0 (resize_nearest)";
  const char* grid = "operator 0 (grid_sample)";
  return {
      {"resize_nearest_attributes",
       "CVE-2022-41907",
       resize_nearest,
       {number("2^24 + 1 rows", "out_h", &A::out_h, (1 << 24) + 1),
        number("a negative width", "out_w", &A::out_w, -1),
        number("neither size nor scale", "scale_h", &A::out_h, 0),
        number("an infinite scale", "scale_w", &A::scale_w, kInfinity),
        number("a scale of NaN", "scale_h", &A::scale_h, kNan),
        number("a negative scale", "scale_h", &A::scale_h, -1.0F),
        number("mode 3", "mode", &A::mode, 3), number("rounding 4", "rounding", &A::rounding, 4),
        number("rounding -1", "rounding", &A::rounding, -1)}},
      {"resize_nearest_scale_overflow",
       "CVE-2022-41907",
       resize_nearest,
       {edited("2^23 times 4 rows", Code::shape_too_large, nearest,
               [](Draft& d) {
                 table_of<A>(d).out_h = 0;
                 table_of<A>(d).scale_h = 0x1p23F;
               })}},
      {"resize_nearest_operands",
       "CVE-2020-15208",
       resize_nearest,
       {edited("a narrower output", Code::shape_mismatch, nearest, dim(1, 2, 7)),
        edited("other channels", Code::shape_mismatch, nearest, dim(1, 3, 4)),
        edited("rank 3", Code::operand_rank, nearest, drop_dim(0)),
        edited("another scale", Code::quantization_mismatch, nearest,
               [](Draft& d) { d.quantization(1).scales = {1}; })}},
      {"grid_sample_attributes",
       "own rule; analogue CVE-2020-26267",
       grid_sample,
       {number("mode 3", "mode", &G::mode, 3), number("mode -1", "mode", &G::mode, -1),
        number("padding 3", "padding", &G::padding, 3)}},
      {"grid_sample_operands",
       "CVE-2020-15208, CVE-2021-41206",
       grid_sample,
       {edited("places of 3 numbers", Code::operand_shape, grid, dim(1, 3, 3)),
        edited("places of 1 or 2 numbers", Code::operand_shape, grid,
               [](Draft& d) { d.tensor(1).shape[3] = forge::Dim(1, 2); }),
        edited("another batch", Code::shape_incompatible, grid, dim(1, 0, 3)),
        edited("a grid of rank 3", Code::operand_rank, grid, drop_dim(1)),
        edited("a grid of int32", Code::operand_type, grid, type(1, forge::Type::int32)),
        edited("an output as the image", Code::shape_mismatch, grid, dim(2, 1, 4))}},
      {"grid_sample_image_too_large",
       "CVE-2021-29529: rounding past the last row",
       grid_sample,
       {edited("2^22 + 1 rows", Code::operand_shape, grid, dim(0, 1, (1 << 22) + 1))}},
  };
}

Classes box_classes() {
  using N = forge::NonMaxSuppressionT;
  using D = forge::DetectionPostprocessT;
  const char* place = "operator 0 (non_max_suppression)";
  const char* detect = "operator 0 (detection_postprocess)";
  return {
      {"non_max_suppression_attributes",
       "CVE-2021-37669",
       non_max_suppression,
       {number("-1 outputs", "max_outputs", &N::max_outputs, -1),
        number("no outputs", "max_outputs", &N::max_outputs, 0),
        number("an overlap of NaN", "iou_threshold", &N::iou_threshold, kNan),
        number("an overlap above 1", "iou_threshold", &N::iou_threshold, 1.5F),
        number("a score of NaN", "score_threshold", &N::score_threshold, kNan),
        number("soft suppression", "soft_sigma", &N::soft_sigma, 0.5F)}},
      {"non_max_suppression_operands",
       "CVE-2021-37669, CVE-2020-15208",
       non_max_suppression,
       {edited("boxes of 5 numbers", Code::operand_shape, place, dim(0, 2, 5)),
        edited("scores of 9 boxes", Code::shape_incompatible, place, dim(1, 2, 9)),
        edited("scores of another batch", Code::shape_incompatible, place, dim(1, 0, 1)),
        edited("boxes of rank 2", Code::operand_rank, place, drop_dim(0)),
        edited("scores of int32", Code::operand_type, place, type(1, forge::Type::int32)),
        edited("indices of int64", Code::operand_type, place, type(2, forge::Type::int64)),
        edited("room for fewer", Code::shape_mismatch, place, dim(2, 0, 29))}},
      {"non_max_suppression_overflow",
       "CVE-2021-37669",
       non_max_suppression,
       {edited("2^33 rows", Code::shape_too_large, place,
               [](Draft& d) {
                 // Few bytes in each operand: bounds of 2^11 boxes, classes and images.
                 for (auto [t, i] : {std::pair{0, 0}, {0, 1}, {1, 0}, {1, 1}, {1, 2}})
                   d.tensor(static_cast<size_t>(t)).shape[static_cast<size_t>(i)] =
                       forge::Dim(1, 1 << 11);
                 table_of<N>(d).max_outputs = kMax;
               })}},
      {"detection_postprocess_attributes",
       "CVE-2021-37669",
       detection,
       {number("-1 detections", "max_detections", &D::max_detections, -1),
        number("2^16 + 1 detections", "max_detections", &D::max_detections, (1 << 16) + 1),
        number("no classes", "classes", &D::classes, 0),
        number("2^31 - 1 classes of each", "max_classes_per_detection",
               &D::max_classes_per_detection, kMax),
        number("none of a class", "detections_per_class", &D::detections_per_class, 0),
        number("a score of NaN", "score_threshold", &D::score_threshold, kNan),
        number("an overlap below 0", "iou_threshold", &D::iou_threshold, -0.5F),
        number("a scale of 0", "y_scale", &D::y_scale, 0.0F),
        number("a scale of NaN", "x_scale", &D::x_scale, kNan),
        number("an infinite scale", "h_scale", &D::h_scale, kInfinity),
        number("a negative scale", "w_scale", &D::w_scale, -1.0F)}},
      {"detection_postprocess_operands",
       "CVE-2020-15208",
       detection,
       {edited("encodings of 3 numbers", Code::operand_shape, detect, dim(0, 2, 3)),
        edited("scores of 7 boxes", Code::operand_shape, detect, dim(1, 1, 7)),
        edited("scores of fewer classes", Code::operand_shape, detect, dim(1, 2, 1)),
        edited("7 anchors", Code::operand_shape, detect, dim(2, 0, 7)),
        edited("two images", Code::operand_shape, detect, dim(0, 0, 2)),
        edited("a dynamic number of boxes", Code::operand_shape, detect,
               [](Draft& d) { d.tensor(0).shape[1] = forge::Dim(1, 8); }),
        edited("anchors of rank 1", Code::operand_rank, detect, drop_dim(2)),
        edited("scores of int32", Code::operand_type, detect, type(1, forge::Type::int32)),
        edited("room for fewer", Code::shape_mismatch, detect, dim(3, 1, 4))}},
  };
}

}  // namespace

Classes sampling_classes() {
  Classes all = volume_classes();
  for (auto* group : {resampling_classes, box_classes})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
