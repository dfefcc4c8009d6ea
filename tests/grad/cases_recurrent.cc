// Recurrent operators: few steps, each of the directions, layouts and outputs.
#include "grad/cases.h"
#include "ops/recurrent_attributes.h"

namespace mote::test {
namespace {

using ir::ValueId;
using Dims = std::vector<int32_t>;

struct Sizes {
  int32_t batch, time, in, out;
};

Sizes random_sizes(GradientCase& c) {
  return {c.integer(1, 3), c.integer(1, 4), c.integer(1, 3), c.integer(1, 3)};
}

RecurrentAttrs random_attributes(GradientCase& c) {
  RecurrentAttrs a{};
  a.reverse = c.integer(0, 1);
  a.time_major = c.integer(0, 1);
  a.gate_activation = kMoteSigmoid;
  return a;
}

ValueId sequence(GradientCase& c, const RecurrentAttrs& a, const Sizes& s) {
  return c.input(a.time_major != 0 ? Dims{s.time, s.batch, s.in} : Dims{s.batch, s.time, s.in});
}

ValueId maybe(GradientCase& c, const Dims& shape) { return c.coin() ? c.input(shape) : ir::kNone; }

// y and the last states in all combinations, none left out alone.
void use_some(GradientCase& c, size_t outputs) {
  std::vector<size_t> used;
  for (size_t i = 0; i < outputs; ++i)
    if (c.coin()) used.push_back(i);
  if (used.empty())
    used.push_back(static_cast<size_t>(c.integer(0, static_cast<int32_t>(outputs) - 1)));
  c.use_results(used);
}

}  // namespace

void make_rnn_case(GradientCase& c) {
  Sizes s = random_sizes(c);
  RecurrentAttrs a = random_attributes(c);
  // No relu: its kink may lie anywhere.
  a.gate_activation = c.coin() ? kMoteTanh : kMoteSigmoid;
  ValueId x = sequence(c, a, s), w = c.input({s.out, s.in}), r = c.input({s.out, s.out});
  ValueId bias = maybe(c, {s.out}), h = maybe(c, {s.batch, s.out});
  c.add(op_code::rnn, a, {x, w, r, bias, h}, 2);
  use_some(c, 2);
}

void make_gru_case(GradientCase& c) {
  Sizes s = random_sizes(c);
  RecurrentAttrs a = random_attributes(c);
  a.cell_activation = kMoteTanh;
  a.linear_before_reset = c.integer(0, 1);
  ValueId x = sequence(c, a, s), w = c.input({3 * s.out, s.in}), r = c.input({3 * s.out, s.out});
  ValueId bias = maybe(c, {3 * s.out});
  ValueId candidate = a.linear_before_reset != 0 ? maybe(c, {s.out}) : ir::kNone;
  ValueId h = maybe(c, {s.batch, s.out});
  c.add(op_code::gru, a, {x, w, r, bias, candidate, h}, 2);
  use_some(c, 2);
}

void make_lstm_case(GradientCase& c) {
  Sizes s = random_sizes(c);
  RecurrentAttrs a = random_attributes(c);
  a.cell_activation = a.output_activation = kMoteTanh;
  ValueId x = sequence(c, a, s), w = c.input({4 * s.out, s.in}), r = c.input({4 * s.out, s.out});
  ValueId bias = maybe(c, {4 * s.out});
  ValueId h = maybe(c, {s.batch, s.out}), cell = maybe(c, {s.batch, s.out});
  c.add(op_code::lstm, a, {x, w, r, bias, h, cell}, 3);
  use_some(c, 3);
}

void make_svdf_case(GradientCase& c) {
  SvdfAttrs a{};
  a.rank = c.integer(1, 3);
  int32_t batch = c.integer(1, 3), in = c.integer(1, 3), units = c.integer(1, 3);
  int32_t filters = units * a.rank, memory = c.integer(2, 4);
  ValueId x = c.input({batch, in}), feature = c.input({filters, in});
  ValueId time = c.input({filters, memory}), state = c.input({batch, filters * memory});
  c.add(op_code::svdf, a, {x, feature, time, state, maybe(c, {units})}, 2);
  // The new state alone depends neither on the bias nor on the weights over time.
  c.use_results(c.coin() ? std::vector<size_t>{0} : std::vector<size_t>{0, 1});
}

}  // namespace mote::test
