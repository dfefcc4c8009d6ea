// What the rules of losses share: they compute the gradient of their input as a second result.
#pragma once

#include "grad/rule.h"

namespace mote {

// `derivative` times the gradient [1] of the loss; itself where that is the constant 1.
inline ir::ValueId times_incoming(Builder& g, ir::ValueId derivative, ir::ValueId dloss) {
  const ir::Value& d = g.graph().value(dloss);
  bool is_one = d.kind == TensorKind::constant && *d.as<float>() == 1;
  return is_one ? derivative : g.mul(derivative, dloss);
}

}  // namespace mote
