#include "kernels/gemm/product.h"

#include <cstring>

namespace mote {
namespace {

// Rows of a piece: with kTerms of them a second-level cache holds a; many enough to pay for
// fetching b.
constexpr int64_t kRows = 168;
// Terms taken at once: a block of b with 32 columns then fills two thirds of a first-level cache of
// 48 KiB and leaves the rest to rows of a.
constexpr int64_t kTerms = 256;
// As for convolutions (gemm.cc).
constexpr int64_t kPieces = 16;
constexpr int64_t kMinColumns = 64;
constexpr int64_t kMinProducts = 1 << 17;
// The number of tiles is 32-bit.
constexpr int64_t kMaxTiles = 1 << 30;
// Terms that are worth a range of their own, and the most ranges.
constexpr int64_t kMinTerms = 512;
constexpr int64_t kMaxRanges = 8;
// From this many rows on a copy of b with short strides pays.
constexpr int64_t kMinRowsToPack = 192;
// From this many floats between terms on, and with more than kMinColumns columns, a copy of a pays.
constexpr int64_t kMinStrideToPack = 768;
constexpr int64_t kPackElements = 1 << 14;
constexpr int64_t kSumElements = 1 << 14;
constexpr float kInfinity = __builtin_huge_valf();

int64_t at_least(int64_t a, int64_t b) { return a > b ? a : b; }
int64_t at_most(int64_t a, int64_t b) { return a < b ? a : b; }
int64_t multiple(int64_t n, int64_t of) { return ceil_div(n, of) * of; }

int64_t blocks_of(const ProductPlan& plan, const ProductSize& s) {
  return ceil_div(s.n, plan.kernel->tile.columns);
}
int64_t blocks_per_tile(const ProductPlan& plan, const ProductSize& s) {
  return at_least(1, kPackElements / (s.k * plan.kernel->tile.columns));
}

struct Piece {
  int64_t product, products, range, row, rows, column, columns;
};
Piece piece_at(const ProductPlan& plan, const ProductSize& s, int64_t index) {
  int64_t row_pieces = ceil_div(s.m, plan.rows), column_pieces = ceil_div(s.n, plan.columns);
  int64_t ranges = ceil_div(s.k, plan.terms);
  Piece p;
  p.row = index % row_pieces * plan.rows;
  index /= row_pieces;
  p.column = index % column_pieces * plan.columns;
  index /= column_pieces;
  p.range = index % ranges;
  p.product = index / ranges * plan.products;
  p.products = at_most(plan.products, s.batch - p.product);
  p.rows = at_most(plan.rows, s.m - p.row);
  p.columns = at_most(plan.columns, s.n - p.column);
  return p;
}

// Columns [column, column + columns) of terms [k, k + terms) of one matrix, into blocks.
void pack_block(const ProductRun& run, const float* b, int64_t column, float* to) {
  const ProductSize& s = run.size;
  const GemmF32Kernel& kernel = *run.plan.kernel;
  int64_t width = kernel.tile.columns, columns = at_most(width, s.n - column);
  // The lanes beyond the matrix are read, though not used.
  if (columns < width) memset(to, 0, static_cast<size_t>(s.k * width) * sizeof(float));
  if (run.plan.transpose_b) {
    kernel.transpose(b + column * s.k, s.k, columns, s.k, to, width);
    return;
  }
  for (int64_t k = 0; k < s.k; ++k)
    memcpy(to + k * width, b + k * s.n + column, static_cast<size_t>(columns) * sizeof(float));
}

// Largest sizes at which pieces of about equal work keep several threads busy.
void choose_pieces(ProductPlan* plan, const ProductSize& s) {
  const GemmTile& tile = plan->kernel->tile;
  int64_t row_pieces = ceil_div(s.m, kRows);
  plan->rows = multiple(ceil_div(s.m, row_pieces), tile.rows);
  int64_t wanted = ceil_div(kPieces, s.batch * ceil_div(s.m, plan->rows));
  int64_t columns = at_least(ceil_div(s.n, wanted), kMinColumns);
  int64_t height = at_most(plan->rows, s.m);
  columns = at_least(columns, kMinProducts / (height * s.k));
  plan->columns = multiple(at_most(columns, s.n), tile.columns);
  int64_t pieces = s.batch * ceil_div(s.m, plan->rows) * ceil_div(s.n, plan->columns);
  int64_t ranges = at_most(ceil_div(kPieces, 2 * pieces), kMaxRanges);
  ranges = at_least(1, at_most(ranges, s.k / kMinTerms));
  plan->terms = multiple(ceil_div(s.k, ranges), kTerms);
  bool whole = pieces == s.batch && plan->terms >= s.k;
  plan->products = at_least(ceil_div(s.batch, kMaxTiles), kMinProducts / (s.m * s.n * s.k));
  if (!whole) plan->products = 1;
}

// kCount: the elements of a row, where that is known, else 0.
template <int kCount>
void copy_rows(const float* from, int64_t stride, int64_t rows, int64_t count, float* to) {
  if constexpr (kCount != 0) count = kCount;
  for (int64_t r = 0; r < rows; ++r)
    memcpy(to + r * count, from + r * stride, static_cast<size_t>(count) * sizeof(float));
}

// A transposed a, the rows of one block after those of another: in place they lie a row of the
// matrix apart, often in the same sets of a cache.
void pack_rows(const ProductRun& run, const float* a, int64_t rows, int64_t terms, float* to) {
  int64_t height = run.plan.kernel->tile.rows;
  for (int64_t r = 0, count = 0; r < rows; r += count, to += count * terms) {
    count = at_most(height, rows - r);
    // The heights of the table of kernels: a call of memcpy for each row would show.
    auto copy = count == 14 ? copy_rows<14> : count == 6 ? copy_rows<6> : copy_rows<0>;
    copy(a + r, run.size.m, terms, count, to);
  }
}

// The rows of a piece times one block of columns; a packed by pack_rows.
void packed_block(const GemmF32Kernel& kernel, GemmF32Block g, int64_t rows) {
  for (int64_t r = 0; r < rows; r += g.rows) {
    g.rows = at_most(kernel.tile.rows, rows - r);
    g.a_row = 1;
    g.a_k = g.rows;
    kernel.block(g);
    g.a += g.rows * g.k;
    g.y += g.rows * g.y_stride;
  }
}

// The part of a piece that lies in product p.product.
void one_product(const ProductRun& run, const Piece& p) {
  const ProductPlan& plan = run.plan;
  const ProductSize& s = run.size;
  int64_t width = plan.kernel->tile.columns;
  int64_t a_row = plan.transpose_a ? 1 : s.k, a_k = plan.transpose_a ? s.m : 1;
  int64_t b_matrix = run.b_matrix(run.context, p.product);
  const float* a = run.a + run.a_matrix(run.context, p.product) * s.m * s.k + p.row * a_row;
  const float* b = run.b + b_matrix * s.k * s.n;
  if (plan.pack_b)
    b = reinterpret_cast<const float*>(run.shared) + b_matrix * blocks_of(plan, s) * s.k * width;
  float* y = run.y;
  if (p.range > 0)
    y = reinterpret_cast<float*>(run.shared + plan.partial) + (p.range - 1) * s.batch * s.m * s.n;
  y += (p.product * s.m + p.row) * s.n;
  int64_t first = p.range * plan.terms, last = at_most(first + plan.terms, s.k);
  for (int64_t k = first; k < last; k += kTerms) {
    int64_t terms = at_most(kTerms, last - k);
    const float* rows = a + k * a_k;
    if (plan.pack_a) {
      auto* packed = reinterpret_cast<float*>(run.scratch);
      pack_rows(run, rows, p.rows, terms, packed);
      rows = packed;
    }
    for (int64_t column = p.column; column < p.column + p.columns; column += width) {
      const float* block = plan.pack_b ? b + column * s.k + k * width : b + k * s.n + column;
      GemmF32Block g = {rows,
                        a_row,
                        a_k,
                        block,
                        plan.pack_b ? width : s.n,
                        terms,
                        nullptr,
                        -kInfinity,
                        kInfinity,
                        static_cast<int32_t>(at_most(width, s.n - column)),
                        plan.pack_b,
                        k > first,
                        y + column,
                        s.n,
                        p.rows};
      plan.pack_a ? packed_block(*plan.kernel, g, p.rows) : plan.kernel->block(g);
    }
  }
}

}  // namespace

bool make_product_plan(const GemmF32Kernel& kernel, bool transpose_a, bool transpose_b,
                       const ProductSize& s, ProductPlan* plan) {
  plan->kernel = &kernel;
  plan->transpose_a = transpose_a;
  plan->transpose_b = transpose_b;
  plan->pack_b = transpose_b || s.m >= kMinRowsToPack;
  choose_pieces(plan, s);
  plan->pack_a = transpose_a && s.m >= kMinStrideToPack && plan->columns > kMinColumns;
  plan->scratch_bytes =
      plan->pack_a ? static_cast<size_t>(plan->rows * at_most(kTerms, s.k)) * sizeof(float) : 0;
  int64_t packed = 0, partial = ceil_div(s.k, plan->terms) - 1;
  if (plan->pack_b) packed = blocks_of(*plan, s) * kernel.tile.columns;
  if (!checked_mul(packed, s.b_matrices, &packed) || !checked_mul(packed, s.k, &packed) ||
      !checked_mul(partial, s.batch, &partial) || !checked_mul(partial, s.m, &partial) ||
      !checked_mul(partial, s.n, &partial))
    return false;
  constexpr int64_t kMost = static_cast<int64_t>(SIZE_MAX / 2 / sizeof(float));
  if (packed > kMost / 2 || partial > kMost / 2) return false;
  plan->partial = round_up(static_cast<uint64_t>(packed) * sizeof(float), 64);
  plan->shared_bytes = plan->partial + static_cast<size_t>(partial) * sizeof(float);
  return true;
}

uint32_t product_pack_tiles(const ProductPlan& plan, const ProductSize& s) {
  if (!plan.pack_b) return 1;
  return static_cast<uint32_t>(
      ceil_div(s.b_matrices * blocks_of(plan, s), blocks_per_tile(plan, s)));
}

void product_pack(const ProductRun& run, uint32_t tile) {
  if (!run.plan.pack_b) return;
  const ProductSize& s = run.size;
  int64_t blocks = blocks_of(run.plan, s), per_tile = blocks_per_tile(run.plan, s);
  int64_t width = run.plan.kernel->tile.columns;
  int64_t begin = tile * per_tile, end = at_most(begin + per_tile, s.b_matrices * blocks);
  auto* packed = reinterpret_cast<float*>(run.shared);
  for (int64_t i = begin; i < end; ++i)
    pack_block(run, run.b + i / blocks * s.k * s.n, i % blocks * width, packed + i * s.k * width);
}

uint32_t product_tiles(const ProductPlan& plan, const ProductSize& s) {
  return static_cast<uint32_t>(ceil_div(s.batch, plan.products) * ceil_div(s.m, plan.rows) *
                               ceil_div(s.n, plan.columns) * ceil_div(s.k, plan.terms));
}

void product_piece(const ProductRun& run, uint32_t tile) {
  Piece p = piece_at(run.plan, run.size, tile);
  for (int64_t end = p.product + p.products; p.product < end; ++p.product) one_product(run, p);
}

uint32_t product_sum_tiles(const ProductPlan& plan, const ProductSize& s) {
  if (s.k <= plan.terms) return 1;
  return static_cast<uint32_t>(ceil_div(s.batch * s.m * s.n, kSumElements));
}

void product_sum(const ProductRun& run, uint32_t tile) {
  const ProductSize& s = run.size;
  int64_t elements = s.batch * s.m * s.n, ranges = ceil_div(s.k, run.plan.terms);
  int64_t begin = tile * kSumElements, end = at_most(begin + kSumElements, elements);
  const auto* partial = reinterpret_cast<const float*>(run.shared + run.plan.partial);
  for (int64_t r = 1; r < ranges; ++r, partial += elements)
    for (int64_t i = begin; i < end; ++i) run.y[i] += partial[i];
}

}  // namespace mote
