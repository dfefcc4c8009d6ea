#include <cmath>

#include "ops/recurrent_cases.h"

namespace mote::test {
namespace {

RecurrentAttrs draw_lstm(CaseList& list) {
  RecurrentAttrs a = draw_recurrent(list);
  a.cell_activation = a.output_activation = kMoteTanh;
  a.coupling = list.coin() ? kMoteCoupledNone : list.integer(0, kMoteCoupledInput);
  if (list.integer(0, 3) == 0) a.cell_clip = list.real(0.1f, 1);
  if (list.integer(0, 3) == 0) a.projection_clip = list.real(0.1f, 1);
  return a;
}

int32_t gate_count(const RecurrentAttrs& a) { return a.coupling == kMoteCoupledNone ? 4 : 3; }

void add_real(CaseList& list, const RecurrentAttrs& a, const SequenceSizes& s, bool projected,
              bool normed) {
  int32_t hidden = projected ? list.integer(1, 12) : s.out, gates = gate_count(a);
  Operand projection = CaseList::none(), projection_bias = CaseList::none();
  if (projected) {
    projection = list.f32({s.out, hidden});
    projection_bias = maybe(list, list.f32({s.out}));
  }
  Case& c =
      list.add(op_code::lstm, a,
               {list.f32(sequence_shape(a, s)), list.f32({gates * hidden, s.in}),
                list.f32({gates * hidden, s.out}), maybe(list, list.f32({gates * hidden})),
                maybe(list, list.f32({s.batch, s.out})), maybe(list, list.f32({s.batch, hidden})),
                maybe(list, list.f32({(gates - 1) * hidden})), std::move(projection),
                std::move(projection_bias), normed ? list.f32({gates * hidden}) : CaseList::none(),
                sequence_lengths(list, s)},
               {list.f32({}), list.f32({}), list.f32({})});
  c.tolerance = 1e-5;
}

void add_real_cases(CaseList& list) {
  for (int i = 0; i < 100; ++i) {
    RecurrentAttrs a = draw_lstm(list);
    if (i % 3 == 0) {
      a.gate_activation = list.coin() ? kMoteSigmoid : kMoteHardSigmoid;
      a.gate_alpha = 0.2f;
      a.gate_beta = 0.5f;
      draw_activation(list, &a.cell_activation, &a.cell_alpha, &a.cell_beta);
      draw_activation(list, &a.output_activation, &a.output_alpha, &a.output_beta);
      a.clip = 1;
    }
    SequenceSizes s = draw_sequence(list);
    // A normalization over few elements divides by next to nothing.
    bool normed = i % 5 == 4;
    if (normed) s.out = list.integer(8, 12);
    add_real(list, a, s, !normed && i % 4 == 3, normed);
  }
  RecurrentAttrs a{};
  a.gate_activation = kMoteSigmoid;
  a.cell_activation = a.output_activation = kMoteTanh;
  add_real(list, a, {70, 3, 5, 6}, false, false);
  add_real(list, a, {1, 60, 17, 33}, true, false);
  a.time_major = 1;
  add_real(list, a, {5, 1, 1, 1}, false, false);
}

Operand integers(CaseList& list, Type type, std::vector<int32_t> shape, int64_t limit,
                 ir::Quantization q = {}) {
  Operand o = list.ints(type, std::move(shape), -limit, limit);
  o.quantization = std::move(q);
  return o;
}

ir::Quantization scaled(float scale, int32_t zero_point) {
  ir::Quantization q;
  q.scales = {scale};
  q.zero_points = {zero_point};
  return q;
}

// Effective scales that spread sums of `terms` products over the gates' range of 2^15.
void draw_scales(CaseList& list, RecurrentAttrs* a, const SequenceSizes& s, int32_t hidden) {
  a->scale_count = kMoteRecurrentScales;
  auto spread = [&](int32_t terms) {
    return list.real(0.5f, 4) * 4096 / (127 * 127 * std::sqrt(static_cast<float>(terms)));
  };
  for (int i = 0; i < 4; ++i) {
    a->scales[kMoteScaleInput + i] = spread(s.in);
    a->scales[kMoteScaleRecurrent + i] = spread(s.out);
  }
  for (int i = 0; i < 3; ++i) a->scales[kMoteScalePeephole + i] = list.real(0.2f, 2) * 0x1p-15f;
  a->scales[kMoteScaleHidden] = list.real(0.5f, 1.5f) * 127 * 0x1p-30f;
  a->scales[kMoteScaleProjection] =
      list.real(0.5f, 1.5f) / 127 / std::sqrt(static_cast<float>(hidden));
}

void add_quantized(CaseList& list, RecurrentAttrs a, const SequenceSizes& s, bool projected) {
  int32_t hidden = projected ? list.integer(1, 12) : s.out, gates = gate_count(a);
  a.gate_activation = kMoteSigmoid;
  a.cell_activation = a.output_activation = kMoteTanh;
  a.clip = 0;
  a.hidden_zero_point = list.integer(-9, 9);
  draw_scales(list, &a, s, hidden);
  if (list.integer(0, 9) == 0) a.scales[list.integer(0, kMoteRecurrentScales - 1)] = 3000;
  ir::Quantization x = list.per_tensor(), w = scaled(0.01f, 0),
                   y = scaled(1 / 127.0f, list.integer(-9, 9));
  // All exponents that the cell may have; mostly TensorFlow Lite's usual one.
  int32_t exponent = list.coin() ? -11 : list.integer(-15, -9);
  ir::Quantization c = scaled(std::ldexp(1.0f, exponent), 0);
  Operand projection = CaseList::none(), projection_bias = CaseList::none();
  if (projected) {
    projection = list.s8({s.out, hidden}, w);
    projection_bias = maybe(list, integers(list, Type::int32, {s.out}, 2000));
  }
  auto extreme = [&](Operand o) {
    if (list.integer(0, 7) == 0) o.fill = Fill::extreme;
    return o;
  };
  list.add(op_code::lstm, a,
           {extreme(list.s8(sequence_shape(a, s), x)), extreme(list.s8({gates * hidden, s.in}, w)),
            extreme(list.s8({gates * hidden, s.out}, w)),
            maybe(list, extreme(integers(list, Type::int32, {gates * hidden}, 20000))),
            maybe(list, extreme(list.s8({s.batch, s.out}, y))),
            maybe(list, extreme(integers(list, Type::int16, {s.batch, hidden}, 32767, c))),
            maybe(list, extreme(integers(list, Type::int16, {(gates - 1) * hidden}, 32767,
                                         scaled(0x1p-15f, 0)))),
            std::move(projection), std::move(projection_bias), CaseList::none(),
            sequence_lengths(list, s)},
           {list.s8({}, y), list.s8({}, y), integers(list, Type::int16, {}, 1, c)});
}

}  // namespace

void lstm_cases(CaseList& list) {
  add_real_cases(list);
  for (int i = 0; i < 200; ++i)
    add_quantized(list, draw_lstm(list), draw_sequence(list), i % 4 == 3);
  add_quantized(list, {}, {40, 3, 5, 6}, false);
  add_quantized(list, {}, {1, 60, 28, 33}, false);
  add_quantized(list, {}, {2, 20, 100, 70}, true);
}

}  // namespace mote::test
