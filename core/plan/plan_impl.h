// The inside of a Plan, and the steps that make it.
#pragma once

#include "base/array.h"
#include "model/model_impl.h"
#include "mote/delegate.h"
#include "mote/session.h"

namespace mote {

// One operator as it will run.
struct Step {
  const OpDesc* op = nullptr;
  uint32_t op_index = 0;
  const Kernel* kernel = nullptr;  // null: the output is the input's memory, nothing to do
  const void* params = nullptr;
  void* packed = nullptr;
  size_t packed_bytes = 0;
  size_t scratch_stride = 0;  // per worker
  size_t shared_scratch_bytes = 0;
  uint64_t scratch_offset = 0;  // in the arena: the shared part, then the workers'
  uint64_t scratch_bytes = 0;
  // When it runs, counted over the entry point (README.md, control flow); one that calls graphs
  // goes on until they have ended.
  int32_t time = 0;
  int32_t end_time = 0;
};

// Consecutive steps of a graph that a delegate runs. The steps stay complete for the CPU.
struct Partition {
  PartitionInfo info;
  uint32_t graph = 0;
  const mote_delegate* delegate = nullptr;
  mote_delegate_graph view = {};
  Span<const int32_t> inputs;  // tensors; views.inputs
  Span<const int32_t> outputs;
  void* plan = nullptr;  // the delegate's
};

// What the plan decided for a graph. Buffers of called graphs count as the caller's.
struct GraphPlan {
  bool planned = false;
  int32_t end = 0;          // the time after its last step
  uint32_t first_step = 0;  // as many steps as the graph has operators
  uint32_t first_buffer = 0;
  uint32_t buffer_count = 0;
  uint64_t arena_bytes = 0;
  uint64_t peak_live_bytes = 0;
  int32_t peak_step = -1;
};

// Where a tensor's memory is: that of tensor `root`, which is a constant (in the file), a state
// (at `offset` of the states) or an activation (at `offset` of the arena).
struct Placement {
  int32_t root = -1;
  uint64_t offset = 0;  // of the root
};

// What a session knows of a partition.
struct PartitionState {
  void* session = nullptr;  // the delegate's
  bool active = false;      // false once the device was lost: its steps run on the CPU
};

// Bookkeeping of a session, in one block; sizes in elements unless said otherwise.
struct SessionLayout {
  uint64_t tensors_at = 0;           // Tensor[tensor count]
  uint64_t shapes_at = 0;            // Shape[tensor count], when any shape is dynamic
  uint64_t bounds_at = 0;            // ShapeBounds[most operands of a step], likewise
  uint64_t operands_at = 0;          // const Tensor*[operands of all steps]
  uint64_t bindings_at = 0;          // Span<uint8_t>[ports of all entry points]
  uint64_t partitions_at = 0;        // PartitionState[partitions]
  uint64_t pointers_at = 0;          // void*[inputs and outputs of the largest partition]
  uint64_t partition_shapes_at = 0;  // mote_delegate_shape[likewise]
  uint64_t due_at = 0;               // uint8_t[derive graphs]
  uint64_t states_at = 0;            // bytes
  uint64_t total_bytes = 0;
};

// How a planned graph and a derive graph meet.
enum DeriveUse : uint8_t {
  kReadsTarget = 1,   // the derive graph runs before it
  kWritesSource = 2,  // the derive graph is due after it
};

struct PlanImpl {
  PlanImpl() = default;
  ~PlanImpl();
  Allocator allocator;
  const ModelImpl* m = nullptr;
  PlanOptions options;
  Isa isa = Isa::scalar;
  Array<GraphPlan> graphs;
  Array<Step> steps;
  Array<StepInfo> step_infos;
  Array<Placement> placements;    // per tensor
  Array<PlannedBuffer> buffers;   // of all graphs; entry_point: the first one of the graph
  Array<uint32_t> operand_first;  // per step: its first operand in the session's list
  Array<uint32_t> port_first;     // per entry point: its first binding
  Array<Partition> partitions;    // in order of graph and step
  Array<PartitionInfo> partition_infos;
  Array<int32_t> partition_of;  // per step: the partition that begins here or -1
  uint32_t most_ports = 0;      // inputs and outputs of the largest partition
  Array<uint8_t> packed;
  Array<uint8_t> selected;     // per entry point
  Array<uint8_t> derive_uses;  // DeriveUse, [graph][derive]
  Pool pool;
  size_t array_bytes = 0;
  bool dynamic = false;
  SessionLayout layout;
  PlanReport report;

  // Whether only the shape of an operator's input is looked at: its memory may be gone.
  static bool shape_only(const OpDesc& op, size_t input) {
    return input < 8 && (op.view.op->shape_inputs >> input & 1) != 0;
  }
  // Whether buffers of its own are planned for a graph: it is planned and none calls it.
  bool has_buffers(size_t graph) const { return graphs[graph].planned && !m->graphs[graph].called; }
  uint8_t derive_use(uint32_t graph, size_t derive) const {
    return derive_uses[graph * m->derives.size() + derive];
  }
  Span<Step> steps_of(uint32_t graph) {
    const GraphPlan& g = graphs[graph];
    return {steps.data() + g.first_step, m->graphs[graph].op_count};
  }
  Span<const Step> steps_of(uint32_t graph) const {
    const GraphPlan& g = graphs[graph];
    return {steps.data() + g.first_step, m->graphs[graph].op_count};
  }
};

// times.cc: numbers the steps of a graph that is not called, and of those that it calls.
void number_times(PlanImpl& p, uint32_t graph);
// times.cc: the step of `graph` at a time; `within` the graphs that it calls, or the caller's.
Step& step_at(PlanImpl& p, uint32_t graph, int32_t time, bool within);
// derives.cc: which graphs meet which derive graphs; plans those that a planned graph needs.
Status find_derives(PlanImpl& p);
bool is_derive(const PlanImpl& p, uint32_t graph);
// derives.cc: where a derive graph stands beside the inputs of the graphs that it runs before.
struct DerivePlace {
  uint64_t offset;  // added to its buffers
  uint64_t inputs;  // bytes that are live all the while
};
DerivePlace place_derive(const PlanImpl& p, size_t derive, uint64_t bytes);
// plan.cc: the first selected entry point of a planned graph.
uint32_t first_entry_point(const PlanImpl& p, uint32_t graph);
// kernels.cc: a kernel for every step, its parameters and the sizes of packed and scratch memory.
Status choose_kernels(PlanImpl& p);
// kernels.cc: fills the packed weights.
Status pack_weights(PlanImpl& p);
// lifetimes.cc: which tensors share memory, and the buffers of every planned graph.
Status find_lifetimes(PlanImpl& p);
// placement.cc: offsets for buffers [first, first + count) of one graph; the arena's bytes.
Status place_buffers(PlanImpl& p, GraphPlan& graph, uint64_t* arena_bytes);
// delegates.cc: asks the delegates, forms partitions and compiles them.
Status find_partitions(PlanImpl& p);
// delegate_check.cc: whether a partition gives what the CPU gives; `why_not` is static text.
Status check_partition(const PlanImpl& p, const Partition& partition, const char** why_not);
// layout.cc: the session's bookkeeping and the states.
Status lay_out_session(PlanImpl& p);

// isa.cc: whether a kernel of instruction set `kernel` may run where `isa` is chosen.
bool isa_includes(Isa isa, Isa kernel);

}  // namespace mote
