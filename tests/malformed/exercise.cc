#include "exercise.h"

#include <cstdlib>
#include <new>
#include <vector>

#include "mote/train.h"

namespace mote::test {
namespace {

// Bounds the time of a run; each poll stands for one operator or tile.
struct PollBudget {
  uint32_t left = 100000;
  static bool spent(void* context) {
    auto* budget = static_cast<PollBudget*>(context);
    if (budget->left == 0) return true;
    --budget->left;
    return false;
  }
};

// Integers are small, so that some indices are in range.
void fill_inputs(const Model& model, Session& session, uint32_t e, uint32_t seed) {
  const Span<const PortInfo>& ports = model.entry_point(e).inputs;
  for (uint32_t i = 0; i < ports.size; ++i) {
    Result<Span<uint8_t>> memory = session.input(e, i);
    if (!memory.ok()) continue;
    Type type = model.tensor(ports[i].tensor).type;
    size_t element = type == Type::int32 || type == Type::int64 ? type_bytes(type) : 0;
    for (size_t k = 0; k < memory->size; ++k) {
      seed = seed * 1664525 + 1013904223;  // Numerical Recipes' generator
      auto byte = static_cast<uint8_t>(seed >> 24);
      if (element != 0) byte = k % element == 0 ? byte & 3 : 0;
      memory->data[k] = byte;
    }
  }
}

// Reads every byte of the outputs, so that a sanitizer sees whether they are there.
void read_outputs(const Session& session, uint32_t e, uint32_t outputs) {
  volatile uint8_t sink = 0;
  for (uint32_t i = 0; i < outputs; ++i) {
    Result<Span<const uint8_t>> memory = session.output(e, i);
    if (!memory.ok()) continue;
    for (uint8_t b : memory.value()) sink = b;
  }
  static_cast<void>(sink);
}

// All dimensions at a fraction of their range.
void set_shapes(const Model& model, Session& session, uint32_t e, int part) {
  const EntryPointInfo& info = model.entry_point(e);
  std::vector<Shape> shapes;
  for (const PortInfo& port : info.inputs) {
    const ShapeBounds& bounds = model.tensor(port.tensor).bounds;
    Shape s = bounds.max();
    for (int i = 0; i < s.rank; ++i) {
      s.dims[i] =
          bounds.dims[i].min +
          static_cast<int32_t>((int64_t{bounds.dims[i].max} - bounds.dims[i].min) * part / 2);
    }
    shapes.push_back(s);
  }
  static_cast<void>(session.set_shapes(e, {shapes.data(), shapes.size()}));
}

bool run_entry_point(const Model& model, Session& session, uint32_t e, uint32_t seed) {
  const EntryPointInfo& info = model.entry_point(e);
  auto outputs = static_cast<uint32_t>(info.outputs.size);
  bool ran = false;
  // The largest shapes, the smallest, those between, the largest again.
  for (int part : {2, 0, 1, 2}) {
    set_shapes(model, session, e, part);
    fill_inputs(model, session, e, seed);
    ran = session.run(e).ok() || ran;
    read_outputs(session, e, outputs);
    bool is_static = true;
    for (const PortInfo& p : info.inputs)
      is_static = is_static && model.tensor(p.tensor).bounds.is_static();
    if (is_static) break;
  }
  return ran;
}

Reached exercise_with(Span<const uint8_t> bytes, const ExerciseOptions& options,
                      const Allocator& allocator) {
  LoadOptions load;
  load.integrity = Integrity::off;
  load.structure = options.structure;
  load.limits = options.limits;
  load.allocator = allocator;
  Result<Model> model = Model::load(bytes, training_operators(), load);
  if (!model.ok()) return Reached::nothing;
  PlanOptions plan_options;
  plan_options.isa = options.isa;
  plan_options.allocator = allocator;
  Result<Plan> plan = Plan::create(model.value(), {}, plan_options);
  if (!plan.ok()) return Reached::loaded;
  if (plan->report().arena_bytes > options.arena) return Reached::planned;
  PollBudget budget;
  SessionOptions session_options;
  session_options.allocator = allocator;
  session_options.cancel = {&budget, PollBudget::spent};
  Result<Session> session = Session::create(plan.value(), session_options);
  if (!session.ok()) return Reached::planned;
  Reached reached = Reached::session;
  for (uint32_t e = 0; e < model->entry_point_count(); ++e) {
    if (!model->entry_point(e).availability.ok()) continue;
    if (run_entry_point(model.value(), session.value(), e, options.seed)) reached = Reached::run;
    if (budget.left == 0) break;
  }
  return reached;
}

}  // namespace

void* CountingAllocator::allocate(void* context, size_t bytes, size_t alignment) {
  auto& self = *static_cast<CountingAllocator*>(context);
  size_t call = self.calls_++;
  bool fails = self.all_after_ ? call >= self.fail_at_ : call == self.fail_at_;
  if (fails || bytes > self.byte_limit_ - self.bytes_) return nullptr;
  void* memory = ::operator new(bytes, std::align_val_t(64), std::nothrow);
  if (memory == nullptr) return nullptr;
  // A caller that aligns to more than this would go unnoticed below.
  if (alignment > 64) abort();
  ++self.blocks_;
  self.bytes_ += bytes;
  return memory;
}

void CountingAllocator::release(void* context, void* memory, size_t bytes) {
  auto& self = *static_cast<CountingAllocator*>(context);
  if (self.blocks_ == 0 || bytes > self.bytes_) abort();
  --self.blocks_;
  self.bytes_ -= bytes;
  ::operator delete(memory, std::align_val_t(64));
}

Limits ExerciseOptions::small_limits() {
  Limits limits;
  limits.tensors = 4096;
  limits.operators = 4096;
  limits.tensor_bytes = 1 << 20;
  limits.operations = 10'000'000;
  return limits;
}

Reached exercise(Span<const uint8_t> bytes, const ExerciseOptions& options) {
  CountingAllocator allocator(options.memory);
  Reached reached = exercise_with(bytes, options, allocator.callbacks());
  if (allocator.live_blocks() != 0 || allocator.live_bytes() != 0) abort();
  return reached;
}

}  // namespace mote::test
