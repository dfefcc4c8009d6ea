// Broadcasting as loops over rows (NUMERICS.md, 2.4): neighbouring dimensions that both operands
// walk alike are merged, so that equal shapes and scalar operands become one row.
#pragma once

#include "mote/types.h"

namespace mote {

struct Broadcast {
  int32_t rank = 1;              // after merging; the last dimension is the row
  int64_t dims[kMaxRank] = {1};  // of the output, dimension 0 first
  int64_t a[kMaxRank] = {0};     // elements by which the operands advance; 0: broadcast
  int64_t b[kMaxRank] = {0};
};

// A row: y[i] = f(a[i * a_step], b[i * b_step]) for i < n, offsets in elements. Steps are 0 or 1.
struct BroadcastRow {
  int64_t a, b, y, n;
  int64_t a_step, b_step;
};

inline Broadcast make_broadcast(const Shape& a, const Shape& b, const Shape& y) {
  Broadcast out;
  int32_t used = 0;  // merged dimensions so far, innermost first
  int64_t a_stride = 1, b_stride = 1;
  for (int i = 1; i <= y.rank; ++i) {
    int64_t n = y.dims[y.rank - i];
    if (n == 1) continue;
    int64_t na = i <= a.rank ? a.dims[a.rank - i] : 1;
    int64_t nb = i <= b.rank ? b.dims[b.rank - i] : 1;
    int64_t sa = na == 1 ? 0 : a_stride, sb = nb == 1 ? 0 : b_stride;
    a_stride *= na;
    b_stride *= nb;
    if (used > 0 && sa == out.a[used - 1] * out.dims[used - 1] &&
        sb == out.b[used - 1] * out.dims[used - 1]) {
      out.dims[used - 1] *= n;
      continue;
    }
    out.dims[used] = n;
    out.a[used] = sa;
    out.b[used++] = sb;
  }
  out.rank = used == 0 ? 1 : used;
  for (int32_t i = 0, j = out.rank - 1; i < j; ++i, --j) {
    auto swap = [i, j](int64_t* v) {
      int64_t t = v[i];
      v[i] = v[j];
      v[j] = t;
    };
    swap(out.dims);
    swap(out.a);
    swap(out.b);
  }
  return out;
}

// A place in the output, advanced row by row.
class BroadcastCursor {
 public:
  BroadcastCursor(const Broadcast& shape, int64_t y) : shape_(shape), row_{0, 0, y, 0, 0, 0} {
    for (int32_t i = last(); i >= 0; --i) {
      index_[i] = y % shape.dims[i];
      y /= shape.dims[i];
      row_.a += index_[i] * shape.a[i];
      row_.b += index_[i] * shape.b[i];
    }
    row_.a_step = shape.a[last()];
    row_.b_step = shape.b[last()];
  }
  // What is left of the row, at most up to output element `end`.
  const BroadcastRow& row(int64_t end) {
    int64_t left = shape_.dims[last()] - index_[last()];
    row_.n = left < end - row_.y ? left : end - row_.y;
    return row_;
  }
  // Past the whole row.
  void next() {
    row_.y += row_.n;
    move(last(), -index_[last()]);
    for (int32_t i = last() - 1; i >= 0; --i) {
      if (index_[i] + 1 < shape_.dims[i]) return move(i, 1);
      move(i, -index_[i]);
    }
  }
  int64_t y() const { return row_.y; }

 private:
  int32_t last() const { return shape_.rank - 1; }
  void move(int32_t i, int64_t by) {
    index_[i] += by;
    row_.a += by * shape_.a[i];
    row_.b += by * shape_.b[i];
  }
  const Broadcast& shape_;
  int64_t index_[kMaxRank];
  BroadcastRow row_;
};

// Calls row(const BroadcastRow&) for the output elements [begin, end), in their order.
template <class F>
void for_each_row(const Broadcast& shape, int64_t begin, int64_t end, F&& row) {
  for (BroadcastCursor c(shape, begin); c.y() < end; c.next()) row(c.row(end));
}

}  // namespace mote
