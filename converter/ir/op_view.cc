#include "ir/op_view.h"

#include "base/checked.h"
#include "ir/called_graphs.h"
#include "ir/stored_scales.h"
#include "mote/train.h"

namespace mote::ir {

TensorInfo info_of(const Value& value) {
  TensorInfo info;
  info.name = value.name.c_str();
  info.type = value.type;
  info.kind = value.kind;
  info.bounds = value.shape;
  info.max_bytes = max_bytes_of(value.shape, value.type);
  info.data = value.data ? value.data->data() : nullptr;
  if (has_stored_scales(value)) return info;
  info.quantization.scales = value.quantization.scales.data();
  info.quantization.zero_points =
      value.quantization.zero_points.empty() ? nullptr : value.quantization.zero_points.data();
  info.quantization.scale_count = static_cast<uint32_t>(value.quantization.scales.size());
  info.quantization.axis = value.quantization.axis;
  return info;
}

const Operator* find_operator(uint16_t code) {
  OperatorTable table = training_operators();
  for (uint32_t i = 0; i < table.count; ++i)
    if (table.operators[i]->code == code) return table.operators[i];
  return nullptr;
}

NodeView::NodeView(const Graph& graph, const Node& node) : node_(node) {
  infos_.reserve(node.inputs.size() + node.outputs.size());
  auto add = [&](const std::vector<ValueId>& ids, std::vector<const TensorInfo*>* out) {
    for (ValueId v : ids) {
      if (v == kNone) {
        out->push_back(nullptr);
        continue;
      }
      infos_.push_back(info_of(graph.value(v)));
      out->push_back(&infos_.back());
    }
  };
  add(node.inputs, &inputs_);
  add(node.outputs, &outputs_);
  view_.op = find_operator(node.op);
  size_t bytes = node.attributes.size();
  if (view_.op != nullptr && view_.op->attributes_bytes > bytes) bytes = view_.op->attributes_bytes;
  attributes_.resize(bytes / 8 + 1);
  if (!node.attributes.empty())
    memcpy(attributes_.data(), node.attributes.data(), node.attributes.size());
  view_.attrs = attributes_.data();
  view_.inputs = {inputs_.data(), inputs_.size()};
  view_.outputs = {outputs_.data(), outputs_.size()};
}

Status NodeView::check() const {
  const Operator* op = view_.op;
  if (op == nullptr) return error(Code::operator_unknown, 0, node_.op);
  auto inputs = static_cast<int64_t>(inputs_.size());
  if (inputs < op->min_inputs) return error(Code::input_count, op->min_inputs, inputs);
  if (inputs > op->max_inputs) return error(Code::input_count, op->max_inputs, inputs);
  size_t required = op->max_inputs == 65535 ? inputs_.size() : op->min_inputs;
  for (size_t i = 0; i < required; ++i)
    if (inputs_[i] == nullptr) return error(Code::input_missing, 0, static_cast<int64_t>(i));
  bool any_outputs = op->outputs == UINT16_MAX && !outputs_.empty();
  if (outputs_.size() != op->outputs && !any_outputs)
    return error(Code::output_count, op->outputs, static_cast<int64_t>(outputs_.size()));
  for (size_t i = 0; i < outputs_.size(); ++i)
    if (outputs_[i] == nullptr) return error(Code::output_missing, 0, static_cast<int64_t>(i));
  return op->check == nullptr ? Status{} : op->check(view_);
}

Status NodeView::shapes(std::vector<ShapeBounds>* outputs) const {
  std::vector<ShapeBounds> in(inputs_.size());
  for (size_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i] != nullptr) in[i] = inputs_[i]->bounds;
  outputs->assign(outputs_.size(), ShapeBounds{});
  if (view_.op->shape == nullptr) return {};
  return view_.op->shape(view_, {in.data(), in.size()}, {outputs->data(), outputs->size()});
}

Status infer_node(Graph& graph, Node& node) {
  std::vector<ShapeBounds> shapes;
  MOTE_TRY(infer_called(graph, node));
  {
    NodeView view(graph, node);
    MOTE_TRY(view.check());
    MOTE_TRY(view.shapes(&shapes));
  }
  for (size_t i = 0; i < shapes.size(); ++i) {
    Value& value = graph.value(node.outputs[i]);
    if (max_bytes_of(shapes[i], value.type) < 0) return error(Code::tensor_too_large, 0, -1);
    value.shape = shapes[i];
  }
  return {};
}

std::string describe_status(const Status& status) {
  char text[512];
  describe(status, text, sizeof text);
  return text;
}

std::string shape_text(const ShapeBounds& shape) {
  std::string text = "[";
  for (int i = 0; i < shape.rank; ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape.dims[i].min);
    if (!shape.dims[i].is_static()) text += ".." + std::to_string(shape.dims[i].max);
  }
  return text + "]";
}

}  // namespace mote::ir
