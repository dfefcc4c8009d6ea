// The inside of a Session.
#pragma once

#include "base/tensor.h"
#include "plan/plan_impl.h"

namespace mote {

struct SessionImpl {
  Allocator allocator;
  const PlanImpl* p = nullptr;
  const ModelImpl* m = nullptr;
  SessionOptions options;
  Array<uint8_t> block;      // bookkeeping and states (PlanImpl::layout)
  Array<uint8_t> own_arena;  // unless the caller gave one
  Tensor* tensors = nullptr;
  Shape* saved_shapes = nullptr;
  ShapeBounds* bounds = nullptr;  // operands of one step, for shape functions
  const Tensor** operands = nullptr;
  Span<uint8_t>* bindings = nullptr;
  PartitionState* partitions = nullptr;
  void** pointers = nullptr;              // of one partition's inputs and outputs
  mote_delegate_shape* shapes = nullptr;  // likewise
  uint8_t* states = nullptr;
  uint8_t* arena = nullptr;
  uint8_t* due = nullptr;      // per derive graph: a source has changed
  bool state_written = false;  // of the current run: it cannot be cancelled any more
  uint32_t running = 0;        // the graph of the current run, which calls the others

  ~SessionImpl();

  Tensor& tensor(int32_t t) const { return tensors[static_cast<size_t>(t)]; }
  Status check_entry_point(uint32_t entry_point) const;
  // The tensor index of a port. Errors: index_out_of_range.
  Status input_tensor(uint32_t entry_point, uint32_t port, int32_t* tensor) const;
  Status output_tensor(uint32_t entry_point, uint32_t port, int32_t* tensor) const;
  // Memory that is bound to a port holds the current shape. Error: buffer_size.
  Status check_binding(uint32_t binding, int32_t tensor) const;
  uint32_t input_binding(uint32_t entry_point, uint32_t port) const {
    return p->port_first[entry_point] + port;
  }
  uint32_t output_binding(uint32_t entry_point, uint32_t port) const {
    return input_binding(entry_point, port) +
           static_cast<uint32_t>(m->entry_points[entry_point].inputs.size);
  }
};

// shapes.cc: propagates the shapes of the inputs through a graph.
Status propagate_shapes(SessionImpl& s, uint32_t graph);
// execute.cc: runs the steps of an entry point, and before it the derive graphs that are due.
Status execute(SessionImpl& s, uint32_t entry_point);
// execute.cc: runs the derive graphs that are due.
Status execute_derives(SessionImpl& s);
// partitions.cc: the delegates' sessions. A partition that fails runs on the CPU from then on.
void create_partitions(SessionImpl& s);
void destroy_partitions(SessionImpl& s);
void shape_partitions(SessionImpl& s, uint32_t graph);
// True when the delegate computed the outputs of partition `index`.
bool run_partition(SessionImpl& s, uint32_t index);
// control.cc: runs the graphs that a step calls.
Status execute_control(SessionImpl& s, const Step& step);
// execute.cc: the steps of a graph that an operator calls.
Status execute_called(SessionImpl& s, uint32_t graph);
// True when the caller wants to end the run and still can. For any thread.
bool poll(const SessionImpl& s);
// poison.cc: sanitizer builds only. Everything but what times [first, last] of the entry point's or
// derive graph's buffers need is poisoned;
// between runs the ports of every entry point are accessible.
void poison_for_steps(SessionImpl& s, uint32_t graph, int32_t first, int32_t last);
void poison_between_runs(SessionImpl& s);

}  // namespace mote
