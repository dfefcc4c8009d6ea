#include "ir/evaluator.h"

#include <optional>
#include <unordered_map>

#include "base/checked.h"
#include "ir/checked_node.h"
#include "ir/op_view.h"
#include "ops/control_attributes.h"

namespace mote {

#define MOTE_OPERATOR(number, name) extern const Kernel name##_f64;
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR

namespace {

// A folded constant above this is a mistake of the graph, not a weight.
constexpr int64_t kMaxValueBytes = int64_t{1} << 32;

const Kernel* double_kernel(uint16_t code) {
  switch (code) {
#define MOTE_OPERATOR(number, name) \
  case number:                      \
    return &name##_f64;
#include "ops/ops.inc"
#include "train/ops.inc"
#undef MOTE_OPERATOR
    default:
      return nullptr;
  }
}

template <class To, class From>
ir::Bytes convert_elements(const ir::Bytes& bytes) {
  size_t n = bytes.size() / sizeof(From);
  ir::Bytes out(n * sizeof(To));
  auto* from = reinterpret_cast<const From*>(bytes.data());
  auto* to = reinterpret_cast<To*>(out.data());
  for (size_t i = 0; i < n; ++i) to[i] = static_cast<To>(from[i]);
  return out;
}

ShapeBounds bounds_of(const Shape& s) {
  ShapeBounds b;
  b.rank = s.rank;
  for (int i = 0; i < s.rank; ++i) b.dims[i] = {s.dims[i], s.dims[i]};
  return b;
}

uint8_t* aligned(std::vector<uint8_t>& memory, size_t bytes) {
  memory.assign(bytes + kArenaAlignment, 0);
  auto address = reinterpret_cast<uintptr_t>(memory.data());
  return memory.data() + (kArenaAlignment - address % kArenaAlignment) % kArenaAlignment;
}

// The bytes of a node's operands. Weights may be most of a model: they are not copied unless they
// change.
class Operands {
 public:
  explicit Operands(size_t count) : shared_(count, nullptr), own_(count) {}
  size_t size() const { return own_.size(); }
  void share(size_t i, const ir::Bytes& bytes) { shared_[i] = &bytes; }
  const ir::Bytes& at(size_t i) const { return shared_[i] != nullptr ? *shared_[i] : own_[i]; }
  void set(size_t i, ir::Bytes bytes) {
    own_[i] = std::move(bytes);
    shared_[i] = nullptr;
  }
  const ir::Bytes& own(size_t i) {
    if (shared_[i] != nullptr) set(i, *shared_[i]);
    return own_[i];
  }

 private:
  std::vector<const ir::Bytes*> shared_;
  std::vector<ir::Bytes> own_;
};

// One execution of one node: operands in, bytes out.
class NodeRun {
 public:
  NodeRun(CheckedNode& node, const Operands& inputs) : node_(node), inputs_(inputs) {}

  Status run(const Kernel& kernel) {
    make_tensors();
    PrepareContext context{node_.view, Isa::scalar, 1, false, pool_};
    if (kernel.prepare != nullptr) MOTE_TRY(kernel.prepare(context));
    std::vector<uint8_t> scratch, shared;
    KernelCall call;
    call.view = &node_.view;
    call.inputs = input_pointers_.data();
    call.outputs = output_pointers_.data();
    call.params = context.params;
    call.scratch = aligned(scratch, context.scratch_bytes);
    call.scratch_stride = context.scratch_bytes;
    call.shared_scratch = aligned(shared, context.shared_scratch_bytes);
    if (kernel.check_data != nullptr) MOTE_TRY(kernel.check_data(call));
    for (const KernelPhase& phase :
         {kernel.before, KernelPhase{kernel.tiles, kernel.run}, kernel.after}) {
      if (phase.run == nullptr) continue;
      uint32_t tiles = phase.tiles == nullptr ? 1 : phase.tiles(call);
      for (uint32_t t = 0; t < tiles; ++t) phase.run(call, t, 0);
    }
    return {};
  }

  std::vector<ir::Bytes> outputs;

 private:
  void make_tensors() {
    const OpView& v = node_.view;
    tensors_.resize(v.inputs.size + v.outputs.size);
    input_pointers_.assign(v.inputs.size, nullptr);
    output_pointers_.assign(v.outputs.size, nullptr);
    outputs.resize(v.outputs.size);
    for (size_t i = 0; i < v.inputs.size; ++i) {
      if (v.inputs[i] == nullptr) continue;
      // Kernels write to the operands alone that are states, and those are the run's own.
      auto* data = const_cast<uint8_t*>(inputs_.at(i).data());
      tensors_[i] = {data, v.inputs[i], v.inputs[i]->bounds.max()};
      input_pointers_[i] = &tensors_[i];
    }
    for (size_t i = 0; i < v.outputs.size; ++i) {
      outputs[i].resize(static_cast<size_t>(v.outputs[i]->max_bytes));
      Tensor& t = tensors_[v.inputs.size + i];
      t = {outputs[i].data(), v.outputs[i], v.outputs[i]->bounds.max()};
      output_pointers_[i] = &t;
    }
  }

  CheckedNode& node_;
  const Operands& inputs_;
  Pool pool_;
  std::vector<Tensor> tensors_;
  std::vector<const Tensor*> input_pointers_;
  std::vector<const Tensor*> output_pointers_;
};

const Kernel* reference_kernel(const OpView& v) {
  for (size_t i = v.op->kernels.size; i-- > 0;) {
    const Kernel& k = v.op->kernels[i];
    if (k.reference && k.accepts != nullptr && k.accepts(v)) return &k;
  }
  return nullptr;
}

class Evaluator {
 public:
  Evaluator(const ir::Graph& graph, Diagnostics& diagnostics, Precision precision)
      : graph_(graph), diagnostics_(diagnostics), double_(precision == Precision::double_) {}

  bool set_input(ir::ValueId id, const Evaluated& given) {
    if (!known(id, "graph input")) return false;
    const ir::Value& v = graph_.value(id);
    bool fits = given.shape.rank == v.shape.rank;
    for (int i = 0; fits && i < given.shape.rank; ++i)
      fits =
          given.shape.dims[i] >= v.shape.dims[i].min && given.shape.dims[i] <= v.shape.dims[i].max;
    if (!fits) return fail("input '" + v.name + "'", "the shape is outside the graph's bounds");
    int64_t bytes = max_bytes_of(bounds_of(given.shape), held_type(v.type));
    if (bytes != static_cast<int64_t>(given.bytes.size()))
      return fail("input '" + v.name + "'", "expected " + std::to_string(bytes) + " bytes, found " +
                                                std::to_string(given.bytes.size()));
    values_[id] = given;
    return true;
  }

  // Runs `node`; its outputs become known. `observe` may be empty.
  bool run(const ir::Node& node,
           const std::function<void(ir::ValueId, const Evaluated&)>& observe) {
    CheckedNode view;
    if (!view.init(graph_, node, diagnostics_)) return false;
    if (!node.graphs.empty()) return run_called(node, view.view, observe);
    Operands inputs(node.inputs.size());
    if (!read_operands(node, view, &inputs)) return false;
    if (Status s = view.view.op->check(view.view); !s.ok()) return fail(node, s);
    if (Status s = view.infer_shapes(); !s.ok()) return fail(node, s);
    for (size_t i = 0; i < node.outputs.size(); ++i)
      if (view.output(i).max_bytes > kMaxValueBytes)
        return fail(node.location, "the result is too large to be computed here");

    std::vector<ir::Bytes> results;
    std::vector<ir::ValueId> targets = node.outputs;
    bool writes_states = (view.view.op->flags & kWritesState) != 0;
    if (!compute(node, view, inputs, &results)) return false;
    if (writes_states) {
      auto states = static_cast<ptrdiff_t>(view.view.op->states);
      targets.assign(node.inputs.begin(), node.inputs.begin() + states);
      results.clear();
      for (size_t i = 0; i < view.view.op->states; ++i) results.push_back(inputs.own(i));
    }
    for (size_t i = 0; i < targets.size(); ++i) {
      Evaluated& e = values_[targets[i]];
      e.shape = writes_states ? view.input(i).bounds.max() : view.output(i).bounds.max();
      e.bytes = std::move(results[i]);
      if (observe) observe(targets[i], e);
    }
    return true;
  }

  // The value, from constants and states if nothing wrote it; null and a diagnostic when unknown.
  const Evaluated* get(ir::ValueId id, const std::string& where) {
    if (!known(id, where)) return nullptr;
    auto held = values_.find(id);
    if (held != values_.end()) return &held->second;
    if (!is_stored(id, where)) return nullptr;
    const ir::Value& v = graph_.value(id);
    Evaluated e;
    e.shape = v.shape.max();
    auto bytes = static_cast<size_t>(max_bytes_of(v.shape, v.type));
    e.bytes = v.data != nullptr ? *v.data : ir::Bytes(bytes);
    if (double_ && v.type == Type::float32) e.bytes = convert_elements<double, float>(e.bytes);
    return &values_.emplace(id, std::move(e)).first->second;
  }

  // What get() gives, which is forgotten.
  std::optional<Evaluated> take(ir::ValueId id, const std::string& where) {
    if (get(id, where) == nullptr) return std::nullopt;
    return std::move(values_.extract(id).mapped());
  }

 private:
  // The outputs of a called graph; false and a diagnostic when it cannot be computed.
  bool run_graph(const ir::Graph& called, const std::vector<Evaluated>& inputs,
                 std::vector<Evaluated>* outputs) {
    if (called.inputs.size() != inputs.size())
      return fail("graph '" + called.name + "'", "is called with another number of inputs");
    Evaluator callee(called, diagnostics_, double_ ? Precision::double_ : Precision::as_is);
    for (size_t i = 0; i < inputs.size(); ++i)
      if (!callee.set_input(called.inputs[i].value, inputs[i])) return false;
    for (const ir::Node& node : called.nodes)
      if (!callee.run(node, {})) return false;
    outputs->clear();
    for (const ir::Port& port : called.outputs) {
      const Evaluated* e = callee.get(port.value, "output '" + port.name + "'");
      if (e == nullptr) return false;
      outputs->push_back(*e);
    }
    return true;
  }

  bool run_called(const ir::Node& node, const OpView& view,
                  const std::function<void(ir::ValueId, const Evaluated&)>& observe) {
    if (Status s = view.op->check(view); !s.ok()) return fail(node, s);
    std::vector<Evaluated> values, results;
    for (ir::ValueId v : node.inputs) {
      const Evaluated* e = get(v, node.location);
      if (e == nullptr) return false;
      values.push_back(*e);
    }
    if (node.op == op_code::while_loop) {
      if (!run_loop(node, &values)) return false;
      results = std::move(values);
    } else {
      size_t g = 0;
      if (node.op == op_code::if_else) {
        g = values[0].bytes[0] != 0 ? 0 : 1;
        values.erase(values.begin());
      }
      if (!run_graph(node.graphs[g], values, &results)) return false;
    }
    if (results.size() != node.outputs.size())
      return fail(node.location, "the called graph has another number of outputs");
    for (size_t i = 0; i < results.size(); ++i) {
      Evaluated& e = values_[node.outputs[i]];
      e = std::move(results[i]);
      if (observe) observe(node.outputs[i], e);
    }
    return true;
  }

  bool run_loop(const ir::Node& node, std::vector<Evaluated>* values) {
    const int32_t limit = node.attrs<ControlAttrs>().max_steps;
    std::vector<Evaluated> results;
    for (int32_t step = 0;; ++step) {
      if (!run_graph(node.graphs[0], *values, &results)) return false;
      if (results.size() != 1 || results[0].bytes.empty())
        return fail(node.location, "the condition has another number of outputs");
      if (results[0].bytes[0] == 0) return true;
      if (step >= limit) return fail(node, error(Code::step_limit, limit, step));
      if (!run_graph(node.graphs[1], *values, &results)) return false;
      values->swap(results);
    }
  }

  // Whether the value has bytes in the graph: a constant or a state. A diagnostic when not.
  bool is_stored(ir::ValueId id, const std::string& where) {
    const ir::Value& v = graph_.value(id);
    if (v.kind == TensorKind::activation || !v.shape.is_static() ||
        (v.kind == TensorKind::constant && v.data == nullptr))
      return fail(where, "tensor '" + v.name + "' is read before anything writes it");
    int64_t bytes = max_bytes_of(v.shape, v.type);
    if (bytes < 0 || bytes > kMaxValueBytes ||
        (v.data != nullptr && static_cast<int64_t>(v.data->size()) != bytes))
      return fail(where, "tensor '" + v.name + "' has data of a wrong size");
    return true;
  }

  Type held_type(Type t) const { return double_ && t == Type::float32 ? Type::float64 : t; }
  bool known(ir::ValueId id, const std::string& where) {
    if (id >= 0 && static_cast<size_t>(id) < graph_.values.size() &&
        static_cast<uint8_t>(graph_.value(id).type) < kFileTypes)
      return true;
    return fail(where, "value " + std::to_string(id) + " does not exist or has no known type");
  }
  bool fail(const std::string& where, const std::string& what) {
    diagnostics_.add(where, what);
    return false;
  }
  bool fail(const ir::Node& node, const Status& status) {
    return fail(node.location, ir::describe_status(status));
  }

  // Constants are read where they are.
  bool read_operand(ir::ValueId id, const std::string& where, size_t i, Operands* inputs,
                    Shape* shape) {
    if (!known(id, where)) return false;
    const ir::Value& v = graph_.value(id);
    const bool widens = double_ && v.type == Type::float32;
    if (v.kind == TensorKind::constant && !widens && values_.count(id) == 0) {
      if (!is_stored(id, where)) return false;
      inputs->share(i, *v.data);
      *shape = v.shape.max();
      return true;
    }
    const Evaluated* e = get(id, where);
    if (e == nullptr) return false;
    inputs->share(i, e->bytes);
    *shape = e->shape;
    return true;
  }

  // Gives the view the operands' current shapes. States are written where they are: these are
  // copies.
  bool read_operands(const ir::Node& node, CheckedNode& view, Operands* inputs) {
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (!view.view.has(i)) continue;
      Shape shape;
      if (!read_operand(node.inputs[i], node.location, i, inputs, &shape)) return false;
      if ((view.view.op->flags & kWritesState) != 0 && i < view.view.op->states) inputs->own(i);
      view.input(i).bounds = bounds_of(shape);
      view.input(i).max_bytes = max_bytes_of(view.input(i).bounds, view.input(i).type);
    }
    return true;
  }

  // In double where the operator has such a kernel for these operands; else float32 operands are
  // rounded, and results widened.
  bool compute(const ir::Node& node, CheckedNode& view, Operands& inputs,
               std::vector<ir::Bytes>* results) {
    if (double_) set_float_type(view, Type::float32, Type::float64);
    const Kernel* kernel = double_ ? double_kernel(node.op) : nullptr;
    if (kernel == nullptr || kernel->accepts == nullptr || !kernel->accepts(view.view)) {
      if (double_) set_float_type(view, Type::float64, Type::float32);
      for (size_t i = 0; double_ && i < inputs.size(); ++i)
        if (view.view.has(i) && view.input(i).type == Type::float32)
          inputs.set(i, convert_elements<float, double>(inputs.at(i)));
      kernel = reference_kernel(view.view);
    }
    bool copies = (view.view.op->flags & (kView | kReadsState)) != 0;
    if (kernel == nullptr && copies) {
      *results = {inputs.at(0)};
      if (results->front().size() != static_cast<size_t>(view.output(0).max_bytes))
        return fail(node.location, "the shapes have different element counts");
    } else if (kernel == nullptr) {
      return fail(node, error(Code::no_kernel));
    } else {
      for (size_t i = 0; i < inputs.size(); ++i)
        if (view.view.has(i)) view.input(i).data = inputs.at(i).data();
      NodeRun run(view, inputs);
      if (Status s = run.run(*kernel); !s.ok()) return fail(node, s);
      *results = std::move(run.outputs);
      // States were written in place, rounded to float32 when there is no kernel in double.
      bool writes = (view.view.op->flags & kWritesState) != 0;
      for (size_t i = 0; double_ && writes && i < view.view.op->states; ++i)
        if (view.input(i).type == Type::float32)
          inputs.set(i, convert_elements<double, float>(inputs.at(i)));
    }
    for (size_t i = 0; double_ && i < node.outputs.size(); ++i)
      if (view.output(i).type == Type::float32)
        (*results)[i] = convert_elements<double, float>((*results)[i]);
    return true;
  }

  static void set_float_type(CheckedNode& view, Type from, Type to) {
    for (size_t i = 0; i < view.view.inputs.size; ++i)
      if (view.view.has(i)) set_type(view.input(i), from, to);
    for (size_t i = 0; i < view.view.outputs.size; ++i) set_type(view.output(i), from, to);
  }
  static void set_type(TensorInfo& info, Type from, Type to) {
    if (info.type != from) return;
    info.type = to;
    info.max_bytes = max_bytes_of(info.bounds, to);
  }

  const ir::Graph& graph_;
  Diagnostics& diagnostics_;
  bool double_;
  std::unordered_map<ir::ValueId, Evaluated> values_;
};

}  // namespace

std::vector<Evaluated> evaluate(const ir::Graph& graph, const std::vector<Evaluated>& inputs,
                                Diagnostics& diagnostics, Precision precision,
                                const std::function<void(ir::ValueId, const Evaluated&)>& observe) {
  FloatEnvironment environment;
  if (inputs.size() != graph.inputs.size()) {
    diagnostics.add("graph '" + graph.name + "'",
                    "expected " + std::to_string(graph.inputs.size()) + " inputs, found " +
                        std::to_string(inputs.size()));
    return {};
  }
  Evaluator evaluator(graph, diagnostics, precision);
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!evaluator.set_input(graph.inputs[i].value, inputs[i])) return {};
  for (const ir::Node& node : graph.nodes)
    if (!evaluator.run(node, observe)) return {};
  std::vector<Evaluated> outputs;
  for (const ir::Port& port : graph.outputs) {
    const Evaluated* e = evaluator.get(port.value, "output '" + port.name + "'");
    if (e == nullptr) return {};
    outputs.push_back(*e);
  }
  return outputs;
}

std::vector<Evaluated> evaluate_node(const ir::Graph& graph, const ir::Node& node,
                                     Diagnostics& diagnostics) {
  FloatEnvironment environment;
  Evaluator evaluator(graph, diagnostics, Precision::as_is);
  if (!evaluator.run(node, {})) return {};
  std::vector<Evaluated> outputs;
  for (ir::ValueId id : node.outputs) {
    std::optional<Evaluated> e = evaluator.take(id, node.location);
    if (!e) return {};
    outputs.push_back(std::move(*e));
  }
  return outputs;
}

}  // namespace mote
