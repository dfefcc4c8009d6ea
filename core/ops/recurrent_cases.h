// What the cases of lstm, gru and rnn share.
#pragma once

#include "ops/case.h"

namespace mote::test {

struct SequenceSizes {
  int32_t batch, time, in, out;
};

inline SequenceSizes draw_sequence(CaseList& list) {
  return {list.integer(1, 4), list.integer(1, 7), list.integer(1, 11), list.integer(1, 9)};
}

inline std::vector<int32_t> sequence_shape(const RecurrentAttrs& a, const SequenceSizes& s) {
  if (a.time_major != 0) return {s.time, s.batch, s.in};
  return {s.batch, s.time, s.in};
}

// Every activation, with parameters that each of them takes; those of few steps, so that what
// grows stays small.
inline void draw_activation(CaseList& list, int32_t* kind, float* alpha, float* beta) {
  constexpr int32_t kKinds[] = {kMoteRelu,        kMoteRelu6,
                                kMoteReluN1To1,   kMoteSigmoid,
                                kMoteTanh,        kMoteLeakyRelu,
                                kMoteElu,         kMoteThresholdedRelu,
                                kMoteHardSigmoid, kMoteSoftplus,
                                kMoteSoftsign,    kMoteRecurrentAffine,
                                kMoteRecurrentScaledTanh};
  *kind = kKinds[list.integer(0, 12)];
  *alpha = list.real(0.1f, 0.6f);
  *beta = list.real(0.1f, 0.6f);
}

inline RecurrentAttrs draw_recurrent(CaseList& list) {
  RecurrentAttrs a{};
  a.reverse = list.integer(0, 1);
  a.time_major = list.integer(0, 1);
  a.gate_activation = kMoteSigmoid;
  if (list.integer(0, 3) == 0) a.clip = list.real(0.2f, 1);
  return a;
}

// An operand that is there in one of two cases.
inline Operand maybe(CaseList& list, Operand o) {
  return list.coin() ? std::move(o) : CaseList::none();
}

// Also lengths that mean none and all of the steps.
inline Operand sequence_lengths(CaseList& list, const SequenceSizes& s) {
  if (list.integer(0, 2) != 0) return CaseList::none();
  return list.ints(Type::int32, {s.batch}, -1, s.time + 1);
}

}  // namespace mote::test
