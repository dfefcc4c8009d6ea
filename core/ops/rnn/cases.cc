#include "ops/recurrent_cases.h"

namespace mote::test {
namespace {

void add(CaseList& list, const RecurrentAttrs& a, const SequenceSizes& s) {
  list.add(op_code::rnn, a,
           {list.f32(sequence_shape(a, s)), list.f32({s.out, s.in}),
            list.f32({s.out, s.out}, -0.5, 0.5), maybe(list, list.f32({s.out})),
            maybe(list, list.f32({s.batch, s.out})), sequence_lengths(list, s)},
           {list.f32({}), list.f32({})});
}

}  // namespace

void rnn_cases(CaseList& list) {
  for (int i = 0; i < 80; ++i) {
    RecurrentAttrs a = draw_recurrent(list);
    a.gate_activation = kMoteTanh;
    if (i % 2 == 0) draw_activation(list, &a.gate_activation, &a.gate_alpha, &a.gate_beta);
    add(list, a, draw_sequence(list));
  }
  RecurrentAttrs a{};
  a.gate_activation = kMoteTanh;
  add(list, a, {70, 3, 5, 6});
  add(list, a, {1, 100, 17, 33});
  a.time_major = 1;
  add(list, a, {5, 1, 1, 1});
}

}  // namespace mote::test
