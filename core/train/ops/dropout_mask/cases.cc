#include "ops/case.h"

namespace mote::test {

// 2^-24 below 1 is the largest rate; 2^-33 is below one word's resolution and drops nothing.
void dropout_mask_cases(CaseList& list) {
  const float rates[] = {0, 0.5f, 0.1f, 0.9f, 1 - 0x1p-24f, 0x1p-33f, 0.25f, 1e-4f};
  for (int i = 0; i < 64; ++i) {
    std::vector<int32_t> shape = list.shape(list.integer(0, 6), 6);
    if (i % 16 == 15) shape = {3, 5001};  // several tiles, the last one odd
    DropoutMaskAttrs attrs{rates[i % 8], static_cast<uint32_t>(i % 3 == 0 ? -1 : i)};
    Operand seed = list.ints(Type::int32, {2}, INT32_MIN, INT32_MAX);
    Operand step = list.ints(Type::int32, {1}, i % 2 == 0 ? 0 : INT32_MIN, INT32_MAX);
    list.add(op_code::dropout_mask, attrs, {list.f32(shape), seed, step}, {list.f32({})})
        .tolerance = 0;
  }
}

}  // namespace mote::test
