#include "kernels/depthwise/gradients.h"

#include "base/tree_sum.h"
#include "kernels/depthwise/lines.h"

namespace mote {
namespace {

// Parts for the threads of a desktop, each of some ten microseconds, and the memory they may take.
constexpr int64_t kParts = 32;
constexpr int64_t kPartElements = 1 << 14;
constexpr int64_t kPartsBytes = 1 << 22;

int64_t at_most(int64_t a, int64_t b) { return a < b ? a : b; }

int64_t input_lines_per_piece(const ConvWindow& w) {
  int64_t lines = kPieceElements / (int64_t{w.w} * w.c);
  return lines < 1 ? 1 : lines;
}

int64_t elements(const ConvWindow& w) { return int64_t{w.kh} * w.kw * w.c; }

// One line of dx: the lines of dy that it lies under.
struct InputLine {
  const ConvWindow& window;
  const DepthwiseInputGradOperands& operands;
  TransposedAxis axis;
  int64_t image, row, first;
  TapRange taps;

  InputLine(const ConvWindow& w, const DepthwiseInputGradOperands& o, int64_t index)
      : window(w), operands(o), image(index / w.h), row(index % w.h) {
    axis = transposed_axis(static_cast<int32_t>(row % w.stride_h), w.kh, w.stride_h, w.dilation_h,
                           w.pad_top);
    first = row / w.stride_h - axis.pad;
    taps = valid_taps(first, w.oh, axis.taps, axis.dilation);
  }

  // Pointers to the taps of place q of a class of columns; in the order of the weights.
  int32_t gather(const TransposedAxis& columns, int64_t q, const float** dy,
                 const float** weights) const {
    const ConvWindow& w = window;
    int64_t column = q - columns.pad;
    TapRange valid = valid_taps(column, w.ow, columns.taps, columns.dilation);
    int32_t count = 0;
    for (int64_t m = taps.end; m-- > taps.begin;) {
      int64_t line = (image * w.oh + first + m * axis.dilation) * w.ow;
      int64_t tap_row = (axis.first + (axis.taps - 1 - m) * axis.step) * w.kw;
      for (int64_t n = valid.end; n-- > valid.begin; ++count) {
        dy[count] = operands.dy + (line + column + n * columns.dilation) * w.c;
        weights[count] = operands.weights +
                         (tap_row + columns.first + (columns.taps - 1 - n) * columns.step) * w.c;
      }
    }
    return count;
  }
};

// The places of a class in one line, each under a window of stride 1 over dy.
ConvWindow column_window(const ConvWindow& w, const TransposedAxis& columns) {
  ConvWindow line = {};
  line.n = line.h = line.oh = line.kh = 1;
  line.w = w.ow;
  line.ow = class_size(w.w, columns.remainder, w.stride_w);
  line.kw = columns.taps;
  line.stride_h = line.stride_w = line.dilation_h = 1;
  line.dilation_w = columns.dilation;
  line.pad_left = columns.pad;
  return line;
}

}  // namespace

uint32_t depthwise_input_grad_pieces(const ConvWindow& w) {
  return static_cast<uint32_t>(ceil_div(w.n * w.h, input_lines_per_piece(w)));
}

void run_depthwise_input_grad(DepthwiseF32Kernel kernel, const ConvWindow& w,
                              const DepthwiseInputGradOperands& o, uint32_t piece) {
  constexpr float kInfinity = __builtin_huge_valf();
  auto** taps = static_cast<const float**>(o.scratch);
  const float** weights = taps + int64_t{w.kh} * w.kw;
  DepthwiseF32Run run = {.taps = taps,
                         .weights = weights,
                         .x_step = w.c,
                         .y_step = int64_t{w.stride_w} * w.c,
                         .tap_count = 0,
                         .places = 1,
                         .channels = w.c,
                         .bias = nullptr,
                         .lo = -kInfinity,
                         .hi = kInfinity,
                         .y = nullptr};
  int64_t begin = piece * input_lines_per_piece(w);
  int64_t end = at_most(begin + input_lines_per_piece(w), w.n * w.h);
  for (int64_t index = begin; index < end; ++index) {
    InputLine line(w, o, index);
    for (int32_t remainder = 0; remainder < w.stride_w && remainder < w.w; ++remainder) {
      TransposedAxis columns =
          transposed_axis(remainder, w.kw, w.stride_w, w.dilation_w, w.pad_left);
      for_each_run(column_window(w, columns), [&](int64_t q, int32_t places) {
        run.tap_count = line.gather(columns, q, taps, weights);
        run.places = places;
        run.y = o.dx + (index * w.w + remainder + q * w.stride_w) * w.c;
        kernel(run);
      });
    }
  }
}

uint32_t depthwise_weight_grad_parts(const ConvWindow& w) {
  int64_t lines = w.n * w.oh, parts = lines * w.ow * w.c / kPartElements;
  int64_t room = kPartsBytes / (elements(w) * static_cast<int64_t>(sizeof(float)));
  parts = at_most(at_most(parts, lines), at_most(room, kParts));
  return parts < 1 ? 1 : static_cast<uint32_t>(parts);
}

size_t depthwise_weight_grad_bytes(const ConvWindow& w) {
  uint32_t parts = depthwise_weight_grad_parts(w);
  return parts == 1 ? 0 : parts * static_cast<size_t>(elements(w)) * sizeof(float);
}

void run_depthwise_weight_grad(DepthwiseGradKernel kernel, const ConvWindow& w,
                               const DepthwiseWeightGradOperands& o, uint32_t part) {
  int64_t parts = depthwise_weight_grad_parts(w), lines = w.n * w.oh;
  float* sums = parts == 1 ? o.dw : o.parts + part * elements(w);
  for (int64_t i = 0; i < elements(w); ++i) sums[i] = 0.0f;
  DepthwiseGradRun run = {};
  run.x_step = int64_t{w.stride_w} * w.c;
  run.x_tap = int64_t{w.dilation_w} * w.c;
  run.channels = w.c;
  for (int64_t index = lines * part / parts; index < lines * (part + 1) / parts; ++index) {
    Line<float> line = line_at(w, o.x, index);
    for_each_run(w, [&](int64_t ox, int32_t places) {
      int64_t first = w.first_column(static_cast<int32_t>(ox));
      TapRange columns = valid_taps(first, w.w, w.kw, w.dilation_w);
      run.dy = o.dy + (index * w.ow + ox) * w.c;
      run.places = places;
      run.tap_count = columns.end - columns.begin;
      if (run.tap_count == 0) return;
      for (int32_t i = line.rows.begin; i < line.rows.end; ++i) {
        run.x = line.tap(i, first + int64_t{columns.begin} * w.dilation_w);
        run.sums = sums + (int64_t{i} * w.kw + columns.begin) * w.c;
        kernel(run);
      }
    });
  }
}

void sum_depthwise_weight_grad(const ConvWindow& w, const DepthwiseWeightGradOperands& o) {
  uint32_t parts = depthwise_weight_grad_parts(w);
  if (parts > 1) tree_sum(o.parts, parts, elements(w), 0, elements(w), o.dw);
}

}  // namespace mote
