#include "import/tflite/sparse.h"

#include <cstring>

#include "base/checked.h"

namespace mote::tflite_import {
namespace {

// Dimensions and blocks of them; what is honest has two of each at most.
constexpr uint32_t kMaxLevels = 2 * kMaxRank;
// A file of N bytes makes the converter do work in proportion to N. Of a sparser constant nothing
// is worth keeping.
constexpr uint64_t kLargestGain = 256;

template <class Vector>
std::vector<int64_t> list_of(const Vector* vector) {
  std::vector<int64_t> out;
  if (vector == nullptr || vector->values() == nullptr) return out;
  for (uint32_t i = 0; i < vector->values()->size(); ++i) out.push_back(vector->values()->Get(i));
  return out;
}
std::vector<int64_t> list_of(tfl::SparseIndexVector type, const void* table) {
  switch (type) {
    case tfl::SparseIndexVector::Int32Vector:
      return list_of(static_cast<const tfl::Int32Vector*>(table));
    case tfl::SparseIndexVector::Uint16Vector:
      return list_of(static_cast<const tfl::Uint16Vector*>(table));
    case tfl::SparseIndexVector::Uint8Vector:
      return list_of(static_cast<const tfl::Uint8Vector*>(table));
    default:
      return {};
  }
}

// One step of the traversal. `stride`: what an index of it adds to the element's place.
struct Level {
  bool dense = true;
  int64_t size = 0, stride = 0;
  std::vector<int64_t> segments,
      indices;  // not dense: those of parent p are segments[p] to [p + 1]
};

class Densifier {
 public:
  Densifier(std::vector<Level> levels, size_t item, Span<const uint8_t> data, ir::Bytes* out)
      : levels_(std::move(levels)), item_(item), data_(data), out_(*out) {
    steps_left_ = (out->size() / item + 1) * levels_.size();
  }
  bool run() { return visit(0, 0, 0) && next_ * item_ == data_.size; }

 private:
  bool visit(size_t level, int64_t parent, int64_t place) {
    if (level == levels_.size()) return put(place);
    const Level& l = levels_[level];
    int64_t begin = 0, end = l.size;
    if (!l.dense) {
      if (parent + 1 >= static_cast<int64_t>(l.segments.size())) return false;
      begin = l.segments[static_cast<size_t>(parent)];
      end = l.segments[static_cast<size_t>(parent) + 1];
      if (begin < 0 || end < begin || end > static_cast<int64_t>(l.indices.size())) return false;
    }
    for (int64_t i = begin; i < end; ++i) {
      if (steps_left_-- == 0) return false;
      int64_t index = l.dense ? i : l.indices[static_cast<size_t>(i)];
      if (index < 0 || index >= l.size) return false;
      if (!visit(level + 1, l.dense ? parent * l.size + i : i, place + index * l.stride))
        return false;
    }
    return true;
  }
  bool put(int64_t place) {
    if ((next_ + 1) * item_ > data_.size) return false;
    memcpy(&out_[static_cast<size_t>(place) * item_], data_.data + next_++ * item_, item_);
    return true;
  }

  std::vector<Level> levels_;
  size_t item_;
  Span<const uint8_t> data_;
  ir::Bytes& out_;
  size_t next_ = 0;
  uint64_t steps_left_ = 0;
};

Level level_of(const tfl::DimensionMetadata& m) {
  Level l;
  l.dense = m.format() == tfl::DimensionType::DENSE;
  l.size = m.dense_size();
  l.segments = list_of(m.array_segments_type(), m.array_segments());
  l.indices = list_of(m.array_indices_type(), m.array_indices());
  return l;
}

// Sizes and strides: dimension d, cut into blocks of b elements, has size / b of them. False when
// the tables do not name every dimension once.
bool place_levels(const tfl::SparsityParameters& s, const ShapeBounds& shape,
                  std::vector<Level>* levels) {
  const auto rank = static_cast<uint32_t>(shape.rank);
  const uint32_t blocks = size_of(s.block_map()), count = rank + blocks;
  std::vector<int64_t> size(count), stride(count, 1);
  for (uint32_t i = 0; i < rank; ++i) size[i] = shape.dims[i].max;
  for (uint32_t i = rank; i-- > 1;) stride[i - 1] = stride[i] * size[i];
  std::vector<bool> cut(rank, false), seen(count, false);
  std::vector<uint32_t> level_at(count);
  for (uint32_t i = 0; i < count; ++i) {
    int32_t at = s.traversal_order()->Get(i);
    if (at < 0 || static_cast<uint32_t>(at) >= count || seen[static_cast<size_t>(at)]) return false;
    seen[static_cast<size_t>(at)] = true;
    level_at[static_cast<size_t>(at)] = i;
  }
  for (uint32_t b = 0; b < blocks; ++b) {
    int32_t of = s.block_map()->Get(b);
    int64_t block = (*levels)[level_at[rank + b]].size;
    if (of < 0 || static_cast<uint32_t>(of) >= rank || cut[static_cast<size_t>(of)]) return false;
    auto d = static_cast<size_t>(of);
    if (block < 1 || size[d] % block != 0) return false;
    cut[d] = true;
    size[rank + b] = block;
    stride[rank + b] = stride[d];
    size[d] /= block;
    stride[d] *= block;
  }
  for (uint32_t i = 0; i < count; ++i) {
    Level& l = (*levels)[level_at[i]];
    if (l.dense && l.size != size[i]) return false;
    l.size = size[i];
    l.stride = stride[i];
  }
  return true;
}

}  // namespace

std::optional<ir::Bytes> densified(const tfl::SparsityParameters& s, const ShapeBounds& shape,
                                   size_t item, Span<const uint8_t> data, std::string* why) {
  const uint32_t count = size_of(s.dim_metadata());
  *why = "its tables of sparsity do not fit its shape";
  if (shape.rank < 1 || count > kMaxLevels || size_of(s.traversal_order()) != count ||
      count != static_cast<uint32_t>(shape.rank) + size_of(s.block_map()))
    return std::nullopt;
  int64_t elements = 1, bytes = 0;
  for (int i = 0; i < shape.rank; ++i)
    if (!checked_mul(elements, int64_t{shape.dims[i].max}, &elements)) return std::nullopt;
  if (!checked_mul(elements, static_cast<int64_t>(item), &bytes)) return std::nullopt;
  std::vector<Level> levels;
  uint64_t stored = data.size + 64;
  for (uint32_t i = 0; i < count; ++i) {
    levels.push_back(level_of(*s.dim_metadata()->Get(i)));
    stored += levels.back().segments.size() + levels.back().indices.size();
  }
  if (static_cast<uint64_t>(bytes) > kLargestGain * stored) {
    *why = "its dense form has more than " + std::to_string(kLargestGain) + " times its bytes";
    return std::nullopt;
  }
  if (!place_levels(s, shape, &levels)) return std::nullopt;
  *why = "its data do not fit its tables of sparsity";
  ir::Bytes out(static_cast<size_t>(bytes));
  if (!Densifier(std::move(levels), item, data, &out).run()) return std::nullopt;
  return out;
}

}  // namespace mote::tflite_import
