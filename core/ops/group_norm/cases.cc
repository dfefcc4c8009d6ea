#include "ops/normalize_cases.h"

namespace mote::test {
namespace {

// Groups of one channel, of few that share a cache line, of more than a block of sums.
constexpr int32_t kGroups[] = {1, 2, 3, 5, 8, 17, 33};
constexpr int32_t kGroupChannels[] = {1, 2, 3, 4, 15, 16, 17, 70, 130};

}  // namespace

void group_norm_cases(CaseList& list) {
  for (int i = 0; i < 72; ++i) {
    NormalizeAttrs attrs{};
    attrs.groups = kGroups[list.integer(0, 6)];
    attrs.epsilon = draw_epsilon(list);
    std::vector<int32_t> shape = list.shape(list.integer(1, 4), 5);
    if (i % 12 == 5) shape = {2, 20, 31};
    int32_t channels = attrs.groups * kGroupChannels[list.integer(0, 8)];
    shape.push_back(channels);
    Operand scale = list.f32({channels}, -2, 2), bias = list.f32({channels});
    if (i % 4 == 1) scale = CaseList::none();
    if (i % 4 == 2) bias = CaseList::none();
    double low = i % 4 == 0 ? 1 : -2;
    list.add(op_code::group_norm, attrs,
             {list.f32(shape, low, low + 4), std::move(scale), std::move(bias)}, {list.f32({})});
  }
}

}  // namespace mote::test
