// A reduction as loops over kept and reduced dimensions, neighbours of one kind merged.
#pragma once

#include "ops/operator.h"
#include "ops/reduce/attributes.h"

namespace mote {

// Outermost first; strides in elements.
struct Loops {
  int32_t rank = 0;
  int64_t sizes[kMaxRank] = {};
  int64_t strides[kMaxRank] = {};

  int64_t count() const {
    int64_t n = 1;
    for (int i = 0; i < rank; ++i) n *= sizes[i];
    return n;
  }
  int64_t offset(int64_t index) const {
    int64_t at = 0;
    for (int i = rank - 1; i >= 0; --i) {
      at += index % sizes[i] * strides[i];
      index /= sizes[i];
    }
    return at;
  }
};

// The innermost loop of each kind stands apart, of size 1 when there is none.
struct ReduceLoops {
  Loops kept;     // without the innermost
  Loops reduced;  // without the innermost
  int64_t kept_size = 1, kept_stride = 0;
  int64_t reduced_size = 1, reduced_stride = 0;
  int64_t outputs = 1;
  int64_t terms = 1;  // per output

  // Offset of the first term of an output.
  int64_t base(int64_t output) const {
    return kept.offset(output / kept_size) + output % kept_size * kept_stride;
  }
  int64_t lines() const { return terms / reduced_size; }
  // Calls line(offset) for each run of the innermost reduced loop, in row-major order.
  template <class Line>
  void for_lines(int64_t base, Line&& line) const {
    for (int64_t i = 0; i < lines(); ++i) line(base + reduced.offset(i));
  }
};

inline bool is_reduced(const ReduceAttrs& a, int32_t dim) {
  for (int i = 0; i < a.axis_count; ++i)
    if (a.axes[i] == dim) return true;
  return false;
}

inline ReduceLoops reduce_loops(const ReduceAttrs& a, const Shape& x) {
  ReduceLoops r;
  int64_t strides[kMaxRank];
  row_major_strides(x, strides);
  bool last_reduced = false;
  bool any = false;
  for (int i = 0; i < x.rank; ++i) {
    if (x.dims[i] == 1) continue;
    bool reduced = is_reduced(a, i);
    Loops& loops = reduced ? r.reduced : r.kept;
    if (!any || reduced != last_reduced) ++loops.rank;
    int at = loops.rank - 1;
    loops.sizes[at] = (loops.sizes[at] == 0 ? 1 : loops.sizes[at]) * x.dims[i];
    loops.strides[at] = strides[i];
    last_reduced = reduced;
    any = true;
  }
  r.outputs = r.kept.count();
  r.terms = r.reduced.count();
  if (r.kept.rank > 0) {
    r.kept_size = r.kept.sizes[--r.kept.rank];
    r.kept_stride = r.kept.strides[r.kept.rank];
  }
  if (r.reduced.rank > 0) {
    r.reduced_size = r.reduced.sizes[--r.reduced.rank];
    r.reduced_stride = r.reduced.strides[r.reduced.rank];
  }
  return r;
}

}  // namespace mote
