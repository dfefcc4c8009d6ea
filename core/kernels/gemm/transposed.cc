#include "kernels/gemm/transposed.h"

#include "kernels/gemm/gather.h"

namespace mote {
namespace {

// Of x, one place for each place of the class.
ConvWindow class_window(const TransposedConv& c, const TransposedClass& k,
                        const TransposedShape& s) {
  return {s.n,
          s.oh,
          s.ow,
          c.groups * c.outputs,
          class_size(s.h, k.rows.remainder, c.stride_h),
          class_size(s.w, k.columns.remainder, c.stride_w),
          k.rows.taps,
          k.columns.taps,
          1,
          1,
          k.rows.dilation,
          k.columns.dilation,
          k.rows.pad,
          k.columns.pad};
}

int64_t piece_count(const TransposedClass& k, const ConvWindow& w) {
  if (w.places() == 0) return 0;
  GemmTiling t = gemm_tiling(k.plan, w.places());
  return t.row_pieces * t.column_pieces * k.plan.groups;
}

void copy_floats(const float* from, float* to, int64_t count) {
  memcpy(to, from, static_cast<size_t>(count) * sizeof(float));
}

template <class T>
T* at(void* memory, size_t offset) {
  return reinterpret_cast<T*>(static_cast<uint8_t*>(memory) + offset);
}
const float* floats_at(const void* memory, size_t offset) {
  return reinterpret_cast<const float*>(static_cast<const uint8_t*>(memory) + offset);
}

// A few dozen floats at most: a call would take longer.
void copy_few(const float* from, float* to, int64_t count) {
  constexpr int64_t kStep = 8;
  for (; count >= kStep; count -= kStep, from += kStep, to += kStep)
    memcpy(to, from, kStep * sizeof(float));
  for (int64_t i = 0; i < count; ++i) to[i] = from[i];
}

// Weights of one class for the columns [column, column + count) of a group, in the order in which
// a place gathers x.
float* pack_class(const TransposedConv& c, const TransposedClass& k, int64_t group, int64_t column,
                  int64_t count, const float* weights, float* to) {
  const int64_t lanes = k.plan.tile.columns;
  for (int32_t m = k.rows.taps; m-- > 0;)
    for (int32_t n = k.columns.taps; n-- > 0;) {
      int64_t i = k.rows.first + m * k.rows.step, j = k.columns.first + n * k.columns.step;
      for (int32_t o = 0; o < c.outputs; ++o, to += lanes) {
        int64_t row = ((group * c.outputs + o) * c.kh + i) * c.kw + j;
        copy_floats(weights + row * c.channels + column, to, count);
        for (int64_t lane = count; lane < lanes; ++lane) to[lane] = 0.0f;
      }
    }
  return to;
}

// From where the micro-kernel left the places from `begin` on, rows of block.y_stride, to theirs in
// the result.
void scatter(const GemmF32Block& block, const ConvWindow& w, const TransposedClass& k,
             const TransposedShape& s, const TransposedConv& c, int64_t begin, float* y) {
  int64_t channels = int64_t{c.groups} * c.channels;
  const float* from = block.y;
  for (int64_t p = begin, end = begin + block.rows; p < end;) {
    int64_t line = p / w.ow, first = p % w.ow;
    int64_t row = line % w.oh * c.stride_h + k.rows.remainder;
    int64_t column = first * c.stride_w + k.columns.remainder;
    float* to = y + ((line / w.oh * s.h + row) * s.w + column) * channels;
    int64_t last = w.ow - first < end - p ? p + w.ow - first : end;
    for (; p < last; ++p, from += block.y_stride, to += c.stride_w * channels)
      copy_few(from, to, block.columns);
  }
}

// Places [begin, end) and blocks [first_block, last_block) of one group of a class.
struct ClassPiece {
  int64_t group, begin, end, first_block, last_block;
};
ClassPiece piece_at(const GemmPlan& p, int64_t places, int64_t index) {
  GemmTiling t = gemm_tiling(p, places);
  int64_t begin = index % t.row_pieces * t.rows, rest = index / t.row_pieces;
  int64_t blocks = t.columns / p.tile.columns, first = rest % t.column_pieces * blocks;
  return {rest / t.column_pieces, begin, begin + t.rows < places ? begin + t.rows : places, first,
          first + blocks < p.blocks ? first + blocks : p.blocks};
}

void run_class(const TransposedConv& c, const TransposedClass& k, const GemmF32Kernel& kernel,
               const TransposedShape& shape, const ConvWindow& w, const TransposedOperands& o,
               int64_t index) {
  const GemmPlan& p = k.plan;
  ClassPiece piece = piece_at(p, w.places(), index);
  int64_t terms = int64_t{w.kh} * w.kw * c.outputs;
  auto channel = static_cast<int32_t>(piece.group) * c.outputs;
  auto* panel = static_cast<float*>(o.scratch);
  GemmF32Block block = {};
  block.a = o.x;
  if (terms != 0 && is_pointwise(w)) {
    block.a = o.x + piece.begin * w.c + channel;
    block.a_row = w.c;
  } else if (terms != 0) {
    Gather<float, float> gather = {w, o.x, channel, c.outputs, 0.0f, copy_floats};
    gather.places(piece.begin, piece.end, panel, terms);
    block.a = panel;
    block.a_row = terms;
  }
  block.a_k = 1;
  block.b_k = p.tile.columns;
  block.k = terms;
  block.lo = o.lo;
  block.hi = o.hi;
  block.padded = true;
  block.y = panel + p.panel_rows * p.padded_k;
  block.y_stride = p.tile.columns;
  block.rows = piece.end - piece.begin;
  for (int64_t b = piece.first_block; b < piece.last_block; ++b) {
    int64_t column = b * p.tile.columns, packed = (piece.group * p.blocks + b) * p.tile.columns;
    int64_t left = p.columns - column;
    block.b = floats_at(o.packed, p.weights) + packed * terms;
    block.bias = o.bias == nullptr ? nullptr : o.bias + piece.group * p.columns + column;
    block.columns = static_cast<int32_t>(left < p.tile.columns ? left : p.tile.columns);
    kernel.block(block);
    scatter(block, w, k, shape, c, piece.begin, o.y + piece.group * p.columns + column);
  }
}

}  // namespace

bool make_transposed_plan(const TransposedConv& c, const GemmTile& tile,
                          const TransposedShape& largest, TransposedClass* classes,
                          TransposedPlan* plan) {
  *plan = {c, classes, transposed_class_count(c), 0, 0};
  uint64_t offset = 0;
  for (int32_t i = 0; i < plan->class_count; ++i) {
    TransposedClass& k = classes[i];
    k.rows = transposed_axis(i / c.stride_w, c.kh, c.stride_h, c.dilation_h, c.pad_top);
    k.columns = transposed_axis(i % c.stride_w, c.kw, c.stride_w, c.dilation_w, c.pad_left);
    int64_t terms = int64_t{k.rows.taps} * k.columns.taps * c.outputs;
    int64_t places = class_window(c, k, largest).places();
    if (!make_gemm_plan(tile, terms == 0 ? 1 : terms, c.channels, c.groups,
                        places == 0 ? 1 : places, sizeof(float), &k.plan))
      return false;
    uint64_t padded = static_cast<uint64_t>(k.plan.blocks * c.groups) * tile.columns;
    k.plan.weights = static_cast<size_t>(offset);
    offset += round_up(padded * static_cast<uint64_t>(terms) * sizeof(float), 64);
    if (offset > SIZE_MAX / 2) return false;
    auto rows = static_cast<size_t>(k.plan.panel_rows);
    size_t results = plan->class_count == 1 ? 0 : rows * tile.columns * sizeof(float);
    size_t scratch = gemm_scratch_bytes(k.plan, sizeof(float)) + results;
    if (scratch > plan->scratch_bytes) plan->scratch_bytes = scratch;
  }
  plan->packed_bytes = static_cast<size_t>(offset);
  return true;
}

void pack_transposed(const TransposedPlan& plan, const float* weights, void* packed,
                     uint32_t piece) {
  const TransposedConv& c = plan.conv;
  const GemmPlan& first = plan.classes[0].plan;
  int64_t lanes = first.tile.columns, group = piece / first.blocks;
  int64_t column = piece % first.blocks * lanes;
  int64_t count = c.channels - column < lanes ? c.channels - column : lanes;
  for (int32_t i = 0; i < plan.class_count; ++i) {
    const TransposedClass& k = plan.classes[i];
    int64_t terms = int64_t{k.rows.taps} * k.columns.taps * c.outputs;
    pack_class(c, k, group, column, count, weights,
               at<float>(packed, k.plan.weights) + piece * lanes * terms);
  }
}

uint32_t transposed_pieces(const TransposedPlan& plan, const TransposedShape& shape) {
  int64_t pieces = 0;
  for (int32_t i = 0; i < plan.class_count; ++i)
    pieces += piece_count(plan.classes[i], class_window(plan.conv, plan.classes[i], shape));
  return static_cast<uint32_t>(pieces);
}

void run_transposed(const TransposedPlan& plan, const GemmF32Kernel& kernel,
                    const TransposedShape& shape, const TransposedOperands& o, uint32_t piece) {
  int64_t index = piece;
  for (int32_t i = 0; i < plan.class_count; ++i) {
    const TransposedClass& k = plan.classes[i];
    ConvWindow window = class_window(plan.conv, k, shape);
    int64_t pieces = piece_count(k, window);
    if (index >= pieces) {
      index -= pieces;
      continue;
    }
    // One class is an ordinary convolution: its places are those of the result.
    if (plan.class_count == 1)
      run_gemm_f32(k.plan, kernel, window, {o.x, o.y, o.packed, o.bias, o.scratch, o.lo, o.hi},
                   static_cast<uint32_t>(index));
    else
      run_class(plan.conv, k, kernel, shape, window, o, index);
    return;
  }
}

}  // namespace mote
