#include "kernels/move/strided_copy.h"

#include <cstring>

namespace mote {
namespace {

// Bytes of a contiguous piece, and elements of a strided one: half of a first-level cache.
constexpr int64_t kPieceBytes = 16384;
constexpr int64_t kPieceElements = 4096;
// Rows of a panel, and columns of a block in it: 16 lines of a cache with 64-byte lines stay in
// every first-level cache.
constexpr int64_t kPanelRows = 64;
constexpr int64_t kBlock = 16;

// Drops loops of size 1 and merges neighbours that advance as one.
StridedBox simplify(const StridedBox& box) {
  StridedBox s;
  for (int i = 0; i < box.rank; ++i) {
    if (box.sizes[i] == 1) continue;
    int last = s.rank - 1;
    if (last >= 0 && s.in[last] == box.in[i] * box.sizes[i] &&
        s.out[last] == box.out[i] * box.sizes[i]) {
      s.sizes[last] *= box.sizes[i];
      s.in[last] = box.in[i];
      s.out[last] = box.out[i];
    } else {
      s.add(box.sizes[i], box.in[i], box.out[i]);
    }
  }
  return s;
}

bool last_is_contiguous(const CopyPlan& p) {
  int last = p.box.rank - 1;
  return p.box.in[last] == p.width && p.box.out[last] == p.width;
}

// A short contiguous innermost loop becomes one wider element.
void widen(CopyPlan& p) {
  if (p.box.rank < 2 || !last_is_contiguous(p)) return;
  int64_t bytes = p.width * p.box.sizes[p.box.rank - 1];
  if (bytes != 2 && bytes != 4 && bytes != 8) return;
  p.width = bytes;
  --p.box.rank;
}

// The loop along which the input is contiguous moves to the place before the last: together they
// are a transposition of a matrix. False when there is none.
bool make_panel(CopyPlan& p) {
  StridedBox& b = p.box;
  int last = b.rank - 1;
  if (last < 1 || b.out[last] != p.width) return false;
  int row = -1;
  for (int i = 0; i < last; ++i)
    if (b.in[i] == p.width) row = i;
  if (row < 0) return false;
  int64_t size = b.sizes[row], in = b.in[row], out = b.out[row];
  for (int i = row; i + 1 < last; ++i) {
    b.sizes[i] = b.sizes[i + 1];
    b.in[i] = b.in[i + 1];
    b.out[i] = b.out[i + 1];
  }
  b.sizes[last - 1] = size;
  b.in[last - 1] = in;
  b.out[last - 1] = out;
  return true;
}

template <class T>
void copy_element(const uint8_t* in, uint8_t* out) {
  T v;
  memcpy(&v, in, sizeof v);
  memcpy(out, &v, sizeof v);
}

template <class T>
void copy_line(const uint8_t* in, int64_t in_stride, uint8_t* out, int64_t out_stride, int64_t n) {
  for (int64_t i = 0; i < n; ++i) copy_element<T>(in + i * in_stride, out + i * out_stride);
}

// out[r][c] = in[c][r], `in` with a line of in_stride bytes per c, `out` of out_stride per r.
template <class T>
void copy_panel(const uint8_t* in, int64_t in_stride, uint8_t* out, int64_t out_stride,
                int64_t rows, int64_t columns) {
  constexpr int64_t kBytes = sizeof(T);
  for (int64_t c0 = 0; c0 < columns; c0 += kBlock) {
    int64_t n = columns - c0 < kBlock ? columns - c0 : kBlock;
    const uint8_t* from = in + c0 * in_stride;
    uint8_t* to = out + c0 * kBytes;
    for (int64_t r = 0; r < rows; ++r)
      copy_line<T>(from + r * kBytes, in_stride, to + r * out_stride, kBytes, n);
  }
}

template <class T>
void copy_unit(const CopyPlan& p, const uint8_t* in, uint8_t* out, int64_t n) {
  const StridedBox& b = p.box;
  int last = b.rank - 1;
  if (p.method == CopyPlan::kPanel) {
    copy_panel<T>(in, b.in[last], out, b.out[last - 1], n, b.sizes[last]);
  } else if (p.method == CopyPlan::kContiguous) {
    memcpy(out, in, static_cast<size_t>(n) * sizeof(T));
  } else {
    copy_line<T>(in, b.in[last], out, b.out[last], n);
  }
}

template <class T>
void copy_all(const CopyPlan& p, const uint8_t* in, uint8_t* out, int64_t begin, int64_t end) {
  const StridedBox& b = p.box;
  int cut = p.cut();
  int64_t index[kMaxRank] = {};
  int64_t piece = begin % p.pieces, rest = begin / p.pieces;
  for (int i = cut - 1; i >= 0; --i) {
    index[i] = rest % b.sizes[i];
    rest /= b.sizes[i];
    in += index[i] * b.in[i];
    out += index[i] * b.out[i];
  }
  for (int64_t u = begin; u < end; ++u) {
    int64_t first = piece * p.piece, left = b.sizes[cut] - first;
    copy_unit<T>(p, in + first * b.in[cut], out + first * b.out[cut],
                 left < p.piece ? left : p.piece);
    if (++piece < p.pieces) continue;
    piece = 0;
    for (int i = cut - 1; i >= 0; --i) {
      in += b.in[i];
      out += b.out[i];
      if (++index[i] < b.sizes[i]) break;
      in -= b.in[i] * b.sizes[i];
      out -= b.out[i] * b.sizes[i];
      index[i] = 0;
    }
  }
}

}  // namespace

CopyPlan plan_copy(const StridedBox& box, int64_t element_bytes) {
  CopyPlan p;
  p.width = element_bytes;
  p.box = simplify(box);
  if (p.box.rank == 0) p.box.add(1, element_bytes, element_bytes);
  widen(p);
  p.method = last_is_contiguous(p) ? CopyPlan::kContiguous
             : make_panel(p)       ? CopyPlan::kPanel
                                   : CopyPlan::kStrided;
  p.piece = p.method == CopyPlan::kContiguous ? kPieceBytes / p.width
            : p.method == CopyPlan::kPanel    ? kPanelRows
                                              : kPieceElements;
  int32_t cut = p.cut();
  if (p.piece > p.box.sizes[cut]) p.piece = p.box.sizes[cut];
  p.pieces = (p.box.sizes[cut] - 1) / p.piece + 1;
  p.units = p.pieces;
  for (int i = 0; i < cut; ++i) p.units *= p.box.sizes[i];
  p.unit_bytes = p.piece * p.width;
  if (p.method == CopyPlan::kPanel) p.unit_bytes *= p.box.sizes[cut + 1];
  return p;
}

void copy_units(const CopyPlan& plan, const uint8_t* in, uint8_t* out, int64_t begin, int64_t end) {
  switch (plan.width) {
    case 1:
      return copy_all<uint8_t>(plan, in, out, begin, end);
    case 2:
      return copy_all<uint16_t>(plan, in, out, begin, end);
    case 4:
      return copy_all<uint32_t>(plan, in, out, begin, end);
    default:
      return copy_all<uint64_t>(plan, in, out, begin, end);
  }
}

}  // namespace mote
