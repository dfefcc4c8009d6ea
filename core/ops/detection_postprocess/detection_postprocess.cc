// Boxes of a single-shot detector (NUMERICS.md, 22.7), as TFLite's custom operator.
#include <cmath>
#include <cstring>
#include <initializer_list>

#include "base/interval.h"
#include "mote_generated.h"
#include "ops/check.h"
#include "ops/detection_postprocess/attributes.h"
#include "ops/non_max_suppression/boxes.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

using boxes::Box;
enum Input { kEncodings, kScores, kAnchors };
enum Output { kBoxes, kClasses, kBest, kCount };

// Lists of this length are sorted by insertion of whole runs; models ask for some hundred.
constexpr int32_t kMostDetections = 1 << 16;
constexpr int64_t kMostResults = 1 << 22;

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::DetectionPostprocess*>(table);
  auto& out = *static_cast<DetectionPostprocessAttrs*>(attrs);
  out.max_detections = in.max_detections();
  out.classes = in.classes();
  out.max_classes_per_detection = in.max_classes_per_detection();
  out.detections_per_class = in.detections_per_class();
  out.regular_nms = in.regular_nms() ? 1 : 0;
  out.score_threshold = in.score_threshold();
  out.iou_threshold = in.iou_threshold();
  out.y_scale = in.y_scale();
  out.x_scale = in.x_scale();
  out.h_scale = in.h_scale();
  out.w_scale = in.w_scale();
  return {};
}

Status check_scale(const char* name, float scale) {
  return scale >= 0x1p-40F && scale <= 0x1p40F ? Status{}
                                               : error(Code::attribute_range, 1, 0, name);
}

Status check_attributes(const DetectionPostprocessAttrs& a) {
  MOTE_TRY(check_attribute("max_detections", a.max_detections, 1, kMostDetections));
  MOTE_TRY(check_attribute("classes", a.classes, 1, INT32_MAX));
  MOTE_TRY(check_attribute("max_classes_per_detection", a.max_classes_per_detection, 1,
                           kMostResults / a.max_detections));
  MOTE_TRY(check_attribute("detections_per_class", a.detections_per_class, 1, kMostDetections));
  MOTE_TRY(check_attribute("regular_nms", a.regular_nms, 0, 1));
  if (a.score_threshold != a.score_threshold)
    return error(Code::attribute_range, 0, 1, "score_threshold");
  if (!(a.iou_threshold >= 0 && a.iou_threshold <= 1))
    return error(Code::attribute_range, 1, 2, "iou_threshold");
  MOTE_TRY(check_scale("y_scale", a.y_scale));
  MOTE_TRY(check_scale("x_scale", a.x_scale));
  MOTE_TRY(check_scale("h_scale", a.h_scale));
  return check_scale("w_scale", a.w_scale);
}

Status check(const OpView& v) {
  MOTE_TRY(check_attributes(v.attributes<DetectionPostprocessAttrs>()));
  MOTE_TRY(check_all_f32(v));
  MOTE_TRY(check_rank(v.in(kEncodings), 3));
  MOTE_TRY(check_rank(v.in(kScores), 3));
  return check_rank(v.in(kAnchors), 2);
}

Status exactly(Dim d, int64_t size) {
  if (d.min != size) return error(Code::operand_shape, size, d.min);
  return d.max == size ? Status{} : error(Code::operand_shape, size, d.max);
}

void set_shape(std::initializer_list<int32_t> dims, ShapeBounds* out) {
  out->rank = 0;
  for (int32_t d : dims) out->dims[out->rank++] = {d, d};
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const auto& a = v.attributes<DetectionPostprocessAttrs>();
  const Dim n = in[kEncodings].dims[1];
  if (in[kEncodings].rank != 3 || in[kScores].rank != 3 || in[kAnchors].rank != 2)
    return error(Code::operand_rank, 3, in[kEncodings].rank);
  MOTE_TRY(exactly(n, n.max));
  MOTE_TRY(exactly(in[kEncodings].dims[0], 1));
  MOTE_TRY(exactly(in[kScores].dims[0], 1));
  MOTE_TRY(exactly(in[kScores].dims[1], n.max));
  MOTE_TRY(exactly(in[kAnchors].dims[0], n.max));
  MOTE_TRY(exactly(in[kAnchors].dims[1], 4));
  MOTE_TRY(exactly(in[kEncodings].dims[2], in[kEncodings].dims[2].max));
  MOTE_TRY(exactly(in[kScores].dims[2], in[kScores].dims[2].max));
  if (in[kEncodings].dims[2].max < 4)
    return error(Code::operand_shape, 4, in[kEncodings].dims[2].max);
  if (in[kScores].dims[2].max < a.classes)
    return error(Code::operand_shape, a.classes, in[kScores].dims[2].max);
  const int32_t m = a.max_detections * a.max_classes_per_detection;
  set_shape({1, m, 4}, &out[kBoxes]);
  set_shape({1, m}, &out[kClasses]);
  set_shape({1, m}, &out[kBest]);
  set_shape({1}, &out[kCount]);
  return {};
}

int64_t work(const OpView& v) {
  const auto& a = v.attributes<DetectionPostprocessAttrs>();
  int64_t n = v.in(kEncodings).bounds.dims[1].max;
  int64_t rounds = a.regular_nms != 0 ? int64_t{a.classes} * a.detections_per_class
                                      : a.max_detections + int64_t{a.classes};
  return checked_mul(n, rounds, &n) ? n : INT64_MAX;
}

struct Found {
  int32_t box, label;
  float score;
};

// Memory for n boxes and three lists of detections.
struct Scratch {
  Box* boxes;
  float* scores;
  Found *best, *merged, *own;  // own: of one class
  uint8_t* dropped;
};
int64_t list_length(const DetectionPostprocessAttrs& a) {
  return a.max_detections > a.detections_per_class ? a.max_detections : a.detections_per_class;
}
Status prepare(PrepareContext& ctx) {
  const auto n = static_cast<size_t>(ctx.view.in(kEncodings).bounds.dims[1].max);
  const auto list =
      static_cast<size_t>(list_length(ctx.view.attributes<DetectionPostprocessAttrs>()));
  ctx.shared_scratch_bytes = n * (sizeof(Box) + sizeof(float) + 1) + 3 * list * sizeof(Found);
  return {};
}
Scratch scratch_of(const KernelCall& call) {
  const int64_t n = call.in(kEncodings).dim(1);
  const int64_t list = list_length(call.attributes<DetectionPostprocessAttrs>());
  Scratch s;
  s.boxes = reinterpret_cast<Box*>(call.shared_scratch);
  s.scores = reinterpret_cast<float*>(s.boxes + n);
  s.best = reinterpret_cast<Found*>(s.scores + n);
  s.merged = s.best + list;
  s.own = s.merged + list;
  s.dropped = reinterpret_cast<uint8_t*>(s.own + list);
  return s;
}

// (22.11)
template <class T>
void decode(const KernelCall& call, Box* out) {
  const auto& a = call.attributes<DetectionPostprocessAttrs>();
  const T *x = call.in(kEncodings).as<T>(), *anchor = call.in(kAnchors).as<T>();
  auto f = [](T v) { return static_cast<float>(v); };
  for (int32_t i = 0; i < call.in(kEncodings).dim(1); ++i) {
    float y = f(x[0]) / a.y_scale * f(anchor[2]) + f(anchor[0]);
    float c = f(x[1]) / a.x_scale * f(anchor[3]) + f(anchor[1]);
    float h = 0.5F * std::exp(f(x[2]) / a.h_scale) * f(anchor[2]);
    float w = 0.5F * std::exp(f(x[3]) / a.w_scale) * f(anchor[3]);
    out[i] = {y - h, c - w, y + h, c + w};
    x += call.in(kEncodings).dim(2);
    anchor += 4;
  }
}

// The scores of the classes of one box, behind those of the background.
template <class T>
const T* scores_of(const KernelCall& call, int32_t box) {
  const int64_t columns = call.in(kScores).dim(2);
  const int64_t first = columns - call.attributes<DetectionPostprocessAttrs>().classes;
  return call.in(kScores).as<T>() + box * columns + first;
}

template <class Picked>
int32_t select(const KernelCall& call, const Scratch& s, int32_t most, Picked&& picked) {
  const auto& a = call.attributes<DetectionPostprocessAttrs>();
  return boxes::select(
      call.in(kEncodings).dim(1), most, a.iou_threshold, s.dropped,
      [&](int32_t i) { return s.scores[i] >= a.score_threshold; },
      [&](int32_t i) { return s.boxes[i]; }, [&](int32_t i) { return s.scores[i]; }, picked);
}

template <class T>
void write(const KernelCall& call, const Scratch& s, int64_t at, const Found& d) {
  const Box& b = s.boxes[d.box];
  T* corners = call.out(kBoxes).as<T>() + at * 4;
  const float values[] = {b.y0, b.x0, b.y1, b.x1};
  for (int k = 0; k < 4; ++k) corners[k] = static_cast<T>(values[k]);
  call.out(kClasses).as<T>()[at] = static_cast<T>(d.label);
  call.out(kBest).as<T>()[at] = static_cast<T>(d.score);
}

// The place of the next smaller score: (score, label) comes behind (limit, after).
template <class T>
int32_t next_class(const T* scores, int32_t classes, int32_t after) {
  int32_t best = -1;
  for (int32_t c = 0; c < classes; ++c) {
    bool behind =
        after < 0 || scores[c] < scores[after] || (scores[c] == scores[after] && c > after);
    if (behind && (best < 0 || scores[c] > scores[best])) best = c;
  }
  return best;
}

// (22.12): boxes by their best class; each is written with several classes.
template <class T>
int32_t by_best_class(const KernelCall& call, const Scratch& s) {
  const auto& a = call.attributes<DetectionPostprocessAttrs>();
  for (int32_t i = 0; i < call.in(kEncodings).dim(1); ++i) {
    const T* scores = scores_of<T>(call, i);
    T best = scores[0];
    for (int32_t c = 1; c < a.classes; ++c) best = scores[c] > best ? scores[c] : best;
    s.scores[i] = static_cast<float>(best);
  }
  int64_t at = 0;
  return select(call, s, a.max_detections, [&](int32_t i) {
    const T* scores = scores_of<T>(call, i);
    int32_t label = -1;
    for (int32_t k = 0; k < a.max_classes_per_detection; ++k, ++at) {
      if (k >= a.classes || (label = next_class(scores, a.classes, label)) < 0) continue;
      write<T>(call, s, at, {i, label, static_cast<float>(scores[label])});
    }
  });
}

// (22.13): the best of the detections of all classes. Of equal scores the later class comes first.
template <class T>
int32_t by_every_class(const KernelCall& call, Scratch s) {
  const auto& a = call.attributes<DetectionPostprocessAttrs>();
  int32_t count = 0;
  for (int32_t c = 0; c < a.classes; ++c) {
    for (int32_t i = 0; i < call.in(kEncodings).dim(1); ++i)
      s.scores[i] = static_cast<float>(scores_of<T>(call, i)[c]);
    int32_t own = 0;
    select(call, s, a.detections_per_class, [&](int32_t i) { s.own[own++] = {i, c, s.scores[i]}; });
    int32_t total = count + own < a.max_detections ? count + own : a.max_detections;
    for (int32_t k = 0, old = 0, next = 0; k < total; ++k) {
      bool take = next < own && (old >= count || s.own[next].score >= s.best[old].score);
      s.merged[k] = take ? s.own[next++] : s.best[old++];
    }
    Found* last = s.best;
    s.best = s.merged;
    s.merged = last;
    count = total;
  }
  for (int32_t k = 0; k < count; ++k) write<T>(call, s, k, s.best[k]);
  return count;
}

template <class T>
void detection_postprocess(const KernelCall& call, uint32_t, uint32_t) {
  const Scratch s = scratch_of(call);
  decode<T>(call, s.boxes);
  for (Output o : {kBoxes, kClasses, kBest})
    memset(call.out(o).as<T>(), 0, static_cast<size_t>(call.out(o).elements()) * sizeof(T));
  int32_t count = call.attributes<DetectionPostprocessAttrs>().regular_nms != 0
                      ? by_every_class<T>(call, s)
                      : by_best_class<T>(call, s);
  *call.out(kCount).as<T>() = static_cast<T>(count);
}

constexpr Kernel kKernels[] = {
#include "ops/detection_postprocess/kernels.inc"
};

}  // namespace

extern const Operator detection_postprocess_operator;
extern const Kernel detection_postprocess_f64;

const Operator detection_postprocess_operator = {
    .code = op_code::detection_postprocess,
    .name = "detection_postprocess",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::DetectionPostprocess),
    .attributes_bytes = sizeof(DetectionPostprocessAttrs),
    .min_inputs = 3,
    .max_inputs = 3,
    .outputs = 4,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel detection_postprocess_f64 = {.name = "detection_postprocess_f64_reference",
                                          .reference = true,
                                          .accepts = is_f64,
                                          .prepare = prepare,
                                          .run = detection_postprocess<double>};

}  // namespace mote
