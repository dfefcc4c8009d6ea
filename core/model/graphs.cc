// Validation of graphs: operands, calls without cycles, attributes.
#include "base/operator_names.h"
#include "model/model_impl.h"

namespace mote {
namespace {

const Operator* find_operator(const OperatorTable& table, uint16_t code) {
  for (uint32_t i = 0; i < table.count; ++i)
    if (table.operators[i]->code == code) return table.operators[i];
  return nullptr;
}

bool is_known_code(uint16_t code) {
  constexpr uint16_t kKnown[] = {
#define MOTE_OPERATOR(number, name) number,
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR
  };
  for (uint16_t known : kKnown)
    if (known == code) return true;
  return false;
}

// Why this build cannot run the operator; ok when it can.
Status operator_availability(const OpDesc& op) {
  uint16_t code = op.source->code(), version = op.source->version();
  if (op.view.op == nullptr) {
    return is_known_code(code) ? error(Code::operator_not_in_build, 0, code, operator_name(code))
                               : error(Code::operator_unknown, 0, code);
  }
  if (version < 1 || version > op.view.op->version) {
    return error(Code::operator_version, op.view.op->version, version);
  }
  return {};
}

Status check_indices(ModelImpl& m, Span<const int32_t> indices) {
  MOTE_TRY(m.visit(indices.size));
  for (int32_t i : indices) {
    if (i < -1 || i >= static_cast<int32_t>(m.tensors.size())) {
      return error(Code::tensor_index, static_cast<int64_t>(m.tensors.size()), i);
    }
  }
  return {};
}

Status check_operand_counts(const OpDesc& op) {
  const Operator& o = *op.view.op;
  auto inputs = static_cast<int64_t>(op.inputs.size);
  if (inputs < o.min_inputs) return error(Code::input_count, o.min_inputs, inputs);
  if (inputs > o.max_inputs) return error(Code::input_count, o.max_inputs, inputs);
  bool any_outputs = o.outputs == UINT16_MAX;
  if (any_outputs ? op.outputs.empty() : op.outputs.size != o.outputs) {
    return error(Code::output_count, any_outputs ? 1 : o.outputs,
                 static_cast<int64_t>(op.outputs.size));
  }
  bool any_number = o.max_inputs == UINT16_MAX;
  for (int64_t i = 0; i < inputs; ++i) {
    bool required = any_number || i < o.min_inputs;
    if (required && op.inputs[static_cast<size_t>(i)] < 0) {
      return error(Code::input_missing, 0, i);
    }
  }
  for (size_t i = 0; i < op.outputs.size; ++i) {
    if (op.outputs[i] < 0) return error(Code::output_missing, 0, static_cast<int64_t>(i));
  }
  return {};
}

Status check_calls_of(ModelImpl& m, const file::Operator& op) {
  uint32_t graphs = size_of(m.root->graphs());
  MOTE_TRY(m.visit(size_of(op.graphs())));
  for (uint32_t i = 0; i < size_of(op.graphs()); ++i) {
    if (op.graphs()->Get(i) >= graphs) return error(Code::graph_index, graphs, op.graphs()->Get(i));
  }
  return {};
}

Status link_operands(ModelImpl& m, OpDesc& op) {
  auto** views = m.pool.take_array<const TensorInfo*>(op.inputs.size + op.outputs.size);
  if (views == nullptr) return error(Code::out_of_memory);
  auto link = [&](Span<const int32_t> indices, const TensorInfo** out) {
    for (size_t i = 0; i < indices.size; ++i) {
      out[i] = indices[i] < 0 ? nullptr : &m.tensors[static_cast<size_t>(indices[i])];
    }
  };
  link(op.inputs, views);
  link(op.outputs, views + op.inputs.size);
  op.view.inputs = {views, op.inputs.size};
  op.view.outputs = {views + op.inputs.size, op.outputs.size};
  return {};
}

Status read_attributes(ModelImpl& m, OpDesc& op) {
  const Operator& o = *op.view.op;
  auto kind = static_cast<uint8_t>(op.source->attributes_type());
  const void* table = op.source->attributes();
  if (kind != o.attributes_kind || table == nullptr) {
    return error(Code::attributes_kind, o.attributes_kind, table == nullptr ? 0 : kind);
  }
  void* attrs = m.pool.take(o.attributes_bytes == 0 ? 1 : o.attributes_bytes);
  if (attrs == nullptr) return error(Code::out_of_memory, 0, o.attributes_bytes);
  op.view.attrs = attrs;
  return o.read == nullptr ? Status{} : o.read(table, attrs);
}

Status read_operator(ModelImpl& m, OpDesc& op) {
  MOTE_TRY(check_indices(m, op.inputs));
  MOTE_TRY(check_indices(m, op.outputs));
  MOTE_TRY(check_calls_of(m, *op.source));
  Status availability = operator_availability(op);
  if (!availability.ok()) {
    op.view.op = nullptr;
    GraphDesc& graph = m.graphs[op.graph];
    if (graph.availability.ok()) graph.availability = at(availability, op);
    return {};
  }
  MOTE_TRY(check_operand_counts(op));
  MOTE_TRY(link_operands(m, op));
  return read_attributes(m, op);
}

// Depth-first search over the calls; `depth[g]`: -1 in progress, 0 not seen, else 1 + height.
Status check_depth(ModelImpl& m, uint32_t g, uint32_t level, Array<int32_t>& depth) {
  if (depth[g] > 0) return {};
  if (depth[g] < 0) return at(error(Code::call_cycle, 0, g), static_cast<int32_t>(g));
  if (level > m.limits.call_depth) return error(Code::call_depth, m.limits.call_depth, level);
  depth[g] = -1;
  int32_t height = 0;
  const GraphDesc& graph = m.graphs[g];
  for (uint32_t i = 0; i < graph.op_count; ++i) {
    const OpDesc& op = m.ops[graph.first_op + i];
    for (uint32_t k = 0; k < size_of(op.source->graphs()); ++k) {
      uint32_t callee = op.source->graphs()->Get(k);
      MOTE_TRY(check_depth(m, callee, level + 1, depth));
      height = depth[callee] > height ? depth[callee] : height;
      if (graph.availability.ok()) m.graphs[g].availability = m.graphs[callee].availability;
    }
  }
  depth[g] = height + 1;
  return height < static_cast<int32_t>(m.limits.call_depth)
             ? Status{}
             : error(Code::call_depth, m.limits.call_depth, height + 1);
}

Status count_operators(ModelImpl& m, uint32_t graphs, uint32_t* total) {
  *total = 0;
  for (uint32_t g = 0; g < graphs; ++g) {
    uint32_t n = size_of(m.root->graphs()->Get(g)->operators());
    MOTE_TRY(m.visit(n));
    if (n > m.limits.operators - *total) {
      return error(Code::too_many_operators, m.limits.operators, int64_t{*total} + n);
    }
    m.graphs[g].first_op = *total;
    m.graphs[g].op_count = n;
    *total += n;
  }
  return {};
}

Status read_graph(ModelImpl& m, uint32_t g) {
  const file::Graph& in = *m.root->graphs()->Get(g);
  GraphDesc& graph = m.graphs[g];
  graph.inputs = ints_of(in.inputs());
  graph.outputs = ints_of(in.outputs());
  for (Span<const int32_t> ports : {graph.inputs, graph.outputs}) {
    MOTE_TRY(check_indices(m, ports));
    for (int32_t p : ports) {
      if (p < 0) return error(Code::tensor_index, static_cast<int64_t>(m.tensors.size()), p);
    }
  }
  for (uint32_t i = 0; i < graph.op_count; ++i) {
    OpDesc& op = m.ops[graph.first_op + i];
    op.source = in.operators()->Get(i);
    op.graph = g;
    op.place = i;
    op.inputs = ints_of(op.source->inputs());
    op.outputs = ints_of(op.source->outputs());
    op.view.op = find_operator(m.table, op.source->code());
    Status s = read_operator(m, op);
    if (!s.ok()) return at(s, op);
  }
  return {};
}

}  // namespace

Status read_graphs(ModelImpl& m) {
  uint32_t graphs = size_of(m.root->graphs()), operators = 0;
  if (graphs == 0) return error(Code::no_graphs);
  if (graphs > m.limits.graphs) return error(Code::too_many_graphs, m.limits.graphs, graphs);
  MOTE_TRY(m.graphs.init(m.allocator, graphs, &m.array_bytes));
  MOTE_TRY(count_operators(m, graphs, &operators));
  MOTE_TRY(m.ops.init(m.allocator, operators, &m.array_bytes));
  for (uint32_t g = 0; g < graphs; ++g) {
    Status s = read_graph(m, g);
    if (!s.ok()) return at(s, static_cast<int32_t>(g));
  }
  Array<int32_t> depth;
  MOTE_TRY(depth.init(m.allocator, graphs));
  for (uint32_t g = 0; g < graphs; ++g) MOTE_TRY(check_depth(m, g, 1, depth));
  return {};
}

}  // namespace mote
