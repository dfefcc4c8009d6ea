#include "ops/recurrent_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, const RecurrentAttrs& a, const SequenceSizes& s) {
  Operand candidate = CaseList::none();
  if (a.linear_before_reset != 0) candidate = maybe(list, list.f32({s.out}));
  list.add(op_code::gru, a,
           {list.f32(sequence_shape(a, s)), list.f32({3 * s.out, s.in}),
            list.f32({3 * s.out, s.out}), maybe(list, list.f32({3 * s.out})), std::move(candidate),
            maybe(list, list.f32({s.batch, s.out})), sequence_lengths(list, s)},
           {list.f32({}), list.f32({})});
}

}  // namespace

void gru_cases(CaseList& list) {
  for (int i = 0; i < 80; ++i) {
    RecurrentAttrs a = draw_recurrent(list);
    a.linear_before_reset = list.integer(0, 1);
    a.cell_activation = kMoteTanh;
    if (i % 2 == 0) {
      // The gates stay within [0, 1], else h grows from step to step.
      a.gate_activation = list.coin() ? kMoteSigmoid : kMoteHardSigmoid;
      a.gate_alpha = 0.2f;
      a.gate_beta = 0.5f;
      draw_activation(list, &a.cell_activation, &a.cell_alpha, &a.cell_beta);
      a.clip = 1;
    }
    add(list, a, draw_sequence(list));
  }
  RecurrentAttrs a{};
  a.gate_activation = kMoteSigmoid;
  a.cell_activation = kMoteTanh;
  add(list, a, {70, 3, 5, 6});
  add(list, a, {1, 60, 17, 33});
  a.time_major = 1;
  add(list, a, {5, 1, 1, 1});
}

}  // namespace mote::test
