// Running: Model -> Plan -> Session -> set_shape -> run.
#pragma once

#include "mote/delegate.h"
#include "mote/model.h"

namespace mote {

struct PlanImpl;
struct SessionImpl;

// Instruction sets, weakest first; names as in `--isa`. `automatic`: the best of this processor.
enum class Isa : uint8_t {
#define MOTE_ISA(name, text) name,
#include "mote/isa.inc"
#undef MOTE_ISA
  count_,
  automatic = 255,
};
const char* isa_name(Isa isa);
// Error: name_unknown. "auto" gives Isa::automatic.
Result<Isa> isa_from_name(const char* name);
// True when this processor has it and this build holds its kernels.
bool isa_available(Isa isa);

struct PlanOptions {
  Isa isa = Isa::automatic;
  uint32_t threads = 1;
  // Weights rearranged for the kernels, in memory of the Plan. Off on devices without the memory.
  bool pack_weights = true;
  // Every operator runs its reference kernel.
  bool reference_only = false;
  // Inputs keep their contents during run(); else the arena reuses their bytes.
  bool preserve_inputs = false;
  // Bytes; a power of two of at least 16.
  uint32_t arena_alignment = kArenaAlignment;
  // Asked in this order; what none claims runs on the CPU. They must outlive the plan.
  Span<const mote_delegate* const> delegates;
  // Partitions are compared with the CPU when the plan is made (integers bit for bit, floats
  // within 1e-3), and refused when they differ. Verdicts are kept in the cache.
  bool check_delegates = true;
  const mote_delegate_cache* delegate_cache = nullptr;
  Allocator allocator;
  Logger logger;
};

// The entry point of what belongs to no entry point but to a derive graph.
inline constexpr uint32_t kDeriveEntryPoint = UINT32_MAX;

// A range of the arena and when it is needed, both inclusive; steps of called graphs count as well.
struct PlannedBuffer {
  uint64_t offset = 0;
  uint64_t bytes = 0;
  int32_t first_step = 0;  // -1: before the first operator
  int32_t last_step = 0;   // number of steps: until the end
  int32_t tensor = -1;     // -1: scratch
  uint32_t entry_point = 0;
};

struct PlanReport {
  uint64_t arena_bytes = 0;      // the maximum over the entry points
  uint64_t peak_live_bytes = 0;  // the most bytes needed at one time: no plan can be smaller
  int32_t peak_step = -1;        // the operator at the peak
  uint32_t peak_entry_point = 0;
  uint64_t activation_bytes = 0;  // sum over tensors, were nothing shared
  uint64_t scratch_bytes = 0;     // largest scratch of an operator
  uint64_t packed_bytes = 0;      // in the Plan
  uint64_t state_bytes = 0;       // in the Session
  uint64_t constant_bytes = 0;    // in the file
  uint64_t plan_bytes = 0;        // bookkeeping of the Plan
  uint64_t session_bytes = 0;     // bookkeeping of a Session
};

struct StepInfo {
  uint32_t op = 0;          // index for Model::operator_info
  const char* kernel = "";  // "conv2d_s8_gemm_avx2"; "alias": nothing to do
  uint64_t scratch_bytes = 0;
  uint64_t packed_bytes = 0;
  int32_t partition = -1;   // Plan::partitions; -1: the CPU
  const char* reason = "";  // why no delegate took it
};

// Consecutive operators that a delegate runs.
struct PartitionInfo {
  uint32_t delegate = 0;  // of PlanOptions::delegates
  uint32_t entry_point = 0;
  uint32_t first_step = 0;
  uint32_t step_count = 0;
  uint64_t device_bytes = 0;  // of a session
  double cost_us = 0;         // expected; 0: unknown
};

// Decisions: kernels, packed weights, every offset. Immutable; shared by any number of Sessions
// and threads. A pure function of the file and the options. The Model may move but must outlive it.
class Plan {
 public:
  Plan() = default;
  Plan(Plan&& other) noexcept : impl_(other.impl_) { other.impl_ = nullptr; }
  Plan& operator=(Plan&& other) noexcept;
  ~Plan();

  // `entry_points`: indices; empty = all that this build can run. Errors: index_out_of_range, why a
  // named entry point is unavailable (EntryPointInfo), no_kernel, tensor_too_large, out_of_memory,
  // too_many_threads, invalid_argument.
  static Result<Plan> create(const Model& model, Span<const uint32_t> entry_points = {},
                             const PlanOptions& options = {});

  bool valid() const { return impl_ != nullptr; }
  const PlanReport& report() const;
  const PlanOptions& options() const;
  // What PlanOptions::isa came to.
  Isa isa() const;
  Span<const PlannedBuffer> buffers() const;
  Span<const StepInfo> steps(uint32_t entry_point) const;  // empty when it is not in the plan
  Span<const PartitionInfo> partitions() const;

  const PlanImpl* impl() const { return impl_; }

 private:
  explicit Plan(PlanImpl* impl) : impl_(impl) {}
  PlanImpl* impl_ = nullptr;
};

struct SessionOptions {
  // At least PlanReport::arena_bytes, aligned to PlanOptions::arena_alignment. Null: allocated.
  Span<uint8_t> arena;
  Allocator allocator;
  ThreadPool pool;  // `threads` equal to the plan's; ignored for one thread
  CancelToken cancel;
  Profiler profiler;
  // A loop fails with step_limit after this many steps, or after those that the file allows.
  int32_t max_loop_steps = INT32_MAX;
};

// One arena and one set of states. One call at a time; many Sessions share a Plan across threads.
// Nothing is allocated after create() has returned.
class Session {
 public:
  Session() = default;
  Session(Session&& other) noexcept : impl_(other.impl_) { other.impl_ = nullptr; }
  Session& operator=(Session&& other) noexcept;
  ~Session();

  // The plan may move but must outlive the session. Errors: out_of_memory, arena_too_small,
  // arena_misaligned, thread_pool_mismatch; in dynamic models also what the operators' shape
  // functions say where the largest inputs do not fit each other.
  static Result<Session> create(const Plan& plan, const SessionOptions& options = {});
  bool valid() const { return impl_ != nullptr; }

  // Index of an input or output by name. Error: name_unknown.
  Result<uint32_t> find_input(uint32_t entry_point, const char* name) const;
  Result<uint32_t> find_output(uint32_t entry_point, const char* name) const;

  // Sets the shapes of all inputs at once and propagates them; on an error nothing changes.
  // A new session has the largest shapes, or the smallest where those do not fit each other.
  // Errors: shape_out_of_bounds, shape_static and what the operators' shape functions say.
  // `set_shape` changes one input.
  Status set_shapes(uint32_t entry_point, Span<const Shape> shapes);
  Status set_shape(uint32_t entry_point, uint32_t input, const Shape& shape);
  Result<Shape> input_shape(uint32_t entry_point, uint32_t input) const;
  Result<Shape> output_shape(uint32_t entry_point, uint32_t output) const;

  // The memory of an input (to be written) or output (to be read), of the current shape's bytes.
  // Contents of inputs are undefined after run() unless PlanOptions::preserve_inputs; outputs are
  // valid until the next run(). Error: buffer_size (bound memory is too small for that shape).
  Result<Span<uint8_t>> input(uint32_t entry_point, uint32_t input);
  Result<Span<const uint8_t>> output(uint32_t entry_point, uint32_t output) const;

  // Binds an input or output to the caller's memory, without a copy, until bound again; empty
  // memory returns it to the arena. The memory must be aligned to its element type, hold the
  // current shape's bytes at run() and not overlap other bound memory. Inputs are never written.
  Status bind_input(uint32_t entry_point, uint32_t input, Span<const uint8_t> memory);
  Status bind_output(uint32_t entry_point, uint32_t output, Span<uint8_t> memory);

  // Real values in and out of float32 and per-tensor quantized ports; `values.size` is the number
  // of elements. Quantizing rounds half to even and saturates (core/NUMERICS.md, quantize).
  Status write_float(uint32_t entry_point, uint32_t input, Span<const float> values);
  Status read_float(uint32_t entry_point, uint32_t output, Span<float> values) const;

  // States, by tensor index of the model (kind `state`). reset_states: the file's initial values.
  // What a derive graph computes from a state follows in the next run() of an entry point that
  // reads it, or by run_derives(), which takes the contents of inputs and outputs.
  Status read_state(uint32_t tensor, Span<uint8_t> bytes) const;
  Status write_state(uint32_t tensor, Span<const uint8_t> bytes);
  void reset_states();
  // Errors: cancelled; operator_not_in_build where this build lacks a due derive graph's operators.
  Status run_derives();

  // Whether a partition still runs on its delegate: false once the device was lost.
  bool partition_active(uint32_t partition) const;

  // Executes. Errors: data_index_out_of_range, data_not_finite, step_limit, cancelled, buffer_size (a
  // bound buffer is too small for the current shape); a failed run leaves every state unchanged, but
  // for those that a derive graph brought up to date before it. When a delegate's device is lost,
  // the run goes on on the CPU.
  Status run(uint32_t entry_point = 0);

 private:
  explicit Session(SessionImpl* impl) : impl_(impl) {}
  SessionImpl* impl_ = nullptr;
};

}  // namespace mote
