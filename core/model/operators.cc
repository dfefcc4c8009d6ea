// Validation of operators: the operators judge their operands, then their shape functions must
// yield what the file says.
#include "base/checked.h"
#include "model/model_impl.h"

namespace mote {
namespace {

Status check_states(const OpDesc& op) {
  bool takes_states = (op.view.op->flags & (kReadsState | kWritesState)) != 0;
  for (size_t i = 0; i < op.inputs.size; ++i) {
    if (!op.view.has(i)) continue;
    bool is_state = op.view.in(i).kind == TensorKind::state;
    bool wants_state = takes_states && i < op.view.op->states;
    if (is_state && !wants_state) {
      return error(Code::state_used_directly, 0, static_cast<int64_t>(i));
    }
    if (!is_state && wants_state) {
      return error(Code::operand_not_state, 0, static_cast<int64_t>(i));
    }
  }
  return {};
}

// `yielded` lies within `declared`.
Status check_shape(const ShapeBounds& yielded, const ShapeBounds& declared) {
  if (yielded.rank != declared.rank) {
    return error(Code::shape_rank_mismatch, yielded.rank, declared.rank);
  }
  for (int i = 0; i < yielded.rank; ++i) {
    Dim y = yielded.dims[i], d = declared.dims[i];
    if (y.max > d.max) return error(Code::shape_mismatch, y.max, d.max);
    if (y.min < d.min) return error(Code::shape_mismatch, y.min, d.min);
  }
  return {};
}

Status check_shapes(ModelImpl& m, const OpDesc& op, Array<ShapeBounds>& shapes) {
  size_t inputs = op.inputs.size, outputs = op.outputs.size;
  if (shapes.size() < inputs + outputs) MOTE_TRY(shapes.init(m.allocator, inputs + outputs));
  for (size_t i = 0; i < inputs; ++i) {
    shapes[i] = op.view.has(i) ? op.view.in(i).bounds : ShapeBounds{};
  }
  Span<ShapeBounds> out{shapes.data() + inputs, outputs};
  for (ShapeBounds& s : out) s = {};
  MOTE_TRY(op.view.op->shape(op.view, {shapes.data(), inputs}, out));
  for (size_t i = 0; i < outputs; ++i) {
    Status s = check_shape(out[i], op.view.out(i).bounds);
    if (!s.ok()) return at(s, op, op.outputs[i]);
  }
  return {};
}

bool has_kernel(const OpView& view) {
  for (const Kernel& k : view.op->kernels)
    if (k.accepts(view)) return true;
  return false;
}

int64_t work_of(const OpView& view) {
  if (view.op->work != nullptr) return view.op->work(view);
  int64_t n = 0;
  for (const TensorInfo* t : view.outputs) {
    if (!checked_add(n, t->max_bytes, &n)) return INT64_MAX;
  }
  return n;
}

// What the checks of an operator look at: operands, and the scales that they compare.
uint64_t elements_of(const OpView& view) {
  uint64_t n = 0;
  for (Span<const TensorInfo* const> operands : {view.inputs, view.outputs}) {
    for (const TensorInfo* t : operands)
      n += t == nullptr ? 1 : 1 + uint64_t{t->quantization.scale_count};
  }
  return n;
}

Status check_operator(ModelImpl& m, const OpDesc& op, Array<ShapeBounds>& shapes) {
  MOTE_TRY(m.visit(elements_of(op.view)));
  if (size_of(op.source->graphs()) != op.view.op->graphs) {
    return error(Code::graph_count, op.view.op->graphs, size_of(op.source->graphs()));
  }
  MOTE_TRY(check_states(op));
  if (op.view.op->check != nullptr) MOTE_TRY(op.view.op->check(op.view));
  MOTE_TRY(check_shapes(m, op, shapes));
  return has_kernel(op.view) ? Status{} : error(Code::no_kernel);
}

}  // namespace

Status check_operators(ModelImpl& m) {
  Array<ShapeBounds> shapes;
  MOTE_TRY(shapes.init(m.allocator, 8));
  for (GraphDesc& graph : m.graphs) {
    for (uint32_t i = 0; i < graph.op_count; ++i) {
      const OpDesc& op = m.ops[graph.first_op + i];
      if (op.view.op == nullptr) continue;
      Status s = check_operator(m, op, shapes);
      if (!s.ok()) return at(s, op);
      MOTE_TRY(add_work(m, op, work_of(op.view), &graph.work));
    }
  }
  return {};
}

Status add_work(const ModelImpl& m, const OpDesc& op, int64_t more, int64_t* work) {
  if (!checked_add(*work, more, work)) *work = INT64_MAX;
  if (*work <= m.limits.operations) return {};
  return at(error(Code::work_limit, m.limits.operations, *work), op);
}

}  // namespace mote
