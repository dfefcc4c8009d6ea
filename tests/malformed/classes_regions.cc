// roi_align.
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr const char* kPlace = "operator 0 (roi_align)";
using A = forge::RoiAlignT;

// x [2, 6, 6, 3], boxes [4, 4], batch [4], output [4, 2, 2, 3].
Draft roi_align() {
  A a;
  a.out_h = a.out_w = 2;
  a.spatial_scale = 1;
  return one_operator(op_code::roi_align, attributes(a),
                      {f32({2, 6, 6, 3}), f32({4, 4}), plain(forge::Type::int32, {4})},
                      {f32({4, 2, 2, 3})});
}

std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) { d.tensor(tensor).type = value; };
}
template <class T>
Variant number(std::string what, const char* name, T A::* member, T value) {
  return attribute(std::move(what), Code::attribute_range, name,
                   [=](Draft& d) { static_cast<A*>(d.op().attributes.value)->*member = value; });
}

}  // namespace

Classes region_classes() {
  return {
      {"roi_align_attributes",
       "own rule; analogue CVE-2020-26267",
       roi_align,
       {number("no rows", "out_h", &A::out_h, 0),
        number("2^16 columns", "out_w", &A::out_w, 1 << 16), number("mode 2", "mode", &A::mode, 2),
        number("-1 places per bin", "sampling_ratio", &A::sampling_ratio, -1),
        number("65 places per bin", "sampling_ratio", &A::sampling_ratio, 65),
        number("a scale of 0", "spatial_scale", &A::spatial_scale, 0.0F),
        number("a scale of NaN", "spatial_scale", &A::spatial_scale,
               std::numeric_limits<float>::quiet_NaN())}},
      {"roi_align_operands",
       "CVE-2020-15208, CVE-2021-41206",
       roi_align,
       {edited("an image of rank 3", Code::operand_rank, kPlace,
               [](Draft& d) { d.tensor(0).shape.pop_back(); }),
        edited("boxes of 5 numbers", Code::operand_shape, kPlace, dim(1, 1, 5)),
        edited("images for 3 boxes of 4", Code::shape_incompatible, kPlace, dim(2, 0, 3)),
        edited("boxes of int32", Code::operand_type, kPlace, type(1, forge::Type::int32)),
        edited("images by float32", Code::operand_type, kPlace, type(2, forge::Type::float32)),
        edited("an output of other sizes", Code::shape_mismatch, kPlace, dim(3, 1, 3))}},
      {"roi_align_image_too_large",
       "CVE-2021-29529: rounding past the last row",
       roi_align,
       {edited("2^22 + 1 rows", Code::operand_shape, kPlace,
               [](Draft& d) { d.tensor(0).shape[1] = forge::Dim(1, (1 << 22) + 1); })}},
  };
}

}  // namespace mote::test
