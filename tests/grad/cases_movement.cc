// Operators that move elements.
#include <algorithm>

#include "grad/cases.h"

namespace mote::test {
namespace {

using ir::ValueId;
using Dims = std::vector<int32_t>;

void restart(GradientCase& c) {
  c = GradientCase(static_cast<uint32_t>(c.integer(0, INT32_MAX - 1)));
}

}  // namespace

void make_concat_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  ConcatAttrs a{};
  a.axis = c.integer(0, static_cast<int32_t>(s.size()) - 1);
  std::vector<ValueId> parts;
  for (int32_t i = c.integer(1, 4); i > 0; --i) {
    s[static_cast<size_t>(a.axis)] = c.integer(1, 3);
    parts.push_back(c.input(s));
  }
  c.add(op_code::concat, a, parts);
}

void make_gather_case(GradientCase& c) {
  Dims x = c.shape(c.integer(1, 4));
  GatherAttrs a{};
  a.axis = c.integer(0, static_cast<int32_t>(x.size()) - 1);
  a.batch_dims = c.integer(0, a.axis);
  Dims indices(x.begin(), x.begin() + a.batch_dims);
  for (int32_t i = c.integer(0, 2); i > 0; --i) indices.push_back(c.integer(1, 4));
  // Indices repeat.
  ValueId places = c.integers(indices, 0, x[static_cast<size_t>(a.axis)] - 1);
  c.add(op_code::gather, a, {c.input(x), places});
}

void make_pad_case(GradientCase& c) {
  Dims s = c.shape(c.integer(0, 5));
  PadAttrs a{};
  a.mode = c.integer(kMotePadConstant, kMotePadWrap);
  a.count = static_cast<int32_t>(s.size());
  a.value = static_cast<float>(c.integer(-2, 2));
  for (size_t i = 0; i < s.size(); ++i) {
    bool bounded = a.mode == kMotePadSymmetric || a.mode == kMotePadWrap;
    int32_t most = a.mode == kMotePadReflect ? s[i] - 1 : bounded ? s[i] : 2;
    a.before[i] = c.integer(0, std::min(most, 2));
    a.after[i] = c.integer(0, std::min(most, 2));
  }
  c.add(op_code::pad, a, {c.input(s)});
}

void make_reshape_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 4));
  ReshapeAttrs a{};
  switch (c.integer(0, 3)) {
    case 0:
      a.shape[a.count++] = -1;
      break;
    case 1:  // the first dimension stays
      a.shape[a.count++] = 0;
      a.shape[a.count++] = -1;
      break;
    case 2:
      for (auto d = s.rbegin(); d != s.rend(); ++d) a.shape[a.count++] = *d;
      break;
    default:
      a.shape[a.count++] = 1;
      for (int32_t d : s) a.shape[a.count++] = d;
  }
  c.add(op_code::reshape, a, {c.input(s)});
}

void make_resize_bilinear_case(GradientCase& c) {
  Dims s = {c.integer(1, 2), c.integer(1, 5), c.integer(1, 5), c.integer(1, 3)};
  ResizeBilinearAttrs a{c.integer(1, 8), c.integer(1, 8),
                        c.integer(kMoteAsymmetric, kMoteAlignCorners)};
  c.add(op_code::resize_bilinear, a, {c.input(s)});
}

void make_strided_slice_case(GradientCase& c) {
  until_accepted([&] {
    restart(c);
    Dims s = c.shape(c.integer(1, 4), 7);
    StridedSliceAttrs a{};
    a.count = c.integer(1, static_cast<int32_t>(s.size()));
    for (int32_t i = 0; i < a.count; ++i) {
      int32_t size = s[static_cast<size_t>(i)];
      a.begin[i] = c.integer(-size - 1, size + 1);
      a.end[i] = c.integer(-size - 1, size + 1);
      a.strides[i] = c.pick(Dims{1, 1, 2, 3, 9, -1, -2, -3});
      uint32_t bit = 1u << i;
      if (c.integer(0, 2) == 0) a.begin_mask |= bit;
      if (c.integer(0, 2) == 0) a.end_mask |= bit;
      if (c.integer(0, 5) == 0) a.shrink_mask |= bit;
    }
    return c.add(op_code::strided_slice, a, {c.input(s)});
  });
}

void make_transpose_case(GradientCase& c) {
  Dims s = c.shape(c.integer(1, 5));
  TransposeAttrs a{};
  for (int32_t p : c.permutation(static_cast<int32_t>(s.size()))) a.permutation[a.count++] = p;
  c.add(op_code::transpose, a, {c.input(s)});
}

}  // namespace mote::test
