#include "kernels/gemm/weight_grad.h"

#include "base/tree_sum.h"
#include "kernels/gemm/gather.h"

namespace mote {
namespace {

// A panel stays in a second-level cache; with 64 places or more, adding a chunk to its part is
// little beside the products. A row of an odd number of cache lines spreads a column of the panel
// over the sets of the first-level cache.
constexpr int64_t kPanelBytes = 1 << 18;
constexpr int64_t kMinChunk = 64;
constexpr int64_t kMaxPanelBytes = 1 << 22;  // of very long rows
constexpr int64_t kMaxChunk = 256;
constexpr int64_t kLine = 16;
// Columns above which a piece's sums would not stay in that cache.
constexpr int64_t kMaxColumns = 1024;
constexpr int64_t kMaxExtent = 1 << 30;  // of a window that is cut
// Parts: for the threads of a desktop, of enough places to pay for their memory.
constexpr int64_t kPieces = 16;
constexpr int64_t kPartPlaces = 512;
constexpr int64_t kPartsBytes = 1 << 22;
// Outputs of a piece: products enough for each gathered element; their sums stay in the first-level
// cache.
constexpr int64_t kMinOutputs = 48;
constexpr int64_t kMaxOutputs = 168;
constexpr int64_t kSumElements = 4096;

int64_t at_least(int64_t a, int64_t b) { return a > b ? a : b; }
int64_t at_most(int64_t a, int64_t b) { return a < b ? a : b; }
int64_t multiple(int64_t n, int64_t of) { return ceil_div(n, of) * of; }

int64_t part_count(const WeightGradPlan& plan, int64_t places) {
  int64_t parts = at_most(ceil_div(places, kPartPlaces), plan.max_parts);
  return at_most(parts, ceil_div(places, plan.chunk));
}
int64_t elements(const WeightGradPlan& plan) {
  return int64_t{plan.k} * plan.outputs * plan.groups;
}

int32_t cuts_of(const ConvWindow& w, int64_t k) {
  bool cuttable =
      int64_t{w.kh} * w.dilation_h <= kMaxExtent && int64_t{w.kw} * w.dilation_w <= kMaxExtent;
  if (k <= kMaxColumns || !cuttable) return 1;
  return k / w.kh <= kMaxColumns ? w.kh : w.kh * w.kw;
}
// The taps of one cut as a window of their own.
ConvWindow cut_window(const WeightGradPlan& plan, const ConvWindow& w, int32_t cut) {
  if (plan.cuts == 1) return w;
  ConvWindow part = w;
  part.kh = 1;
  int32_t row = plan.cuts == w.kh ? cut : cut / w.kw;
  part.pad_top -= row * w.dilation_h;
  if (plan.cuts == w.kh) return part;
  part.kw = 1;
  part.pad_left -= cut % w.kw * w.dilation_w;
  return part;
}

// Outputs per piece.
int64_t piece_outputs(const WeightGradPlan& plan, int64_t parts) {
  int64_t wanted = ceil_div(kPieces, parts * plan.groups * plan.cuts);
  int64_t pieces =
      at_least(at_most(wanted, plan.outputs / kMinOutputs), ceil_div(plan.outputs, kMaxOutputs));
  return at_most(multiple(ceil_div(plan.outputs, pieces), plan.tile.rows), plan.outputs);
}

void copy_floats(const float* from, float* to, int64_t count) {
  memcpy(to, from, static_cast<size_t>(count) * sizeof(float));
}

struct Panel {
  const WeightGradPlan& plan;
  const ConvWindow& window;
  Gather<float, float> gather;
  float* rows;

  void fill(int64_t begin, int64_t end) const {
    if (is_pointwise(window))
      gather.pointwise(begin, end, rows, plan.panel_stride);
    else
      gather.places(begin, end, rows, plan.panel_stride);
    // What micro-kernels read beyond the last column.
    for (int64_t r = 0; r < end - begin; ++r)
      for (int64_t k = plan.columns; k < multiple(plan.columns, plan.tile.columns); ++k)
        rows[r * plan.panel_stride + k] = 0.0f;
  }
};

// Outputs [output, output + outputs) of a group.
struct Rows {
  const float* dy;  // of the first output
  int64_t dy_stride, outputs;
  float* sums;   // [outputs][k], from the first column of the cut
  float* block;  // [outputs][tile.columns]
};

void add_block(const WeightGradPlan& plan, const Rows& rows, int64_t column, int64_t columns) {
  constexpr int64_t kStep = 8;  // of which compilers make vectors without a check
  for (int64_t r = 0; r < rows.outputs; ++r) {
    float* __restrict to = rows.sums + r * plan.k + column;
    const float* __restrict from = rows.block + r * plan.tile.columns;
    int64_t j = 0;
    for (; j + kStep <= columns; j += kStep)
      for (int64_t i = 0; i < kStep; ++i) to[j + i] += from[j + i];
    for (; j < columns; ++j) to[j] += from[j];
  }
}

// Adds the products of places [begin, end), which the panel holds; `first`: they are the first.
void add_chunk(const WeightGradPlan& plan, const GemmF32Kernel& kernel, const float* panel,
               const Rows& rows, int64_t begin, int64_t end, bool first) {
  constexpr float kInfinity = __builtin_huge_valf();
  for (int64_t column = 0; column < plan.columns; column += plan.tile.columns) {
    int64_t columns = at_most(plan.columns - column, plan.tile.columns);
    kernel.block({.a = rows.dy + begin * rows.dy_stride,
                  .a_row = 1,
                  .a_k = rows.dy_stride,
                  .b = panel + column,
                  .b_k = plan.panel_stride,
                  .k = end - begin,
                  .bias = nullptr,
                  .lo = -kInfinity,
                  .hi = kInfinity,
                  .columns = static_cast<int32_t>(columns),
                  .padded = true,
                  .accumulate = false,
                  .y = first ? rows.sums + column : rows.block,
                  .y_stride = first ? plan.k : plan.tile.columns,
                  .rows = rows.outputs});
    if (!first) add_block(plan, rows, column, columns);
  }
}

}  // namespace

WeightGradPlan make_weight_grad_plan(const GemmTile& tile, const ConvWindow& largest,
                                     int32_t groups, int32_t outputs) {
  WeightGradPlan p = {};
  p.tile = tile;
  p.k = largest.kh * largest.kw * (largest.c / groups);
  p.outputs = outputs;
  p.groups = groups;
  p.cuts = cuts_of(largest, p.k);
  p.columns = p.k / p.cuts;
  p.panel_stride = multiple(multiple(p.columns, tile.columns), kLine);
  if (p.panel_stride / kLine % 2 == 0) p.panel_stride += kLine;
  int64_t row_bytes = p.panel_stride * static_cast<int64_t>(sizeof(float));
  int64_t least = at_least(at_most(kMinChunk, kMaxPanelBytes / row_bytes), 1);
  p.chunk = at_most(at_least(kPanelBytes / row_bytes, least), kMaxChunk);
  int64_t weight_bytes = elements(p) * static_cast<int64_t>(sizeof(float));
  p.max_parts = at_most(at_least(kPartsBytes / weight_bytes, 1), kPieces);

  int64_t places = largest.places(), parts = part_count(p, places);
  p.shared_bytes = parts == 1 ? 0 : static_cast<size_t>(parts * weight_bytes);
  int64_t panel = at_most(p.chunk, places) * p.panel_stride;
  int64_t block = at_most(kMaxOutputs + tile.rows, outputs) * tile.columns;
  p.scratch_bytes = static_cast<size_t>(panel + block) * sizeof(float);
  return p;
}

uint32_t weight_grad_pieces(const WeightGradPlan& plan, const ConvWindow& window) {
  int64_t parts = part_count(plan, window.places());
  int64_t pieces = ceil_div(plan.outputs, piece_outputs(plan, parts));
  return static_cast<uint32_t>(parts * plan.cuts * pieces * plan.groups);
}

void run_weight_grad(const WeightGradPlan& plan, const GemmF32Kernel& kernel,
                     const ConvWindow& whole, const WeightGradOperands& o, uint32_t piece) {
  int64_t places = whole.places(), parts = part_count(plan, places);
  int64_t per_piece = piece_outputs(plan, parts), pieces = ceil_div(plan.outputs, per_piece);
  int64_t output = piece % pieces * per_piece, rest = piece / pieces;
  int64_t group = rest % plan.groups, part = rest / plan.groups % parts;
  auto cut = static_cast<int32_t>(rest / (plan.groups * parts));
  int64_t first_output = group * plan.outputs + output;
  ConvWindow window = cut_window(plan, whole, cut);
  int32_t channels = plan.k / (whole.kh * whole.kw);

  auto* rows = static_cast<float*>(o.scratch);
  Panel panel = {plan,
                 window,
                 {window, o.x, static_cast<int32_t>(group) * channels, channels, 0.0f, copy_floats},
                 rows};
  float* sums = parts == 1 ? o.dw : o.parts + part * elements(plan);
  Rows r = {o.dy + first_output, int64_t{plan.outputs} * plan.groups,
            at_most(plan.outputs - output, per_piece),
            sums + first_output * plan.k + int64_t{cut} * plan.columns,
            rows + at_most(plan.chunk, places) * plan.panel_stride};
  int64_t chunks = ceil_div(places, plan.chunk);
  int64_t chunk_begin = chunks * part / parts, chunk_end = chunks * (part + 1) / parts;
  for (int64_t c = chunk_begin; c < chunk_end; ++c) {
    int64_t begin = c * plan.chunk, end = at_most(begin + plan.chunk, places);
    panel.fill(begin, end);
    add_chunk(plan, kernel, rows, r, begin, end, c == chunk_begin);
  }
}

uint32_t weight_grad_sum_pieces(const WeightGradPlan& plan, const ConvWindow& window) {
  if (part_count(plan, window.places()) == 1) return 1;
  return static_cast<uint32_t>(ceil_div(elements(plan), kSumElements));
}

void sum_weight_grad(const WeightGradPlan& plan, const ConvWindow& window,
                     const WeightGradOperands& o, uint32_t piece) {
  int64_t parts = part_count(plan, window.places()), all = elements(plan);
  if (parts == 1) return;
  int64_t begin = piece * kSumElements;
  tree_sum(o.parts, parts, all, begin, at_most(begin + kSumElements, all), o.dw);
}

}  // namespace mote
