// What an operator is: a row of functions. The validator calls `read`, `check` and `shape`, the
// plan picks the first kernel that accepts the operands, the session runs it.
//
// An operator lives in core/ops/<name>/ and defines `const Operator <name>_operator` and
// `const Kernel <name>_f64` (its reference in double, for the desktop's evaluator).
#pragma once

#include "base/arch.h"
#include "base/pool.h"
#include "base/tensor.h"
#include "mote/session.h"
#include "mote/status.h"
#include "ops/types.h"

namespace mote {

struct Operator;

// An operator of a graph with its operands, as the file describes them.
struct OpView {
  const Operator* op = nullptr;
  const void* attrs = nullptr;
  Span<const TensorInfo* const> inputs;  // null: absent
  Span<const TensorInfo* const> outputs;

  template <class A>
  const A& attributes() const {
    return *static_cast<const A*>(attrs);
  }
  const TensorInfo& in(size_t i) const { return *inputs[i]; }
  const TensorInfo& out(size_t i = 0) const { return *outputs[i]; }
  bool has(size_t i) const { return i < inputs.size && inputs[i] != nullptr; }
};

// What `prepare` may ask of the plan. Sizes must hold for every shape within the bounds.
struct PrepareContext {
  const OpView& view;
  Isa isa;           // the strongest that may be used
  uint32_t threads;  // workers
  bool pack;         // weights may be packed
  Pool& pool;        // of the plan

  // Results.
  void* params = nullptr;    // handed to every call
  size_t packed_bytes = 0;   // filled by Kernel::pack, 64-byte aligned
  size_t scratch_bytes = 0;  // per worker, 64-byte aligned
  size_t shared_scratch_bytes = 0;

  // Zeroed memory of the plan for `count` T; null when there is none (return out_of_memory).
  template <class T>
  T* allocate(size_t count = 1) {
    return pool.take_array<T>(count);
  }
};

// One execution. Shapes are the current ones.
struct KernelCall {
  const OpView* view = nullptr;
  const Tensor* const* inputs = nullptr;  // null: absent
  const Tensor* const* outputs = nullptr;
  const void* params = nullptr;
  const void* packed = nullptr;
  uint8_t* scratch = nullptr;  // worker w: scratch + w * scratch_stride
  size_t scratch_stride = 0;
  uint8_t* shared_scratch = nullptr;

  const Tensor& in(size_t i) const { return *inputs[i]; }
  const Tensor& out(size_t i = 0) const { return *outputs[i]; }
  bool has(size_t i) const { return view->has(i); }
  template <class A>
  const A& attributes() const {
    return view->attributes<A>();
  }
};

// A part of a kernel that is finished in all tiles before the next part begins.
struct KernelPhase {
  uint32_t (*tiles)(const KernelCall&) = nullptr;  // as Kernel::tiles; absent: one
  void (*run)(const KernelCall&, uint32_t tile, uint32_t worker) = nullptr;  // null: no such part
};

struct Kernel {
  const char* name = nullptr;  // operator, types, method, tile, instruction set
  Isa isa = Isa::scalar;
  bool reference = false;
  bool needs_packing = false;  // skipped where PlanOptions::pack_weights is off
  // Types and attributes that it takes. Must not depend on anything else.
  bool (*accepts)(const OpView&) = nullptr;
  // Optional: parameters and memory. Must not fail but with out_of_memory.
  Status (*prepare)(PrepareContext&) = nullptr;
  void (*pack)(const OpView&, const void* params, void* packed) = nullptr;
  // Optional: the check of data-dependent indices. Runs before `run`, may read the inputs only.
  Status (*check_data)(const KernelCall&) = nullptr;
  // Optional: the number of independent pieces, a function of the shapes alone (never of the
  // number of threads), so that results do not depend on it. Absent: one.
  uint32_t (*tiles)(const KernelCall&) = nullptr;
  void (*run)(const KernelCall&, uint32_t tile, uint32_t worker) = nullptr;
  // Optional parts before and after `run`, over the same scratch: packing operands that are not
  // constant, adding up what the tiles left.
  KernelPhase before = {};
  KernelPhase after = {};
};

enum OperatorFlags : uint8_t {
  kView = 1,         // output 0 is input 0 in another shape: no copy where the plan can alias
  kFallible = 2,     // has a kernel with check_data
  kReadsState = 4,   // the first inputs (Operator::states) are states, which it reads
  kWritesState = 8,  // they are states, which it may read and overwrites; no outputs
};

struct Operator {
  uint16_t code = 0;  // core/ops/ops.inc
  const char* name = nullptr;
  uint16_t version = 1;         // the newest that this build knows
  uint8_t attributes_kind = 0;  // mote::file::Attributes
  uint16_t attributes_bytes = 0;
  uint16_t min_inputs = 1;  // these are required; further ones may be absent (-1)
  uint16_t max_inputs = 1;  // 65535: any number, all required
  uint16_t outputs = 1;     // 65535: any number but none
  uint8_t graphs = 0;       // that it calls: control flow (core/ops/control.h)
  uint8_t flags = 0;
  // Bit i: output 0 may be computed in the memory of input i when type and shape are the same.
  uint8_t in_place = 0;
  // With kReadsState or kWritesState: how many of the first inputs are states.
  uint8_t states = 1;
  // Bit i: of input i only the shape is looked at; its memory may be gone.
  uint8_t shape_inputs = 0;
  // Fills the zeroed attribute struct from the file's table (of kind attributes_kind) and checks
  // counts of arrays; values are left to `check`.
  Status (*read)(const void* table, void* attrs) = nullptr;
  // Types, quantization, attribute values, ranks. Operand counts and indices are already checked.
  Status (*check)(const OpView&) = nullptr;
  // Interval arithmetic: `in` parallel to the inputs (absent: rank 0). With static bounds the
  // result is exact. Errors: shape_*, operand_shape, operand_rank.
  Status (*shape)(const OpView&, Span<const ShapeBounds> in, Span<ShapeBounds> out) = nullptr;
  // Optional: estimated scalar operations at the largest shapes, saturating. Absent: elements of
  // the outputs.
  int64_t (*work)(const OpView&) = nullptr;
  Span<const Kernel> kernels;  // in order of preference; reference rows last
};

inline bool accepts_nothing(const OpView&) { return false; }
// A row that a build for some types leaves out (ops/types.h): what it names is not linked.
constexpr Kernel kAbsentKernel = {.name = "", .accepts = accepts_nothing};

}  // namespace mote

// A row of core/ops/<name>/kernels.inc: name, instruction set, fields of Kernel. Rows for one
// architecture stand within MOTE_ON_X86(...) and the like (base/arch.h).
#define MOTE_KERNEL(kernel, instructions, ...)                          \
  (::mote::types_in_build(#kernel)                                      \
       ? Kernel{.name = #kernel, .isa = Isa::instructions, __VA_ARGS__} \
       : kAbsentKernel),
