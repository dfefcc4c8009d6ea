// Validation of tensors: types, shapes, data ranges, quantization.
#include "base/checked.h"
#include "model/model_impl.h"

namespace mote {
namespace {

Status read_shape(const file::Tensor& in, TensorInfo& out, const Limits& limits) {
  uint32_t rank = size_of(in.shape());
  if (rank > kMaxRank) return error(Code::rank_too_large, kMaxRank, rank);
  out.bounds.rank = static_cast<int32_t>(rank);
  for (uint32_t i = 0; i < rank; ++i) {
    const file::Dim& d = *in.shape()->Get(i);
    if (d.min() < 1) return error(Code::dim_not_positive, 1, d.min());
    if (d.max() < d.min()) return error(Code::dim_bounds, d.max(), d.min());
    out.bounds.dims[i] = {d.min(), d.max()};
    if (out.kind != TensorKind::activation && d.min() != d.max()) {
      return error(Code::dynamic_constant, d.min(), d.max());
    }
  }
  out.max_bytes = max_bytes_of(out.bounds, out.type);
  // What an address can reach bounds it too.
  constexpr auto kReach = static_cast<int64_t>(SIZE_MAX / 2);
  int64_t limit = limits.tensor_bytes < kReach ? limits.tensor_bytes : kReach;
  if (out.max_bytes < 0 || out.max_bytes > limit) {
    return error(Code::tensor_too_large, limit, out.max_bytes);
  }
  return {};
}

Status read_data(const ModelImpl& m, const file::Tensor& in, TensorInfo& out) {
  constexpr uint32_t kNoSegment = UINT32_MAX;
  uint32_t segment = in.segment();
  if (out.kind == TensorKind::activation) {
    return segment == kNoSegment ? Status{} : error(Code::activation_with_data, 0, segment);
  }
  if (segment == kNoSegment) {
    return out.kind == TensorKind::state ? Status{} : error(Code::constant_without_data);
  }
  uint32_t count = size_of(m.root->segments());
  if (segment >= count) return error(Code::tensor_segment, count, segment);
  const file::Segment& s = *m.root->segments()->Get(segment);
  auto kind = static_cast<uint32_t>(out.kind == TensorKind::constant ? file::SegmentKind::weights
                                                                     : file::SegmentKind::state);
  if (s.kind() != kind) return error(Code::tensor_segment_kind, kind, s.kind());
  uint64_t end = 0;
  if (!checked_add(in.offset(), static_cast<uint64_t>(out.max_bytes), &end) || end > s.bytes()) {
    return error(Code::tensor_data_range, static_cast<int64_t>(s.bytes()),
                 static_cast<int64_t>(end));
  }
  if (in.offset() % type_bytes(out.type) != 0) {
    return error(Code::tensor_data_misaligned, static_cast<int64_t>(type_bytes(out.type)),
                 static_cast<int64_t>(in.offset()));
  }
  out.data = m.bytes.data + s.offset() + in.offset();
  return {};
}

// Integer types that may be quantized, with the range of their zero points; int32 holds biases.
Status check_zero_point(Type type, int32_t z) {
  int32_t lo = 0, hi = 0;
  if (type == Type::int8) lo = -128, hi = 127;
  if (type == Type::uint8) hi = 255;
  if (type == Type::int16) lo = -32768, hi = 32767;
  if (z < lo) return error(Code::zero_point_range, lo, z);
  return z > hi ? error(Code::zero_point_range, hi, z) : Status{};
}

// Within these, no product of two scales or quotient leaves the normal floats (NUMERICS.md,
// scales).
constexpr float kMinScale = 0x1p-100F, kMaxScale = 0x1p100F;

bool may_be_quantized(Type type) {
  return type == Type::int8 || type == Type::uint8 || type == Type::int16 || type == Type::int32;
}

Status read_quantization(ModelImpl& m, const file::Quantization& in, TensorInfo& out) {
  uint32_t count = size_of(in.scales()), zero_points = size_of(in.zero_points());
  if (count == 0 && zero_points == 0) return {};
  MOTE_TRY(m.visit(uint64_t{count} + zero_points));
  if (!may_be_quantized(out.type)) return error(Code::quantization_unexpected, 0, 0);
  if (count != 1) {
    if (in.axis() < 0 || in.axis() >= out.bounds.rank) {
      return error(Code::quantization_axis, out.bounds.rank, in.axis());
    }
    Dim d = out.bounds.dims[in.axis()];
    if (!d.is_static() || count != static_cast<uint32_t>(d.max)) {
      return error(Code::scale_count, d.max, count);
    }
  }
  if (zero_points != 0 && zero_points != count) {
    return error(Code::zero_point_count, count, zero_points);
  }
  for (uint32_t i = 0; i < count; ++i) {
    float s = in.scales()->Get(i);
    if (!(s >= kMinScale && s <= kMaxScale)) return error(Code::scale_invalid, 0, i);
  }
  for (uint32_t i = 0; i < zero_points; ++i) {
    MOTE_TRY(check_zero_point(out.type, in.zero_points()->Get(i)));
  }
  out.quantization = {in.scales()->data(), zero_points == 0 ? nullptr : in.zero_points()->data(),
                      count, count == 1 ? -1 : in.axis()};
  return {};
}

Status read_tensor(ModelImpl& m, const file::Tensor& in, TensorInfo& out) {
  auto type = static_cast<uint8_t>(in.type()), kind = static_cast<uint8_t>(in.kind());
  if (type >= kFileTypes) return error(Code::type_unknown, kFileTypes - 1, type);
  if (kind > static_cast<uint8_t>(TensorKind::state)) return error(Code::kind_unknown, 2, kind);
  out.name = text_or_empty(in.name());
  out.type = static_cast<Type>(type);
  out.kind = static_cast<TensorKind>(kind);
  MOTE_TRY(read_shape(in, out, m.limits));
  MOTE_TRY(read_data(m, in, out));
  return in.quantization() == nullptr ? Status{} : read_quantization(m, *in.quantization(), out);
}

}  // namespace

Status read_tensors(ModelImpl& m) {
  uint32_t count = size_of(m.root->tensors());
  if (count > m.limits.tensors) return error(Code::too_many_tensors, m.limits.tensors, count);
  MOTE_TRY(m.visit(count));
  MOTE_TRY(m.tensors.init(m.allocator, count, &m.array_bytes));
  for (uint32_t i = 0; i < count; ++i) {
    Status s = read_tensor(m, *m.root->tensors()->Get(i), m.tensors[i]);
    if (!s.ok()) return at(s, -1, -1, static_cast<int32_t>(i));
  }
  return {};
}

}  // namespace mote
