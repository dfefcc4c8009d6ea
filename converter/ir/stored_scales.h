// Float constants that were stored as 8-bit integers: Value::quantization of a float32 constant
// says with which scales (uint8 is counted from -128). It is a note for the pass that makes integer
// operators of them, and for nobody else: operators see a float32 tensor without quantization.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"

namespace mote::ir {

inline bool has_stored_scales(const Value& value) {
  return value.type == Type::float32 && value.kind == TensorKind::constant &&
         value.quantization.quantized();
}

// After `node` was folded into a constant: its result keeps the note where it only moves elements.
void carry_stored_scales(Graph& graph, const Node& node);

// The stored integers, less nothing: element i is (q[i] - zero point) * scale. Nothing where there
// is no note or where the elements are not these any more.
std::optional<std::vector<int8_t>> stored_integers(const Value& value);

}  // namespace mote::ir
