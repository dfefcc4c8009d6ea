#include "ir/checked_node.h"

#include "base/checked.h"
#include "ir/op_view.h"
#include "ir/stored_scales.h"

namespace mote {
namespace {

constexpr uint16_t kAnyNumber = 65535;  // Operator::max_inputs

// What every operator's `check` takes for granted (NUMERICS.md, limits that hold for every
// operator); null when it holds.
const char* quantization_error(const ir::Value& v) {
  if (ir::has_stored_scales(v)) return nullptr;
  const ir::Quantization& q = v.quantization;
  if (!q.zero_points.empty() && q.zero_points.size() != q.scales.size())
    return "expected as many zero points as scales";
  for (float s : q.scales)
    if (!(s >= 0x1p-100f && s <= 0x1p100f)) return "expected scales from 2^-100 to 2^100";
  bool is_int8 = v.type == Type::int8, is_uint8 = v.type == Type::uint8;
  for (int32_t z : q.zero_points)
    if ((is_int8 && (z < -128 || z > 127)) || (is_uint8 && (z < 0 || z > 255)))
      return "expected zero points within the element type's range";
  if (q.scales.size() <= 1) return nullptr;
  if (q.axis < 0 || q.axis >= v.shape.rank) return "the quantization axis is not a dimension";
  Dim d = v.shape.dims[q.axis];
  return d.is_static() && static_cast<size_t>(d.max) == q.scales.size()
             ? nullptr
             : "expected one scale per element of the quantization axis";
}

const char* shape_error(const ShapeBounds& shape) {
  if (shape.rank < 0 || shape.rank > kMaxRank) return "the rank is outside 0 to 8";
  for (int i = 0; i < shape.rank; ++i)
    if (shape.dims[i].min < 1 || shape.dims[i].max < shape.dims[i].min)
      return "a dimension is below 1, or its minimum above its maximum";
  return nullptr;
}

const char* value_error(const ir::Value& v) {
  if (static_cast<uint8_t>(v.type) >= kFileTypes) return "unknown element type";
  if (const char* e = shape_error(v.shape)) return e;
  if (max_bytes_of(v.shape, v.type) < 0) return "the size does not fit 63 bits";
  if (const char* e = quantization_error(v)) return e;
  if (v.kind == TensorKind::activation) return nullptr;
  if (!v.shape.is_static()) return "a constant or state has a dynamic dimension";
  if (v.data == nullptr) return v.kind == TensorKind::state ? nullptr : "a constant without data";
  return static_cast<int64_t>(v.data->size()) == max_bytes_of(v.shape, v.type)
             ? nullptr
             : "the data's size is not what shape and type need";
}

}  // namespace

bool CheckedNode::init_value(const ir::Graph& graph, ir::ValueId id, const std::string& where,
                             Diagnostics& diagnostics, TensorInfo* info) {
  if (id < 0 || static_cast<size_t>(id) >= graph.values.size()) {
    diagnostics.add(where, "value " + std::to_string(id) + " does not exist");
    return false;
  }
  const ir::Value& v = graph.value(id);
  if (const char* e = value_error(v)) {
    diagnostics.add(where + ", tensor '" + v.name + "'", e);
    return false;
  }
  info->name = v.name.c_str();
  info->type = v.type;
  info->kind = v.kind;
  info->bounds = v.shape;
  info->max_bytes = max_bytes_of(v.shape, v.type);
  info->data = v.data == nullptr ? nullptr : v.data->data();
  if (ir::has_stored_scales(v)) return true;
  const ir::Quantization& q = v.quantization;
  info->quantization = {q.scales.data(), q.zero_points.empty() ? nullptr : q.zero_points.data(),
                        static_cast<uint32_t>(q.scales.size()), q.axis};
  return true;
}

bool CheckedNode::init(const ir::Graph& graph, const ir::Node& node, Diagnostics& diagnostics) {
  const std::string& where = node.location;
  const Operator* op = ir::find_operator(node.op);
  if (op == nullptr) {
    diagnostics.add(where, "operator " + std::to_string(node.op) + " is unknown to this build");
    return false;
  }
  if (node.attributes.size() != op->attributes_bytes) {
    diagnostics.add(where, std::string("the attributes of ") + op->name + " take " +
                               std::to_string(op->attributes_bytes) + " bytes, found " +
                               std::to_string(node.attributes.size()));
    return false;
  }
  size_t inputs = node.inputs.size();
  if (inputs < op->min_inputs || (op->max_inputs != kAnyNumber && inputs > op->max_inputs) ||
      (node.outputs.size() != op->outputs && op->outputs != kAnyNumber) ||
      node.outputs.empty() != (op->outputs == 0) || node.graphs.size() != op->graphs) {
    diagnostics.add(
        where, std::string(op->name) + " has a wrong number of inputs, outputs or called graphs");
    return false;
  }
  attributes_.assign(op->attributes_bytes / sizeof(uint64_t) + 1, 0);
  if (!node.attributes.empty())
    memcpy(attributes_.data(), node.attributes.data(), node.attributes.size());

  infos_.assign(inputs + node.outputs.size(), {});
  inputs_.assign(inputs, nullptr);
  outputs_.assign(node.outputs.size(), nullptr);
  for (size_t i = 0; i < inputs; ++i) {
    bool may_be_absent = op->max_inputs != kAnyNumber && i >= op->min_inputs;
    if (node.inputs[i] == ir::kNone && may_be_absent) continue;
    if (!init_value(graph, node.inputs[i], where, diagnostics, &infos_[i])) return false;
    inputs_[i] = &infos_[i];
  }
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (!init_value(graph, node.outputs[i], where, diagnostics, &output(i))) return false;
    outputs_[i] = &output(i);
  }
  view = {
      op, attributes_.data(), {inputs_.data(), inputs_.size()}, {outputs_.data(), outputs_.size()}};
  return true;
}

std::vector<ShapeBounds> CheckedNode::input_bounds() const {
  std::vector<ShapeBounds> bounds(inputs_.size());
  for (size_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i] != nullptr) bounds[i] = inputs_[i]->bounds;
  return bounds;
}

Status CheckedNode::infer_shapes() {
  std::vector<ShapeBounds> in = input_bounds(), out(outputs_.size());
  MOTE_TRY(view.op->shape(view, {in.data(), in.size()}, {out.data(), out.size()}));
  for (size_t i = 0; i < out.size(); ++i) {
    int64_t bytes = max_bytes_of(out[i], output(i).type);
    if (bytes < 0) return error(Code::tensor_too_large, INT64_MAX, -1);
    output(i).bounds = out[i];
    output(i).max_bytes = bytes;
  }
  return {};
}

}  // namespace mote
