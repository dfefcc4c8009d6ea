#include "passes/layout/permutation.h"

namespace mote::layout {

Permutation identity(int32_t rank) {
  Permutation p;
  p.rank = rank;
  for (int32_t i = 0; i < rank; ++i) p[i] = i;
  return p;
}

Permutation of(const TransposeAttrs& a) {
  Permutation p;
  p.rank = a.count;
  for (int32_t i = 0; i < a.count; ++i) p[i] = a.permutation[i];
  return p;
}

TransposeAttrs attributes(const Permutation& p) {
  TransposeAttrs a{};
  a.count = p.rank;
  for (int32_t i = 0; i < p.rank; ++i) a.permutation[i] = p[i];
  return a;
}

bool is_identity(const Permutation& p) { return p == identity(p.rank); }

Permutation inverse(const Permutation& p) {
  Permutation out;
  out.rank = p.rank;
  for (int32_t i = 0; i < p.rank; ++i) out[p[i]] = i;
  return out;
}

Permutation then(const Permutation& first, const Permutation& second) {
  Permutation out;
  out.rank = second.rank;
  for (int32_t i = 0; i < out.rank; ++i) out[i] = first[second[i]];
  return out;
}

ShapeBounds apply(const ShapeBounds& x, const Permutation& p) {
  ShapeBounds out;
  out.rank = p.rank;
  for (int32_t i = 0; i < p.rank; ++i) out.dims[i] = x.dims[p[i]];
  return out;
}

bool keeps_order(const ShapeBounds& x, const Permutation& p) {
  int32_t last = -1;
  for (int32_t i = 0; i < p.rank; ++i) {
    if (x.dims[p[i]].max == 1) continue;
    if (p[i] < last) return false;
    last = p[i];
  }
  return true;
}

bool as_reshape(const ShapeBounds& x, const Permutation& p, ReshapeAttrs* out) {
  *out = {};
  out->count = p.rank;
  int inferred = 0;
  for (int32_t i = 0; i < p.rank; ++i) {
    Dim d = x.dims[p[i]];
    out->shape[i] = d.is_static() ? d.max : p[i] == i ? 0 : -1;
    inferred += out->shape[i] == -1;
  }
  return inferred <= 1;
}

ir::Bytes transposed(const ir::Value& x, const Permutation& p) {
  const size_t bytes = type_bytes(x.type);
  const auto rank = static_cast<size_t>(p.rank);
  std::array<size_t, kMaxRank> strides{}, sizes{}, index{};
  size_t stride = bytes;
  for (size_t i = rank; i-- > 0;) {
    strides[i] = stride;
    stride *= static_cast<size_t>(x.shape.dims[i].max);
  }
  std::array<size_t, kMaxRank> moved{};
  for (size_t i = 0; i < rank; ++i) {
    moved[i] = strides[static_cast<size_t>(p.at[i])];
    sizes[i] = static_cast<size_t>(x.shape.dims[p.at[i]].max);
  }
  ir::Bytes out(x.data->size());
  size_t from = 0;
  for (size_t to = 0; to + bytes <= out.size(); to += bytes) {
    memcpy(out.data() + to, x.data->data() + from, bytes);
    for (size_t i = rank; i-- > 0;) {
      from += moved[i];
      if (++index[i] < sizes[i]) break;
      from -= moved[i] * sizes[i];
      index[i] = 0;
    }
  }
  return out;
}

}  // namespace mote::layout
