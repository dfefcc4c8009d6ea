// SPACE_TO_DEPTH, DEPTH_TO_SPACE, SPACE_TO_BATCH_ND, BATCH_TO_SPACE_ND: by reshapes and transposes.
#include "import/tflite/steps.h"

namespace mote::tflite_import {
namespace {

// The sizes of an image that is cut into blocks; nothing and an error where they do not fit.
struct Image {
  int32_t h, w, c;
};
std::optional<Image> image_of(OpImport& c, ir::ValueId x, int32_t block) {
  if (c.value(x).shape.rank != 4) c.error("the input must have rank 4");
  // Squares of it fit.
  if (block < 1 || block > 32767) c.error("a block of " + std::to_string(block));
  if (c.failed()) return std::nullopt;
  auto h = static_size(c, x, 1), w = static_size(c, x, 2), depth = static_size(c, x, 3);
  if (!h || !w || !depth) return std::nullopt;
  return Image{*h, *w, *depth};
}

// The blocks of SPACE_TO_BATCH_ND and its inverse; the second list is [blocks, 2].
struct Blocks {
  std::vector<int64_t> sizes, borders;
  int32_t product = 1;
};
std::optional<Blocks> blocks_of(OpImport& c, ir::ValueId x) {
  auto sizes = c.constant_ints(1), borders = c.constant_ints(2);
  if (c.failed()) return std::nullopt;
  int32_t rank = c.value(x).shape.rank;
  size_t count = sizes->size();
  // Each block adds a dimension for a while.
  if (rank + static_cast<int32_t>(count) > kMaxRank || static_cast<int32_t>(count) >= rank ||
      borders->size() != 2 * count) {
    c.error(std::to_string(count) + " blocks and " + std::to_string(borders->size()) +
            " borders for rank " + std::to_string(rank));
    return std::nullopt;
  }
  int64_t product = 1;
  for (int64_t b : *sizes) {
    if (b < 1 || b > 65535 || (product *= b) > INT32_MAX) {
      c.error("a block of " + std::to_string(b));
      return std::nullopt;
    }
  }
  for (int64_t n : *borders) {
    if (n >= 0 && n <= INT32_MAX) continue;
    c.error("a border of " + std::to_string(n));
    return std::nullopt;
  }
  return Blocks{*sizes, *borders, static_cast<int32_t>(product)};
}

// The sizes behind the blocked dimensions as they stand.
bool append_rest(OpImport& c, ir::ValueId x, size_t blocks, std::vector<int32_t>* dims) {
  for (int32_t i = static_cast<int32_t>(blocks) + 1; i < c.value(x).shape.rank; ++i) {
    auto n = static_size(c, x, i);
    if (!n) return false;
    dims->push_back(*n);
  }
  return true;
}

// Permutations between [n, s1, b1, s2, b2, rest] and [b1, b2, n, s1, s2, rest].
std::vector<int32_t> blocks_first(size_t blocks, int32_t rank) {
  auto m = static_cast<int32_t>(blocks);
  std::vector<int32_t> p;
  for (int32_t i = 0; i < m; ++i) p.push_back(2 * i + 2);
  p.push_back(0);
  for (int32_t i = 0; i < m; ++i) p.push_back(2 * i + 1);
  for (int32_t i = 2 * m + 1; i < rank + m; ++i) p.push_back(i);
  return p;
}
std::vector<int32_t> inverse(const std::vector<int32_t>& p) {
  std::vector<int32_t> q(p.size());
  for (size_t i = 0; i < p.size(); ++i) q[static_cast<size_t>(p[i])] = static_cast<int32_t>(i);
  return q;
}

ir::ValueId with_borders(OpImport& c, ir::ValueId x, const Blocks& blocks) {
  PadAttrs a{};
  a.count = c.value(x).shape.rank;
  for (size_t i = 0; i < blocks.sizes.size(); ++i) {
    a.before[i + 1] = static_cast<int32_t>(blocks.borders[2 * i]);
    a.after[i + 1] = static_cast<int32_t>(blocks.borders[2 * i + 1]);
  }
  return step(c, op_code::pad, a, x, "/padded");
}

}  // namespace

void import_space_to_depth(OpImport& c) {
  const auto* options = c.required_options<tfl::SpaceToDepthOptions>();
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  int32_t b = options->block_size();
  auto image = image_of(c, x, b);
  if (!image) return;
  if (image->h % b != 0 || image->w % b != 0)
    return c.error("an image that is no multiple of the block " + std::to_string(b));
  ir::ValueId v = c.reshaped(x, {0, image->h / b, b, image->w / b, b, image->c}, "/blocks");
  v = step(c, op_code::transpose, transposition({0, 1, 3, 2, 4, 5}), v, "/moved");
  ir::ValueId y = v == ir::kNone ? v : c.output();
  if (c.failed()) return;
  c.emit_reshape(v, {0, image->h / b, image->w / b, -1}, y);
}

void import_depth_to_space(OpImport& c) {
  const auto* options = c.required_options<tfl::DepthToSpaceOptions>();
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  int32_t b = options->block_size();
  auto image = image_of(c, x, b);
  if (!image) return;
  if (image->c % (b * b) != 0)
    return c.error(std::to_string(image->c) + " channels for blocks of " + std::to_string(b));
  ir::ValueId v = c.reshaped(x, {0, image->h, image->w, b, b, image->c / (b * b)}, "/blocks");
  v = step(c, op_code::transpose, transposition({0, 1, 3, 2, 4, 5}), v, "/moved");
  ir::ValueId y = v == ir::kNone ? v : c.output();
  if (c.failed()) return;
  // The products are sizes of the result, which the shape function bounds.
  auto size = [](int32_t n, int32_t block) {
    int64_t product = int64_t{n} * block;
    return static_cast<int32_t>(product > INT32_MAX ? INT32_MAX : product);
  };
  c.emit_reshape(v, {0, size(image->h, b), size(image->w, b), image->c / (b * b)}, y);
}

void import_space_to_batch_nd(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto blocks = c.failed() ? std::nullopt : blocks_of(c, x);
  if (!blocks) return;
  int32_t rank = c.value(x).shape.rank;
  ir::ValueId v = with_borders(c, x, *blocks);
  if (v == ir::kNone) return;
  std::vector<int32_t> cut{0}, joined{-1};
  for (size_t i = 0; i < blocks->sizes.size(); ++i) {
    auto n = static_size(c, v, static_cast<int32_t>(i) + 1);
    auto b = static_cast<int32_t>(blocks->sizes[i]);
    if (!n) return;
    if (*n % b != 0)
      return c.error("a padded size of " + std::to_string(*n) + " for blocks of " +
                     std::to_string(b));
    cut.insert(cut.end(), {*n / b, b});
    joined.push_back(*n / b);
  }
  if (!append_rest(c, x, blocks->sizes.size(), &cut)) return;
  append_rest(c, x, blocks->sizes.size(), &joined);
  v = c.reshaped(v, cut, "/blocks");
  v = step(c, op_code::transpose, transposition(blocks_first(blocks->sizes.size(), rank)), v,
           "/moved");
  ir::ValueId y = v == ir::kNone ? v : c.output();
  if (!c.failed()) c.emit_reshape(v, joined, y);
}

void import_batch_to_space_nd(OpImport& c) {
  ir::ValueId x = c.input(0);
  auto blocks = c.failed() ? std::nullopt : blocks_of(c, x);
  if (!blocks) return;
  size_t count = blocks->sizes.size();
  int32_t rank = c.value(x).shape.rank;
  std::vector<int32_t> cut, joined{0};
  StridedSliceAttrs crop{};
  crop.count = static_cast<int32_t>(count) + 1;
  crop.begin_mask = crop.end_mask = 1;
  crop.strides[0] = 1;
  for (int64_t b : blocks->sizes) cut.push_back(static_cast<int32_t>(b));
  cut.push_back(-1);
  for (size_t i = 0; i < count; ++i) {
    auto n = static_size(c, x, static_cast<int32_t>(i) + 1);
    if (!n) return;
    int64_t size = *n * blocks->sizes[i];
    int64_t before = blocks->borders[2 * i], after = blocks->borders[2 * i + 1];
    if (size > INT32_MAX || before + after >= size)
      return c.error("borders of " + std::to_string(before + after) + " cut from " +
                     std::to_string(size));
    cut.push_back(*n);
    joined.push_back(static_cast<int32_t>(size));
    crop.begin[i + 1] = static_cast<int32_t>(before);
    crop.end[i + 1] = static_cast<int32_t>(size - after);
    crop.strides[i + 1] = 1;
  }
  if (!append_rest(c, x, count, &cut)) return;
  append_rest(c, x, count, &joined);
  ir::ValueId v = c.reshaped(x, cut, "/blocks");
  v = step(c, op_code::transpose, transposition(inverse(blocks_first(count, rank))), v, "/moved");
  if (v != ir::kNone) v = c.reshaped(v, joined, "/joined");
  ir::ValueId y = v == ir::kNone ? v : c.output();
  if (!c.failed()) c.emit(op_code::strided_slice, crop, {v}, y);
}

}  // namespace mote::tflite_import
