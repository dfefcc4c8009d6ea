// What the pass fuse_qdq asks of a graph: where the model quantizes, which operators only move or
// choose elements, and which scale a result will get.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"

namespace mote::qdq {

// A cast of equal type that drops (gives) scale and zero point: behind quantize, before dequantize
// (import/onnx/quantization.h).
bool drops_quantization(const ir::Graph& graph, const ir::Node& node);
bool gives_quantization(const ir::Graph& graph, const ir::Node& node);

// The same quantization with integers counted from -128.
ir::Quantization as_int8(const ir::Value& value);

// Operands whose elements, unchanged, are those of the only result: movement, and the choice of an
// element by comparison. With one scale on all of them these commute with quantizing.
std::vector<size_t> moved_operands(const ir::Node& node);
// relu and its kind: quantizing before or after gives the same.
bool is_clamp(const ir::Node& node);

// The quantization that each float value gets later, where all of its readers agree about it.
class Targets {
 public:
  explicit Targets(const ir::Graph& graph);
  const std::optional<ir::Quantization>& of(ir::ValueId v) const {
    return targets_[static_cast<size_t>(v)];
  }
  // The type of bytes that all readers of a float value make of its elements again, unchanged (a
  // MaxPool of integers); nothing where some do not.
  const std::optional<Type>& returns_as(ir::ValueId v) const {
    return bytes_[static_cast<size_t>(v)];
  }
  // A quantize node of the model, seen from ONNX: only casts that drop the scale read it.
  bool is_quantize(const ir::Graph& graph, const ir::Node& node) const;

 private:
  std::optional<Type> bytes_behind(const ir::Graph& graph, const ir::Node& node) const;
  void add(ir::ValueId v, const std::optional<ir::Quantization>& q, std::optional<Type> bytes);

  std::vector<std::optional<ir::Quantization>> targets_;
  std::vector<std::optional<Type>> bytes_;
  std::vector<bool> is_read_;            // by anything so far
  std::vector<bool> is_read_as_stored_;  // by something that needs its scale
};

}  // namespace mote::qdq
