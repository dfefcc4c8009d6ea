// Short names for the operators that gradients of elementwise operators are made of.
#pragma once

#include "grad/rule.h"

namespace mote {

struct ElementwiseNodes {
  using ValueId = ir::ValueId;
  Builder& g;

  ValueId number(double v) { return g.constant(ShapeBounds{}, static_cast<float>(v)); }
  ValueId math(int32_t kind, ValueId x) { return g.node(op_code::math, MathAttrs{kind}, {x}); }
  ValueId activation(int32_t kind, ValueId x) {
    return g.node(op_code::activation, ActivationAttrs{kind, 0, 0}, {x});
  }
  ValueId div(ValueId a, ValueId b) { return g.node(op_code::div, BinaryAttrs{}, {a, b}); }
  ValueId pow(ValueId a, ValueId b) { return g.node(op_code::pow, BinaryAttrs{}, {a, b}); }
  // MoteCompareKind
  ValueId compare(ValueId a, int32_t kind, ValueId b) {
    return g.node(op_code::compare, CompareAttrs{kind}, {a, b}, Type::boolean);
  }
  ValueId compare_to(ValueId a, int32_t kind, double b) { return compare(a, kind, number(b)); }
  ValueId both(ValueId a, ValueId b) {
    return g.node(op_code::logical, LogicalAttrs{kMoteLogicalAnd}, {a, b}, Type::boolean);
  }
  // lo < x < hi
  ValueId inside(ValueId x, double lo, double hi) {
    return both(compare_to(x, kMoteGreater, lo), compare_to(x, kMoteLess, hi));
  }
  ValueId select(ValueId condition, ValueId a, ValueId b) {
    return g.node(op_code::select, {condition, a, b}, g.graph().value(a).type);
  }
  // a where the condition holds, else 0.
  ValueId where(ValueId condition, ValueId a) { return select(condition, a, number(0)); }
  ValueId plus(ValueId a, double b) { return g.add(a, number(b)); }
};

}  // namespace mote
