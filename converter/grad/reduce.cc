#include "grad/rule.h"

namespace mote {
namespace {

using ValueId = ir::ValueId;

// A reduction and its result, the axes kept with size 1.
struct Reduced {
  GradientCall& c;
  ReduceAttrs a;
  std::vector<int32_t> kept;
  float terms = 1;

  explicit Reduced(GradientCall& call)
      : c(call), a(call.node.attrs<ReduceAttrs>()), kept(call.g.dims(call.in(0))) {
    for (int32_t i = 0; i < a.axis_count; ++i) {
      int32_t& dim = kept[static_cast<size_t>(a.axes[i])];
      terms *= static_cast<float>(dim);
      dim = 1;
    }
  }
  ValueId x() const { return c.in(0); }
  ValueId y() const { return c.g.reshape(c.out(), kept); }
  ValueId spread(ValueId v) const { return c.g.broadcast_like(v, x()); }
  ValueId divided(ValueId v, ValueId by) const {
    return c.g.node(op_code::div, BinaryAttrs{}, {v, by});
  }
  ValueId math(int32_t kind, ValueId v) const {
    return c.g.node(op_code::math, MathAttrs{kind}, {v});
  }
  ValueId equal(ValueId v, ValueId w) const {
    return c.g.node(op_code::compare, CompareAttrs{kMoteEqual}, {v, w}, Type::boolean);
  }
  ValueId as_float(ValueId mask) const { return c.g.node(op_code::cast, {mask}); }
  ValueId total(ValueId v) const { return c.g.sum(v, {a.axes, a.axes + a.axis_count}, true); }
  ValueId zero() const { return c.g.constant(ShapeBounds{}, 0); }
  ValueId one() const { return c.g.constant(ShapeBounds{}, 1); }
};

// The terms that are the extreme share its gradient.
ValueId extreme(const Reduced& r, ValueId dy) {
  ValueId hit = r.as_float(r.equal(r.x(), r.y()));
  return r.c.g.mul(hit, r.divided(dy, r.total(hit)));
}

// The product of the other terms: also where one of them, or this one, is 0.
ValueId product(const Reduced& r, ValueId dy) {
  Builder& g = r.c.g;
  ValueId is_zero = r.equal(r.x(), r.zero());
  ValueId x = g.node(op_code::select, {is_zero, r.one(), r.x()});
  ReduceAttrs a = r.a;
  a.keep_dims = 1;
  ValueId nonzero = r.divided(g.node(op_code::reduce, a, {x}), x);
  ValueId zeros = r.as_float(is_zero);
  ValueId alone = r.as_float(r.equal(g.sub(r.total(zeros), zeros), r.zero()));
  return g.mul(g.mul(nonzero, alone), dy);
}

ValueId of_kind(const Reduced& r, ValueId dy) {
  Builder& g = r.c.g;
  switch (r.a.kind) {
    case kMoteReduceMean:
      return r.spread(g.scale(dy, 1 / r.terms));
    case kMoteReduceMax:
    case kMoteReduceMin:
      return extreme(r, dy);
    case kMoteReduceProd:
      return product(r, dy);
    case kMoteReduceL1:
      return g.mul(r.math(kMoteSign, r.x()), dy);
    case kMoteReduceL2: {
      // 0 where all terms are.
      ValueId y = r.y(), safe = g.node(op_code::select, {r.equal(y, r.zero()), r.one(), y});
      return g.mul(r.x(), r.divided(dy, safe));
    }
    case kMoteReduceLogSum:
      return r.spread(r.divided(dy, r.total(r.x())));
    case kMoteReduceLogSumExp:
      return g.mul(r.math(kMoteExp, g.sub(r.x(), r.y())), dy);
    case kMoteReduceSumSquare:
      return g.mul(g.scale(r.x(), 2), dy);
    default:
      return r.spread(dy);
  }
}

}  // namespace

void gradient_reduce(GradientCall& c) {
  Reduced r(c);
  c.set(0, of_kind(r, c.g.reshape(c.dy[0], r.kept)));
}

}  // namespace mote
