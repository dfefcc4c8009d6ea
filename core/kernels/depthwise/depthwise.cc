#include "kernels/depthwise/depthwise.h"

#include <cstring>

#include "kernels/depthwise/lines.h"

namespace mote {
namespace {

constexpr int32_t kBlock = 16;

// Where block `b` starts: the last one overlaps its neighbour rather than being short.
int32_t block_start(int32_t b, int32_t channels) {
  int32_t start = b * kBlock;
  if (start + kBlock > channels) start = channels - kBlock;
  return start < 0 ? 0 : start;
}
int32_t weights_per_tap(const DepthwiseS8Kernel& kernel) {
  return kernel.split ? 2 * kBlock : kBlock;
}
// Place in a block's bias and scale.
int32_t lane_of(const DepthwiseS8Kernel& kernel, int32_t i) {
  return kernel.split ? i / 2 + i % 2 * (kBlock / 2) : i;
}
template <class T>
T* at(void* packed, size_t offset) {
  return reinterpret_cast<T*>(static_cast<uint8_t*>(packed) + offset);
}
template <class T>
const T* at(const void* packed, size_t offset) {
  return reinterpret_cast<const T*>(static_cast<const uint8_t*>(packed) + offset);
}

}  // namespace

bool make_depthwise_plan(const DepthwiseS8Kernel& kernel, int64_t taps, int64_t channels,
                         DepthwisePlan* plan) {
  plan->taps = static_cast<int32_t>(taps);
  plan->channels = static_cast<int32_t>(channels);
  auto blocks = static_cast<uint64_t>(ceil_div(channels, kBlock));
  uint64_t padding_bytes = round_up(static_cast<uint64_t>(channels), 64);
  uint64_t channel_bytes = blocks * kBlock * sizeof(float);
  uint64_t weight_bytes =
      blocks * static_cast<uint64_t>(taps) * weights_per_tap(kernel) * sizeof(int16_t);
  uint64_t total = padding_bytes + 2 * channel_bytes + weight_bytes;
  if (total > SIZE_MAX / 2) return false;
  plan->padding = 0;
  plan->bias = static_cast<size_t>(padding_bytes);
  plan->scale = static_cast<size_t>(padding_bytes + channel_bytes);
  plan->weights = static_cast<size_t>(padding_bytes + 2 * channel_bytes);
  plan->bytes = static_cast<size_t>(total);
  return true;
}

void pack_depthwise_s8(const DepthwisePlan& plan, const DepthwiseS8Kernel& kernel,
                       const DepthwiseS8Weights& from, void* packed) {
  memset(packed, 0, plan.bytes);
  memset(at<int8_t>(packed, plan.padding), from.input_zero_point,
         static_cast<size_t>(plan.channels));
  auto* bias = at<int32_t>(packed, plan.bias);
  auto* scale = at<float>(packed, plan.scale);
  auto* weights = at<int16_t>(packed, plan.weights);
  auto blocks = static_cast<int32_t>(ceil_div(plan.channels, kBlock));
  for (int32_t b = 0; b < blocks; ++b, bias += kBlock, scale += kBlock) {
    int32_t start = block_start(b, plan.channels);
    int32_t lanes = plan.channels < kBlock ? plan.channels : kBlock;
    for (int32_t i = 0; i < lanes; ++i) {
      int32_t channel = start + i, lane = lane_of(kernel, i);
      int32_t place = kernel.split && i % 2 == 1 ? kBlock + i : i;
      uint32_t sum = 0;
      for (int32_t t = 0; t < plan.taps; ++t) {
        int32_t w = from.weights[int64_t{t} * plan.channels + channel] - from.zero_point;
        weights[int64_t{t} * weights_per_tap(kernel) + place] = static_cast<int16_t>(w);
        sum += static_cast<uint32_t>(w);
      }
      // The input's zero point is folded in; padding reads zero points, so all taps count.
      uint32_t own = from.bias == nullptr ? 0 : static_cast<uint32_t>(from.bias[channel]);
      uint32_t zero_point = static_cast<uint32_t>(int32_t{from.input_zero_point});
      bias[lane] = static_cast<int32_t>(own - zero_point * sum);
      scale[lane] = from.scale(channel);
    }
    weights += int64_t{plan.taps} * weights_per_tap(kernel);
  }
}

uint32_t depthwise_pieces(const ConvWindow& w) {
  return static_cast<uint32_t>(ceil_div(w.n * w.oh, lines_per_piece(w)));
}

void run_depthwise_s8(const DepthwisePlan& plan, const DepthwiseS8Kernel& kernel,
                      const ConvWindow& w, const DepthwiseS8Operands& o, uint32_t piece) {
  auto** taps = static_cast<const int8_t**>(o.scratch);
  const auto* padding = at<int8_t>(o.packed, plan.padding);
  DepthwiseS8Run run = {taps,
                        int64_t{w.stride_w} * w.c,
                        plan.taps,
                        1,
                        w.c,
                        at<int16_t>(o.packed, plan.weights),
                        at<int32_t>(o.packed, plan.bias),
                        at<float>(o.packed, plan.scale),
                        o.range.lo,
                        o.range.hi,
                        o.range.zero_point,
                        nullptr};
  int64_t lines = w.n * w.oh, begin = piece * lines_per_piece(w);
  int64_t end = begin + lines_per_piece(w) < lines ? begin + lines_per_piece(w) : lines;
  for (int64_t index = begin; index < end; ++index) {
    Line<int8_t> line = line_at(w, o.x, index);
    bool whole = line.rows.begin == 0 && line.rows.end == w.kh;
    auto places_at = [&](int64_t ox, int32_t places) {
      int64_t first = w.first_column(static_cast<int32_t>(ox));
      TapRange columns = valid_taps(first, w.w, w.kw, w.dilation_w);
      for (int32_t i = 0, t = 0; i < w.kh; ++i)
        for (int32_t j = 0; j < w.kw; ++j, ++t) {
          bool valid =
              i >= line.rows.begin && i < line.rows.end && j >= columns.begin && j < columns.end;
          taps[t] = valid ? line.tap(i, first + int64_t{j} * w.dilation_w) : padding;
        }
      run.places = places;
      run.y = o.y + (index * w.ow + ox) * w.c;
      kernel.run(run);
    };
    // The padding line has no neighbours to advance to.
    for_each_run(w, [&](int64_t ox, int32_t places) {
      if (whole) return places_at(ox, places);
      for (int32_t p = 0; p < places; ++p) places_at(ox + p, 1);
    });
  }
}

void run_depthwise_f32(DepthwiseF32Kernel kernel, const ConvWindow& w,
                       const DepthwiseF32Operands& o, uint32_t piece) {
  auto** taps = static_cast<const float**>(o.scratch);
  const float** weights = taps + int64_t{w.kh} * w.kw;
  DepthwiseF32Run run = {.taps = taps,
                         .weights = weights,
                         .x_step = int64_t{w.stride_w} * w.c,
                         .y_step = w.c,
                         .tap_count = 0,
                         .places = 1,
                         .channels = w.c,
                         .bias = o.bias,
                         .lo = o.lo,
                         .hi = o.hi,
                         .y = nullptr};
  int64_t lines = w.n * w.oh, begin = piece * lines_per_piece(w);
  int64_t end = begin + lines_per_piece(w) < lines ? begin + lines_per_piece(w) : lines;
  for (int64_t index = begin; index < end; ++index) {
    Line<float> line = line_at(w, o.x, index);
    for_each_run(w, [&](int64_t ox, int32_t places) {
      int64_t first = w.first_column(static_cast<int32_t>(ox));
      TapRange columns = valid_taps(first, w.w, w.kw, w.dilation_w);
      run.tap_count = 0;
      for (int32_t i = line.rows.begin; i < line.rows.end; ++i)
        for (int32_t j = columns.begin; j < columns.end; ++j, ++run.tap_count) {
          taps[run.tap_count] = line.tap(i, first + int64_t{j} * w.dilation_w);
          weights[run.tap_count] = o.weights + (int64_t{i} * w.kw + j) * w.c;
        }
      run.places = places;
      run.y = o.y + (index * w.ow + ox) * w.c;
      kernel(run);
    });
  }
}

}  // namespace mote
