// Boxes and how much of two is common (NUMERICS.md, 22.6); shared with detection_postprocess.
#pragma once

#include <cstdint>

namespace mote::boxes {

struct Box {
  float y0, x0, y1, x1;  // y0 <= y1, x0 <= x1
};

inline Box ordered(float y0, float x0, float y1, float x1) {
  return {y0 < y1 ? y0 : y1, x0 < x1 ? x0 : x1, y0 < y1 ? y1 : y0, x0 < x1 ? x1 : x0};
}

// (22.9). False also where a box has no area, or a NaN.
inline bool overlaps(const Box& a, const Box& b, float threshold) {
  float area_a = (a.y1 - a.y0) * (a.x1 - a.x0), area_b = (b.y1 - b.y0) * (b.x1 - b.x0);
  if (!(area_a > 0) || !(area_b > 0)) return false;
  float top = a.y0 > b.y0 ? a.y0 : b.y0, bottom = a.y1 < b.y1 ? a.y1 : b.y1;
  float left = a.x0 > b.x0 ? a.x0 : b.x0, right = a.x1 < b.x1 ? a.x1 : b.x1;
  float height = bottom - top, width = right - left;
  if (!(height > 0) || !(width > 0)) return false;
  float common = height * width;
  return common / (area_a + area_b - common) > threshold;
}

// Greedy selection: the best of the boxes that are left, then without those that overlap it, up to
// `most` times. eligible(i), box(i), score(i) for i in [0, n); `dropped`: memory of n bytes;
// picked(i) is called for each, in order. Of equal scores the first box comes first.
template <class Eligible, class BoxOf, class ScoreOf, class Picked>
int32_t select(int32_t n, int32_t most, float iou_threshold, uint8_t* dropped, Eligible&& eligible,
               BoxOf&& box, ScoreOf&& score, Picked&& picked) {
  for (int32_t i = 0; i < n; ++i) dropped[i] = eligible(i) ? 0 : 1;
  int32_t count = 0;
  Box last{};
  while (count < most) {
    int32_t best = -1;
    for (int32_t i = 0; i < n; ++i) {
      if (dropped[i] != 0) continue;
      if (count > 0 && overlaps(box(i), last, iou_threshold)) {
        dropped[i] = 1;
      } else if (best < 0 || score(i) > score(best)) {
        best = i;
      }
    }
    if (best < 0) break;
    dropped[best] = 1;
    last = box(best);
    picked(best);
    ++count;
  }
  return count;
}

}  // namespace mote::boxes
