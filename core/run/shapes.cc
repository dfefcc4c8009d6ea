// set_shape: the operators' shape functions on exact shapes. Nothing is allocated.
#include "ops/control.h"
#include "ops/op_codes.h"
#include "run/session_impl.h"

namespace mote {
namespace {

ShapeBounds exact(const Shape& shape) {
  ShapeBounds b;
  b.rank = shape.rank;
  for (int i = 0; i < shape.rank; ++i) b.dims[i] = {shape.dims[i], shape.dims[i]};
  return b;
}

Status check_within(const Shape& shape, const ShapeBounds& bounds) {
  if (shape.rank != bounds.rank) return error(Code::operand_rank, bounds.rank, shape.rank);
  for (int i = 0; i < shape.rank; ++i) {
    Dim d = bounds.dims[i];
    int32_t n = shape.dims[i];
    if (n >= d.min && n <= d.max) continue;
    if (d.is_static()) return error(Code::shape_static, d.max, n);
    return error(Code::shape_out_of_bounds, n < d.min ? d.min : d.max, n);
  }
  return {};
}

// The shapes of `from` hold for `to`; their bounds are equal.
void pass_shapes(SessionImpl& s, const int32_t* from, Span<const int32_t> to) {
  for (size_t i = 0; i < to.size; ++i) s.tensor(to[i]).shape = s.tensor(from[i]).shape;
}

Status check_same(const SessionImpl& s, Span<const int32_t> expected, const int32_t* found) {
  for (size_t i = 0; i < expected.size; ++i) {
    const Shape &e = s.tensor(expected[i]).shape, &f = s.tensor(found[i]).shape;
    for (int d = 0; d < e.rank; ++d)
      if (e.dims[d] != f.dims[d]) return error(Code::shape_incompatible, e.dims[d], f.dims[d]);
  }
  return {};
}

// Branches give equal shapes; a loop keeps those of its states.
Status propagate_called(SessionImpl& s, const OpDesc& op) {
  Span<const uint32_t> called = graphs_of(op);
  const int32_t* passed = op.inputs.data + first_passed_input(op.view);
  for (uint32_t g : called) {
    pass_shapes(s, passed, s.m->graphs[g].inputs);
    MOTE_TRY(propagate_shapes(s, g));
  }
  bool loop = op.view.op->code == op_code::while_loop;
  const int32_t* results = loop ? passed : s.m->graphs[called[0]].outputs.data;
  pass_shapes(s, results, op.outputs);
  if (called.size == 1) return {};
  return check_same(s, op.outputs, s.m->graphs[called[1]].outputs.data);
}

Status propagate(SessionImpl& s, const OpDesc& op) {
  if (op.view.op->graphs != 0) return propagate_called(s, op);
  ShapeBounds* in = s.bounds;  // room for the operands of any step
  ShapeBounds* out = in + op.inputs.size;
  for (size_t i = 0; i < op.inputs.size; ++i) {
    in[i] = op.inputs[i] < 0 ? ShapeBounds{} : exact(s.tensor(op.inputs[i]).shape);
  }
  MOTE_TRY(op.view.op->shape(op.view, {in, op.inputs.size}, {out, op.outputs.size}));
  for (size_t i = 0; i < op.outputs.size; ++i) {
    Tensor& t = s.tensor(op.outputs[i]);
    MOTE_TRY(check_within(out[i].max(), t.info->bounds));
    t.shape = out[i].max();
  }
  return {};
}

}  // namespace

Status propagate_shapes(SessionImpl& s, uint32_t graph) {
  for (const Step& step : s.p->steps_of(graph)) {
    Status status = propagate(s, *step.op);
    if (!status.ok()) return at(status, *step.op);
  }
  return {};
}

namespace {

// Sets inputs [first, first + shapes.size) and propagates; on an error nothing changes.
Status change_shapes(SessionImpl& s, uint32_t e, uint32_t first, Span<const Shape> shapes) {
  const PortInfo* inputs = s.m->entry_points[e].inputs.data + first;
  for (size_t i = 0; i < shapes.size; ++i) {
    Status status = check_within(shapes[i], s.m->tensors[inputs[i].tensor].bounds);
    if (!status.ok()) return at(status, -1, -1, static_cast<int32_t>(inputs[i].tensor));
  }
  if (!s.p->dynamic) return {};
  size_t count = s.m->tensors.size();
  for (size_t t = 0; t < count; ++t) s.saved_shapes[t] = s.tensors[t].shape;
  for (size_t i = 0; i < shapes.size; ++i) s.tensors[inputs[i].tensor].shape = shapes[i];
  Status status = propagate_shapes(s, s.m->entry_points[e].graph);
  if (status.ok()) {
    shape_partitions(s, s.m->entry_points[e].graph);
    return {};
  }
  for (size_t t = 0; t < count; ++t) s.tensors[t].shape = s.saved_shapes[t];
  return status;
}

}  // namespace

Status Session::set_shapes(uint32_t e, Span<const Shape> shapes) {
  if (!valid()) return error(Code::invalid_handle);
  MOTE_TRY(impl_->check_entry_point(e));
  Span<const PortInfo> inputs = impl_->m->entry_points[e].inputs;
  if (shapes.size != inputs.size) {
    return error(Code::index_out_of_range, static_cast<int64_t>(inputs.size),
                 static_cast<int64_t>(shapes.size));
  }
  return change_shapes(*impl_, e, 0, shapes);
}

Status Session::set_shape(uint32_t e, uint32_t input, const Shape& shape) {
  if (!valid()) return error(Code::invalid_handle);
  int32_t t = 0;
  MOTE_TRY(impl_->input_tensor(e, input, &t));
  return change_shapes(*impl_, e, input, {&shape, 1});
}

Result<Shape> Session::input_shape(uint32_t e, uint32_t input) const {
  if (!valid()) return error(Code::invalid_handle);
  int32_t t = 0;
  Status s = impl_->input_tensor(e, input, &t);
  if (!s.ok()) return s;
  return impl_->tensor(t).shape;
}

Result<Shape> Session::output_shape(uint32_t e, uint32_t output) const {
  if (!valid()) return error(Code::invalid_handle);
  int32_t t = 0;
  Status s = impl_->output_tensor(e, output, &t);
  if (!s.ok()) return s;
  return impl_->tensor(t).shape;
}

}  // namespace mote
