#include "grad/recurrent.h"

namespace mote {
namespace {

constexpr size_t kBias = 3, kInitialH = 4, kInitialC = 5, kPeephole = 6, kNorm = 9, kLengths = 10;

using ir::ValueId;

ValueId optional(const GradientCall& c, size_t i) {
  return i < c.node.inputs.size() ? c.in(i) : ir::kNone;
}

// Why a case has no rule; empty when it has.
std::string unsupported(const GradientCall& c) {
  const auto a = c.node.attrs<RecurrentAttrs>();
  for (size_t i = kPeephole; i <= kNorm; ++i)
    if (optional(c, i) != ir::kNone)
      return "peepholes, projections and layer normalization have no gradient rule";
  if (a.coupling != kMoteCoupledNone) return "coupled gates have no gradient rule";
  if (a.gate_activation != kMoteSigmoid || a.cell_activation != kMoteTanh ||
      a.output_activation != kMoteTanh)
    return "only sigmoid gates and tanh have a gradient rule";
  return a.cell_clip != 0 ? "a clip in a recurrent operator has no gradient rule" : "";
}

// Factors of all steps: of the gradients of h and c on their way to the gates.
struct Factors {
  ValueId input, forget, cell, output;  // dc by the first three, dh by the last
  ValueId to_cell;                      // dh by dc
  ValueId keep;                         // dc by c of the step before
};

// c before each step and after it.
struct Cells {
  ValueId before, after;
};

Cells cells_of(GradientCall& c, Unrolled& u, ValueId forget, ValueId added) {
  const ValueId first = optional(c, kInitialC);
  ValueId cell = first != ir::kNone ? first : u.zeros({u.batch, u.out});
  std::vector<ValueId> before, after;
  for (int32_t t = 0; t < u.time; ++t) {
    before.insert(before.begin(), cell);
    cell = c.g.add(c.g.mul(u.step(forget, t), cell), u.step(added, t));
    after.insert(after.begin(), cell);
  }
  return {u.join(before), u.join(after)};
}

Factors factors_of(GradientCall& c, Unrolled& u) {
  Builder& g = c.g;
  const ValueId a =
      g.add(u.linear(u.x, c.in(1), optional(c, kBias)), u.linear(u.previous, c.in(2), ir::kNone));
  const ValueId i = u.activated(u.gate(a, 0), kMoteSigmoid);
  const ValueId f = u.activated(u.gate(a, 1), kMoteSigmoid);
  const ValueId n = u.activated(u.gate(a, 2), kMoteTanh);
  const ValueId o = u.activated(u.gate(a, 3), kMoteSigmoid);
  const Cells cells = cells_of(c, u, f, g.mul(i, n));
  const ValueId squashed = u.activated(cells.after, kMoteTanh);
  return {g.mul(n, u.sigmoid_slope(i)),     g.mul(cells.before, u.sigmoid_slope(f)),
          g.mul(i, u.tanh_slope(n)),        g.mul(squashed, u.sigmoid_slope(o)),
          g.mul(o, u.tanh_slope(squashed)), f};
}

}  // namespace

void gradient_lstm(GradientCall& c) {
  c.failure = unsupported(c);
  if (!c.failure.empty()) return;
  Unrolled u(c, kInitialH, kLengths);
  if (u.failed()) return;
  Builder& g = c.g;
  const Factors f = factors_of(c, u);
  ValueId dh = c.dy[1], dc = c.dy[2];
  std::vector<ValueId> gates;
  for (int32_t t = u.time - 1; t >= 0; --t) {
    auto at = [&](ValueId all) { return u.step(all, t); };
    dh = u.dy(t, dh);
    dc = u.plus(g.mul(dh, at(f.to_cell)), dc);
    gates.push_back(u.beside({g.mul(dc, at(f.input)), g.mul(dc, at(f.forget)),
                              g.mul(dc, at(f.cell)), g.mul(dh, at(f.output))}));
    dh = g.matmul(gates.back(), c.in(2), false, false);
    dc = g.mul(dc, at(f.keep));
  }
  const ValueId all = u.join(gates);
  u.set_input_gradients(all, kBias);
  if (c.wants(2)) c.set(2, g.matmul(all, u.previous, true, false));
  if (c.wants(kInitialH)) c.set(kInitialH, dh);
  if (c.wants(kInitialC)) c.set(kInitialC, dc);
}

}  // namespace mote
