#include "ops/case.h"

namespace mote::test {

void rotary_embedding_cases(CaseList& list) {
  for (int i = 0; i < 64; ++i) {
    std::vector<int32_t> shape = list.shape(4, i % 8 == 7 ? 20 : 5);
    int32_t pairs = i % 4 == 0 ? list.integer(1, 40) : list.integer(1, 4);
    shape[3] = 2 * pairs;
    std::vector<int32_t> angles = {list.coin() ? 1 : shape[0], shape[1], pairs};
    std::vector<int32_t> sines = {list.coin() ? 1 : shape[0], shape[1], pairs};
    list.add(op_code::rotary_embedding, RotaryEmbeddingAttrs{i % 2},
             {list.f32(shape, -3, 3), list.f32(angles), list.f32(sines)}, {list.f32({})});
  }
}

}  // namespace mote::test
