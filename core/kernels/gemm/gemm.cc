#include "kernels/gemm/gemm.h"

#include "kernels/gemm/gather.h"

namespace mote {
namespace {

// A panel of 64 KiB stays in every second-level cache; with at least 16 rows a block of weights is
// used often enough to hide its way from memory, with 256 a piece is long enough to be handed out.
constexpr int64_t kPanelBytes = 65536;
constexpr int64_t kMinPanelRows = 16;
constexpr int64_t kMaxPanelRows = 256;
// Pieces worth having for the threads of a desktop, and the columns and products below which
// gathering and handing out a piece would show.
constexpr int64_t kPieces = 16;
constexpr int64_t kMinColumns = 64;
constexpr int64_t kMinProducts = 1 << 17;

int64_t at_least(int64_t a, int64_t b) { return a > b ? a : b; }
int64_t at_most(int64_t a, int64_t b) { return a < b ? a : b; }
int64_t multiple(int64_t n, int64_t of) { return ceil_div(n, of) * of; }

struct Piece {
  int64_t group, row_begin, row_end, block_begin, block_end;
};
Piece piece_at(const GemmPlan& plan, int64_t places, uint32_t index) {
  GemmTiling t = gemm_tiling(plan, places);
  int64_t row = index % t.row_pieces, rest = index / t.row_pieces;
  int64_t column = rest % t.column_pieces;
  int64_t blocks = t.columns / plan.tile.columns;
  return {rest / t.column_pieces, row * t.rows, at_most((row + 1) * t.rows, places),
          column * blocks, at_most((column + 1) * blocks, plan.blocks)};
}

template <class T>
const T* at(const void* packed, size_t offset) {
  return reinterpret_cast<const T*>(static_cast<const uint8_t*>(packed) + offset);
}

void copy_floats(const float* from, float* to, int64_t count) {
  memcpy(to, from, static_cast<size_t>(count) * sizeof(float));
}

}  // namespace

bool make_gemm_plan(const GemmTile& tile, int64_t k, int64_t columns, int64_t groups,
                    int64_t places, size_t element, GemmPlan* plan) {
  plan->tile = tile;
  plan->k = static_cast<int32_t>(k);
  plan->columns = static_cast<int32_t>(columns);
  plan->groups = static_cast<int32_t>(groups);
  plan->blocks = ceil_div(columns, tile.columns);
  plan->padded_k = multiple(k, tile.interleave);
  int64_t rows = kPanelBytes / (plan->padded_k * static_cast<int64_t>(element));
  rows = at_most(at_least(rows, kMinPanelRows), kMaxPanelRows);
  plan->panel_rows = at_most(multiple(rows, tile.rows), places);
  // No more rows than the pieces of the largest shape have: scratch is planned to the byte.
  for (int64_t used = 0; used != plan->panel_rows;) {
    used = plan->panel_rows;
    plan->panel_rows = gemm_tiling(*plan, places).rows;
  }

  uint64_t padded = static_cast<uint64_t>(plan->blocks * groups) * tile.columns;
  // Floats pack weights alone.
  uint64_t channel_bytes = element == sizeof(float) ? 0 : round_up(padded * sizeof(float), 64);
  uint64_t total = 2 * channel_bytes + padded * plan->padded_k * element;
  if (total > SIZE_MAX / 2) return false;
  plan->bias = 0;
  plan->scale = static_cast<size_t>(channel_bytes);
  plan->weights = static_cast<size_t>(2 * channel_bytes);
  plan->bytes = static_cast<size_t>(total);
  return true;
}

size_t gemm_scratch_bytes(const GemmPlan& plan, size_t element) {
  return static_cast<size_t>(plan.panel_rows * plan.padded_k) * element;
}

GemmTiling gemm_tiling(const GemmPlan& plan, int64_t places) {
  GemmTiling t;
  t.row_pieces = ceil_div(places, plan.panel_rows);
  t.rows = at_most(multiple(ceil_div(places, t.row_pieces), plan.tile.rows), plan.panel_rows);
  t.row_pieces = ceil_div(places, t.rows);
  int64_t wanted = ceil_div(kPieces, t.row_pieces * plan.groups);
  int64_t columns = at_least(ceil_div(plan.columns, wanted), kMinColumns);
  columns = at_least(columns, ceil_div(kMinProducts, t.rows * plan.k));
  t.columns = multiple(at_most(columns, plan.columns), plan.tile.columns);
  t.column_pieces = ceil_div(plan.columns, t.columns);
  return t;
}

void run_gemm_s8(const GemmPlan& plan, const GemmS8Kernel& kernel, const ConvWindow& window,
                 const GemmS8Operands& o, uint32_t index) {
  Piece p = piece_at(plan, window.places(), index);
  int32_t channels = plan.k / (window.kh * window.kw);
  auto* panel = static_cast<int16_t*>(o.panel);
  Gather<int8_t, int16_t> gather = {
      window,      o.x, static_cast<int32_t>(p.group) * channels, channels, o.input_zero_point,
      kernel.widen};
  if (is_pointwise(window))
    gather.pointwise(p.row_begin, p.row_end, panel, plan.padded_k);
  else
    gather.places(p.row_begin, p.row_end, panel, plan.padded_k);
  // The packed weights are zero here; any value would do, but an undefined one.
  for (int64_t k = plan.k; k < plan.padded_k; ++k)
    for (int64_t r = 0; r < p.row_end - p.row_begin; ++r) panel[r * plan.padded_k + k] = 0;

  int64_t y_stride = int64_t{plan.columns} * plan.groups;
  for (int64_t b = p.block_begin; b < p.block_end; ++b) {
    int64_t column = b * plan.tile.columns, packed = p.group * plan.blocks + b;
    int64_t channel = packed * plan.tile.columns;
    kernel.block(
        {panel, plan.padded_k, at<int16_t>(o.packed, plan.weights) + channel * plan.padded_k,
         plan.padded_k, at<int32_t>(o.packed, plan.bias) + channel,
         at<float>(o.packed, plan.scale) + channel, o.range.lo, o.range.hi, o.range.zero_point,
         static_cast<int32_t>(at_most(plan.columns - column, plan.tile.columns)),
         o.y + p.row_begin * y_stride + p.group * plan.columns + column, y_stride,
         p.row_end - p.row_begin});
  }
}

void run_gemm_f32(const GemmPlan& plan, const GemmF32Kernel& kernel, const ConvWindow& window,
                  const GemmF32Operands& o, uint32_t index) {
  Piece p = piece_at(plan, window.places(), index);
  int32_t channels = plan.k / (window.kh * window.kw);
  auto channel0 = static_cast<int32_t>(p.group) * channels;
  const float* a = o.x + p.row_begin * window.c + channel0;
  int64_t a_stride = window.c;
  if (!is_pointwise(window)) {
    auto* panel = static_cast<float*>(o.panel);
    Gather<float, float> gather = {window, o.x, channel0, channels, 0.0f, copy_floats};
    gather.places(p.row_begin, p.row_end, panel, plan.padded_k);
    a = panel;
    a_stride = plan.padded_k;
  }
  int64_t y_stride = int64_t{plan.columns} * plan.groups;
  for (int64_t b = p.block_begin; b < p.block_end; ++b) {
    int64_t column = b * plan.tile.columns, packed = p.group * plan.blocks + b;
    int64_t channel = p.group * plan.columns + column;
    kernel.block(
        {a, a_stride, 1,
         at<float>(o.packed, plan.weights) + packed * plan.tile.columns * plan.padded_k,
         plan.tile.columns, plan.padded_k, o.bias == nullptr ? nullptr : o.bias + channel, o.lo,
         o.hi, static_cast<int32_t>(at_most(plan.columns - column, plan.tile.columns)), true, false,
         o.y + p.row_begin * y_stride + channel, y_stride, p.row_end - p.row_begin});
  }
}

}  // namespace mote
