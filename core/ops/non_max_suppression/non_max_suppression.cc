// The best boxes of every class that do not overlap (NUMERICS.md, 22.6).
#include "base/interval.h"
#include "mote_generated.h"
#include "ops/movement.h"
#include "ops/non_max_suppression/attributes.h"
#include "ops/non_max_suppression/boxes.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

enum Input { kBoxes, kScores };
enum Output { kIndices, kCount };

Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::NonMaxSuppression*>(table);
  auto& out = *static_cast<NonMaxSuppressionAttrs*>(attrs);
  out.max_outputs = in.max_outputs();
  out.iou_threshold = in.iou_threshold();
  out.score_threshold = in.score_threshold();
  out.soft_sigma = in.soft_sigma();
  out.center_point_box = in.center_point_box() ? 1 : 0;
  return {};
}

Status check(const OpView& v) {
  const auto& a = v.attributes<NonMaxSuppressionAttrs>();
  MOTE_TRY(check_attribute("max_outputs", a.max_outputs, 1, INT32_MAX));
  MOTE_TRY(check_attribute("center_point_box", a.center_point_box, 0, 1));
  if (!(a.iou_threshold >= 0 && a.iou_threshold <= 1))
    return error(Code::attribute_range, 1, 2, "iou_threshold");
  if (a.score_threshold != a.score_threshold)
    return error(Code::attribute_range, 0, 1, "score_threshold");
  if (a.soft_sigma != 0) return error(Code::attribute_range, 0, 1, "soft_sigma");
  for (size_t i : {kBoxes, kScores}) {
    if (v.in(i).type != Type::float32) return error(Code::operand_type, 0, static_cast<int64_t>(i));
    MOTE_TRY(check_rank(v.in(i), 3));
  }
  if (v.out(kIndices).type != Type::int32) return error(Code::operand_type, 0, 2);
  return v.out(kCount).type == Type::int32 ? Status{} : error(Code::operand_type, 0, 3);
}

Status shape(const OpView& v, Span<const ShapeBounds> in, Span<ShapeBounds> out) {
  const int64_t most = v.attributes<NonMaxSuppressionAttrs>().max_outputs;
  if (in[kBoxes].rank != 3 || in[kScores].rank != 3)
    return error(Code::operand_rank, 3, in[in[kBoxes].rank != 3 ? kBoxes : kScores].rank);
  const Dim four = in[kBoxes].dims[2], classes = in[kScores].dims[1];
  if (four.min != 4 || four.max != 4) return error(Code::operand_shape, 4, four.max);
  Dim images, boxes;
  MOTE_TRY(equal_dims(in[kBoxes].dims[0], in[kScores].dims[0], &images));
  MOTE_TRY(equal_dims(in[kBoxes].dims[1], in[kScores].dims[2], &boxes));
  auto rows = [&](int64_t n, int64_t c, int64_t b) {
    int64_t count = n < most ? n : most;
    return checked_mul(count, c, &count) && checked_mul(count, b, &count) ? count : INT64_MAX;
  };
  out[kIndices].rank = 2;
  MOTE_TRY(make_dim(rows(boxes.min, classes.min, images.min),
                    rows(boxes.max, classes.max, images.max), &out[kIndices].dims[0]));
  out[kIndices].dims[1] = {3, 3};
  out[kCount].rank = 1;
  out[kCount].dims[0] = {1, 1};
  return {};
}

int64_t work(const OpView& v) {
  int64_t n = element_count(v.out(kIndices).bounds).max;
  return checked_mul(n, v.in(kBoxes).bounds.dims[1].max, &n) ? n : INT64_MAX;
}

// One class of one image is one tile. Its picks lie in the shared scratch until all are known:
// their number, then the boxes.
int32_t most_of(const KernelCall& call) {
  int32_t most = call.attributes<NonMaxSuppressionAttrs>().max_outputs, n = call.in(kBoxes).dim(1);
  return n < most ? n : most;
}
int32_t* picks_of(const KernelCall& call, int64_t tile) {
  return reinterpret_cast<int32_t*>(call.shared_scratch) + tile * (int64_t{most_of(call)} + 1);
}
uint32_t tiles(const KernelCall& call) {
  return static_cast<uint32_t>(int64_t{call.in(kScores).dim(0)} * call.in(kScores).dim(1));
}

Status prepare(PrepareContext& ctx) {
  // Rows and one number per tile: at most two per row. Sizes are at most 2^31.
  ctx.shared_scratch_bytes =
      static_cast<size_t>(ctx.view.out(kIndices).bounds.dims[0].max) * 2 * sizeof(int32_t);
  ctx.scratch_bytes = static_cast<size_t>(ctx.view.in(kBoxes).bounds.dims[1].max);
  return {};
}

template <class T>
boxes::Box box_at(const T* p, bool center) {
  const float a = static_cast<float>(p[0]), b = static_cast<float>(p[1]);
  const float c = static_cast<float>(p[2]), d = static_cast<float>(p[3]);
  if (!center) return boxes::ordered(a, b, c, d);
  return boxes::ordered(b - d / 2, a - c / 2, b + d / 2, a + c / 2);
}

// In float32 for every T.
template <class T>
void select_class(const KernelCall& call, uint32_t tile, uint32_t worker) {
  const auto& a = call.attributes<NonMaxSuppressionAttrs>();
  const int32_t n = call.in(kBoxes).dim(1), classes = call.in(kScores).dim(1);
  const T* corners = call.in(kBoxes).as<T>() + int64_t{tile} / classes * n * 4;
  const T* scores = call.in(kScores).as<T>() + int64_t{tile} * n;
  int32_t* picks = picks_of(call, tile);
  int32_t* next = picks + 1;
  auto score = [&](int32_t i) { return static_cast<float>(scores[i]); };
  *picks = boxes::select(
      n, most_of(call), a.iou_threshold, call.scratch + worker * call.scratch_stride,
      [&](int32_t i) { return score(i) > a.score_threshold; },
      [&](int32_t i) { return box_at(corners + int64_t{i} * 4, a.center_point_box != 0); }, score,
      [&](int32_t i) { *next++ = i; });
}

void gather_rows(const KernelCall& call, uint32_t, uint32_t) {
  int32_t* row = call.out(kIndices).as<int32_t>();
  const int32_t classes = call.in(kScores).dim(1);
  const auto all = static_cast<int32_t>(tiles(call));
  int32_t count = 0;
  for (int32_t t = 0; t < all; ++t) {
    const int32_t* picks = picks_of(call, t);
    for (int32_t i = 0; i < *picks; ++i, ++count, row += 3) {
      row[0] = t / classes;
      row[1] = t % classes;
      row[2] = picks[i + 1];
    }
  }
  *call.out(kCount).as<int32_t>() = count;
  for (int64_t i = int64_t{count} * 3; i < call.out(kIndices).elements(); ++i) *row++ = 0;
}

constexpr Kernel kKernels[] = {
#include "ops/non_max_suppression/kernels.inc"
};

}  // namespace

extern const Operator non_max_suppression_operator;
extern const Kernel non_max_suppression_f64;

const Operator non_max_suppression_operator = {
    .code = op_code::non_max_suppression,
    .name = "non_max_suppression",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::NonMaxSuppression),
    .attributes_bytes = sizeof(NonMaxSuppressionAttrs),
    .min_inputs = 2,
    .max_inputs = 2,
    .outputs = 2,
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel non_max_suppression_f64 = {.name = "non_max_suppression_f64_reference",
                                        .reference = true,
                                        .accepts = is_f64,
                                        .prepare = prepare,
                                        .tiles = tiles,
                                        .run = select_class<double>,
                                        .after = {nullptr, gather_rows}};

}  // namespace mote
