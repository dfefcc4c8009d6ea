// A delegate is believed for a partition only after it gave what the CPU gives, on this very
// driver. The verdict is stored under a key of everything it depends on.
#include <cmath>
#include <cstring>

#include "base/checked.h"
#include "base/hash.h"
#include "base/tensor.h"
#include "plan/plan_impl.h"

namespace mote {
namespace {

constexpr uint8_t kGood = 1, kWrong = 2;
constexpr const char kDiffer[] = "its results differ from the CPU's on this driver";
// Floats of a delegate (other sums, other exp) against the CPU: |a - b| / max(1, |b|).
constexpr float kFloatBound = 1e-3f;

uint64_t hash_tensor(const TensorInfo& t, uint64_t h) {
  h = xxh64(&t.type, sizeof t.type, h);
  for (int i = 0; i < t.bounds.rank; ++i) h = xxh64(&t.bounds.dims[i], sizeof(Dim), h);
  const Quantization& q = t.quantization;
  h = xxh64(q.scales, q.scale_count * sizeof(float), h);
  for (uint32_t i = 0; i < q.scale_count; ++i) {
    int32_t z = q.zero_point(i);
    h = xxh64(&z, sizeof z, h);
  }
  return h;
}

// The device and its driver, the operators, their wiring, attributes, shapes and quantization.
uint64_t verdict_key(const PlanImpl& p, const Partition& part) {
  char text[256] = {};
  part.delegate->describe(part.delegate->context, text, sizeof text - 1);
  uint64_t h = xxh64(text, strlen(text));
  for (uint32_t i = 0; i < part.view.operator_count; ++i) {
    const mote_delegate_operator& op = part.view.operators[i];
    h = xxh64(&op.code, sizeof op.code, h);
    h = xxh64(&op.version, sizeof op.version, h);
    h = xxh64(op.attributes, op.attributes_bytes, h);
    h = xxh64(op.inputs, op.input_count * sizeof(int32_t), h);
    h = xxh64(op.outputs, op.output_count * sizeof(int32_t), h);
    for (uint32_t k = 0; k < op.input_count; ++k) {
      if (op.inputs[k] >= 0) h = hash_tensor(p.m->tensors[static_cast<size_t>(op.inputs[k])], h);
    }
    for (uint32_t k = 0; k < op.output_count; ++k) {
      h = hash_tensor(p.m->tensors[static_cast<size_t>(op.outputs[k])], h);
    }
  }
  return h;
}

// Memory for every activation of the partition, apart from each other.
class Bench {
 public:
  Bench(const PlanImpl& p, const Partition& part) : p_(p), part_(part), memory_(p.allocator) {}

  // `*fits` false: the largest inputs do not fit each other, and nothing can be run.
  Status init(bool* fits) {
    MOTE_TRY(tensors_.init(p_.allocator, p_.m->tensors.size()));
    for (size_t t = 0; t < tensors_.size(); ++t) tensors_[t].shape = p_.m->tensors[t].bounds.max();
    *fits = true;
    if (p_.dynamic) MOTE_TRY(propagate(fits));
    if (!*fits) return {};
    for (int32_t t : part_.inputs) MOTE_TRY(place(t));
    uint32_t random = 1;
    for (int32_t t : part_.inputs) fill(tensors_[static_cast<size_t>(t)], random);
    for (uint32_t i = 0; i < part_.info.step_count; ++i) {
      const Step& s = step(i);
      for (int32_t t : s.op->inputs)
        if (t >= 0) MOTE_TRY(place(t));
      for (int32_t t : s.op->outputs) MOTE_TRY(place(t));
    }
    return {};
  }

  // The partition on the CPU.
  Status run_cpu() {
    for (uint32_t i = 0; i < part_.info.step_count; ++i) MOTE_TRY(run_step(step(i)));
    return {};
  }

  Tensor& tensor(int32_t t) { return tensors_[static_cast<size_t>(t)]; }
  void* take(size_t bytes) { return memory_.take(bytes, kArenaAlignment); }

 private:
  const Step& step(uint32_t i) const {
    return p_.steps[p_.graphs[part_.graph].first_step + part_.info.first_step + i];
  }

  // Shapes that a new session has: those of the largest inputs, which need not be every maximum.
  Status propagate(bool* fits) {
    for (const Step& s : p_.steps_of(part_.graph)) {
      size_t inputs = s.op->inputs.size, outputs = s.op->outputs.size;
      Array<ShapeBounds> bounds;
      MOTE_TRY(bounds.init(p_.allocator, inputs + outputs));
      for (size_t i = 0; i < inputs; ++i) {
        if (s.op->inputs[i] >= 0) bounds[i] = exact(tensor(s.op->inputs[i]).shape);
      }
      Span<ShapeBounds> out{bounds.data() + inputs, outputs};
      *fits = s.op->view.op->shape(s.op->view, {bounds.data(), inputs}, out).ok();
      for (size_t i = 0; i < outputs && *fits; ++i) {
        tensor(s.op->outputs[i]).shape = out[i].max();
        *fits = within(out[i], p_.m->tensors[static_cast<size_t>(s.op->outputs[i])].bounds);
      }
      if (!*fits) return {};
    }
    return {};
  }

  static ShapeBounds exact(const Shape& shape) {
    ShapeBounds b;
    b.rank = shape.rank;
    for (int i = 0; i < shape.rank; ++i) b.dims[i] = {shape.dims[i], shape.dims[i]};
    return b;
  }
  static bool within(const ShapeBounds& a, const ShapeBounds& b) {
    if (a.rank != b.rank) return false;
    for (int i = 0; i < a.rank; ++i)
      if (a.dims[i].min < b.dims[i].min || a.dims[i].max > b.dims[i].max) return false;
    return true;
  }

  Status place(int32_t t) {
    Tensor& x = tensors_[static_cast<size_t>(t)];
    if (x.info != nullptr) return {};
    x.info = &p_.m->tensors[static_cast<size_t>(t)];
    x.data = const_cast<void*>(x.info->data);
    if (x.info->kind == TensorKind::constant) return {};
    x.data = take(static_cast<size_t>(x.info->max_bytes));
    return x.data == nullptr ? error(Code::out_of_memory, 0, x.info->max_bytes) : Status{};
  }

  // Numbers that exercise the kernels; a linear congruential generator (Numerical Recipes, 7.1).
  static void fill(Tensor& x, uint32_t& state) {
    auto next = [&state] { return (state = state * 1664525u + 1013904223u) >> 8; };
    for (int64_t i = 0; i < x.elements(); ++i) {
      if (x.type() == Type::float32) {
        x.as<float>()[i] = static_cast<float>(next()) * 0x1p-23f - 1.0f;
      } else if (x.type() == Type::boolean) {
        x.as<uint8_t>()[i] = next() & 1;
      } else if (type_bytes(x.type()) == 1) {
        x.as<uint8_t>()[i] = static_cast<uint8_t>(next());
      } else {
        memset(x.as<uint8_t>() + i * static_cast<int64_t>(type_bytes(x.type())), 0,
               type_bytes(x.type()));
      }
    }
  }

  Status run_step(const Step& s) {
    size_t inputs = s.op->inputs.size, outputs = s.op->outputs.size;
    Array<const Tensor*> operands;
    MOTE_TRY(operands.init(p_.allocator, inputs + outputs));
    for (size_t i = 0; i < inputs; ++i) {
      operands[i] = s.op->inputs[i] < 0 ? nullptr : &tensor(s.op->inputs[i]);
    }
    for (size_t i = 0; i < outputs; ++i) operands[inputs + i] = &tensor(s.op->outputs[i]);
    if (s.kernel == nullptr) {  // a view, which here has memory of its own
      const Tensor &x = *operands[0], &y = *operands[inputs];
      memcpy(y.data, x.data, static_cast<size_t>(y.bytes()));
      return {};
    }
    KernelCall call;
    call.view = &s.op->view;
    call.inputs = operands.data();
    call.outputs = operands.data() + inputs;
    call.params = s.params;
    call.packed = s.packed;
    call.scratch_stride = s.scratch_stride;
    Array<uint8_t> scratch;
    MOTE_TRY(scratch.init(p_.allocator, s.scratch_bytes + kArenaAlignment));
    auto address = reinterpret_cast<uintptr_t>(scratch.data());
    call.shared_scratch = scratch.data() + (round_up(address, kArenaAlignment) - address);
    call.scratch = call.shared_scratch + s.shared_scratch_bytes;
    const Kernel& k = *s.kernel;
    for (const KernelPhase& phase : {k.before, KernelPhase{k.tiles, k.run}, k.after}) {
      if (phase.run == nullptr) continue;
      uint32_t tiles = phase.tiles == nullptr ? 1 : phase.tiles(call);
      for (uint32_t i = 0; i < tiles; ++i) phase.run(call, i, 0);
    }
    return {};
  }

  const PlanImpl& p_;
  const Partition& part_;
  Pool memory_;
  Array<Tensor> tensors_;
};

bool equal(const Tensor& expected, const uint8_t* got) {
  if (expected.type() != Type::float32) {
    return memcmp(expected.data, got, static_cast<size_t>(expected.bytes())) == 0;
  }
  for (int64_t i = 0; i < expected.elements(); ++i) {
    float a, b = expected.as<float>()[i];
    memcpy(&a, got + i * 4, sizeof a);
    if (a == b || (std::isnan(a) && std::isnan(b))) continue;
    float limit = kFloatBound * (std::fabs(b) > 1 ? std::fabs(b) : 1.0f);
    if (std::isinf(b) || !(std::fabs(a - b) <= limit)) return false;
  }
  return true;
}

mote_delegate_shape shape_of(const Tensor& t) {
  mote_delegate_shape s = {};
  s.rank = t.shape.rank;
  memcpy(s.dims, t.shape.dims, sizeof s.dims);
  return s;
}

// One run of the delegate into memory of its own; null in `*why_not` when outputs are equal.
Status compare(Bench& bench, const Partition& part, const Allocator& allocator, void* session,
               const char** why_not) {
  size_t inputs = part.inputs.size, outputs = part.outputs.size;
  Array<void*> pointers;
  Array<mote_delegate_shape> shapes;
  MOTE_TRY(pointers.init(allocator, inputs + outputs));
  MOTE_TRY(shapes.init(allocator, inputs + outputs));
  for (size_t i = 0; i < inputs; ++i) {
    pointers[i] = bench.tensor(part.inputs[i]).data;
    shapes[i] = shape_of(bench.tensor(part.inputs[i]));
  }
  for (size_t i = 0; i < outputs; ++i) {
    const Tensor& t = bench.tensor(part.outputs[i]);
    pointers[inputs + i] = bench.take(static_cast<size_t>(t.bytes()));
    if (pointers[inputs + i] == nullptr) return error(Code::out_of_memory, 0, t.bytes());
    shapes[inputs + i] = shape_of(t);
  }
  const mote_delegate& d = *part.delegate;
  uint64_t fence = 0;
  *why_not = "the delegate failed in the comparison with the CPU";
  if (d.set_shape(session, shapes.data(), shapes.data() + inputs) != MOTE_DELEGATE_OK) return {};
  if (d.run(session, pointers.data(), pointers.data() + inputs, &fence) != MOTE_DELEGATE_OK ||
      d.wait(session, fence) != MOTE_DELEGATE_OK) {
    return {};
  }
  *why_not = kDiffer;
  for (size_t i = 0; i < outputs; ++i) {
    if (!equal(bench.tensor(part.outputs[i]), static_cast<uint8_t*>(pointers[inputs + i]))) {
      return {};
    }
  }
  *why_not = nullptr;
  return {};
}

Status measure(const PlanImpl& p, const Partition& part, const char** why_not) {
  Bench bench(p, part);
  bool fits = false;
  MOTE_TRY(bench.init(&fits));
  *why_not = "its largest shapes do not fit each other";
  if (!fits) return {};
  MOTE_TRY(bench.run_cpu());
  void* session = nullptr;
  *why_not = "the delegate could not create a session";
  if (part.delegate->session_create(part.plan, &session) != MOTE_DELEGATE_OK) return {};
  Status s = compare(bench, part, p.allocator, session, why_not);
  part.delegate->session_destroy(session);
  return s;
}

}  // namespace

Status check_partition(const PlanImpl& p, const Partition& part, const char** why_not) {
  const mote_delegate_cache* cache = p.options.delegate_cache;
  uint64_t key = verdict_key(p, part);
  uint8_t verdict = 0;
  if (cache != nullptr && cache->get(cache->context, key, &verdict, 1) == 1) {
    if (verdict == kGood) return {};
    if (verdict == kWrong) {
      *why_not = "its results differed from the CPU's on this driver (stored verdict)";
      return {};
    }
  }
  MOTE_TRY(measure(p, part, why_not));
  // A failure, of memory for example, is no verdict on the results.
  if (cache != nullptr && (*why_not == nullptr || *why_not == kDiffer)) {
    verdict = *why_not == nullptr ? kGood : kWrong;
    cache->put(cache->context, key, &verdict, 1);
  }
  return {};
}

}  // namespace mote
