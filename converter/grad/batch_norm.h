// What the rules of batch normalization share.
#pragma once

#include "grad/rule.h"

namespace mote {

// 1 / sqrt(variance + epsilon)
inline ir::ValueId inverse_std(Builder& g, ir::ValueId variance, const BatchNormAttrs& attrs) {
  ir::ValueId one = g.constant(g.shape(variance), 1), zero = g.constant(g.shape(variance), 0);
  return g.nodes(op_code::batch_norm_fold, attrs, {one, zero, zero, variance},
                 {Type::float32, Type::float32})[0];
}

}  // namespace mote
