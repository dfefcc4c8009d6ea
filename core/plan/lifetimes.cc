// Lifetimes: from the step that writes a value to the last that reads it. Views and in-place
// operators share the memory of their input where no one can tell.
#include "plan/plan_impl.h"

namespace mote {
namespace {

constexpr int32_t kBeforeFirst = -1;
constexpr int32_t kUnused = -2;

// State of the analysis of one graph. A class is a set of tensors that share memory; its entries
// stand at the index of its root.
struct Classes {
  Array<int32_t> last_use;     // per tensor: last step that reads it
  Array<int32_t> class_first;  // per root
  Array<int32_t> class_last;
  Array<int64_t> class_bytes;
  Array<uint8_t> has_port;     // an input or output of the graph: at most one per class
  Array<uint8_t> has_input;    // its memory may be the caller's and is never written
  Array<int32_t> state_write;  // per state: the step that writes it, or the end

  Status init(const Allocator& a, size_t tensors) {
    MOTE_TRY(last_use.init(a, tensors));
    MOTE_TRY(class_first.init(a, tensors));
    MOTE_TRY(class_last.init(a, tensors));
    MOTE_TRY(class_bytes.init(a, tensors));
    MOTE_TRY(has_port.init(a, tensors));
    MOTE_TRY(has_input.init(a, tensors));
    return state_write.init(a, tensors);
  }
};

class Lifetimes {
 public:
  Lifetimes(PlanImpl& plan, Classes& classes, uint32_t graph)
      : p_(plan), m_(*plan.m), c_(classes), graph_(plan.m->graphs[graph]), index_(graph) {
    end_ = static_cast<int32_t>(graph_.op_count);
  }

  void run() {
    find_last_uses();
    for (int32_t t : graph_.inputs) {
      begin_class(t, kBeforeFirst);
      c_.has_port[index(t)] = c_.has_input[index(t)] = 1;
    }
    for (int32_t i = 0; i < end_; ++i) place_outputs(i);
  }

  size_t count_buffers() const {
    size_t n = 0;
    for_each_buffer([&](const PlannedBuffer&) { ++n; });
    return n;
  }

  template <class F>
  void for_each_buffer(F f) const {
    for (int32_t t : graph_.inputs) buffer_of(t, f);
    Span<const Step> steps = static_cast<const PlanImpl&>(p_).steps_of(index_);
    for (int32_t i = 0; i < end_; ++i) {
      for (int32_t t : steps[static_cast<size_t>(i)].op->outputs) buffer_of(t, f);
      uint64_t scratch = steps[static_cast<size_t>(i)].scratch_bytes;
      if (scratch != 0) f(PlannedBuffer{0, scratch, i, i, -1, 0});
    }
  }

 private:
  static size_t index(int32_t t) { return static_cast<size_t>(t); }
  const TensorInfo& info(int32_t t) const { return m_.tensors[index(t)]; }
  int32_t root(int32_t t) const { return p_.placements[index(t)].root; }
  int32_t last_use(int32_t t) const { return c_.last_use[index(t)]; }
  bool is_output(int32_t t) const { return last_use(t) == end_; }

  template <class F>
  void buffer_of(int32_t t, F f) const {
    if (root(t) != t) return;
    f(PlannedBuffer{0, static_cast<uint64_t>(c_.class_bytes[index(t)]), c_.class_first[index(t)],
                    c_.class_last[index(t)], t, 0});
  }

  void find_last_uses() {
    Span<Step> steps = p_.steps_of(index_);
    for (int32_t t : graph_.inputs) c_.last_use[index(t)] = kBeforeFirst;
    for (int32_t i = 0; i < end_; ++i) {
      const OpDesc& op = *steps[static_cast<size_t>(i)].op;
      for (int32_t t : op.outputs) c_.last_use[index(t)] = kUnused;
      for (size_t k = 0; k < op.inputs.size; ++k) {
        int32_t t = op.inputs[k];
        if (t < 0 || PlanImpl::shape_only(op, k)) continue;
        c_.last_use[index(t)] = i;
        if (info(t).kind == TensorKind::state) c_.state_write[index(t)] = end_;
      }
    }
    for (const Step& s : steps) {
      if ((s.op->view.op->flags & kWritesState) == 0) continue;
      for (size_t k = 0; k < s.op->view.op->states; ++k)
        c_.state_write[index(s.op->inputs[k])] = static_cast<int32_t>(s.op->place);
    }
    if (p_.options.preserve_inputs)
      for (int32_t t : graph_.inputs) c_.last_use[index(t)] = end_;
    for (int32_t t : graph_.outputs) c_.last_use[index(t)] = end_;
  }

  void begin_class(int32_t t, int32_t step) {
    size_t i = index(t);
    p_.placements[i].root = t;
    c_.class_first[i] = step;
    c_.class_last[i] = last_use(t) < step ? step : last_use(t);
    c_.class_bytes[i] = info(t).max_bytes;
    c_.has_port[i] = c_.has_input[i] = 0;
  }

  void join(int32_t t, int32_t r) {
    p_.placements[index(t)].root = r;
    if (info(r).kind != TensorKind::activation) return;
    if (last_use(t) > c_.class_last[index(r)]) c_.class_last[index(r)] = last_use(t);
    if (is_output(t)) c_.has_port[index(r)] = 1;
  }

  // Whether output `t` of step `i` may be the memory of `x`, which keeps its contents.
  bool can_view(int32_t t, int32_t x) const {
    if (info(t).max_bytes != info(x).max_bytes) return false;
    int32_t r = root(x);
    switch (info(r).kind) {
      case TensorKind::constant:
        return !is_output(t);
      case TensorKind::state:  // until the state is overwritten
        return !is_output(t) && last_use(t) <= c_.state_write[index(r)];
      default:
        return !(is_output(t) && c_.has_port[index(r)] != 0);
    }
  }

  // Whether `other` can make `x`, of the output's largest bytes, be broadcast at a smaller size.
  static bool can_widen(const ShapeBounds& other, const ShapeBounds& x) {
    for (int i = 1; i <= other.rank; ++i) {
      if (other.dims[other.rank - i].max == 1) continue;
      if (i > x.rank || !x.dims[x.rank - i].is_static()) return true;
    }
    return false;
  }

  // Whether output `t` of step `i` may overwrite input `k`.
  bool can_overwrite(const OpDesc& op, size_t k, int32_t t, int32_t step) const {
    int32_t x = op.inputs[k];
    if (x < 0 || info(x).type != info(t).type || info(x).max_bytes != info(t).max_bytes) {
      return false;
    }
    int32_t r = root(x);
    if (info(r).kind != TensorKind::activation || c_.has_input[index(r)] != 0) return false;
    if (c_.class_last[index(r)] != step) return false;
    if (is_output(t) && c_.has_port[index(r)] != 0) return false;
    for (size_t i = 0; i < op.inputs.size; ++i) {
      int32_t other = op.inputs[i];
      if (other < 0 || other == x || PlanImpl::shape_only(op, i)) continue;
      if (root(other) == r) return false;
      // Operands of one kind are broadcast to each other; a table, say, is not.
      bool alike = i < 8 && (op.view.op->in_place >> i & 1) != 0;
      if (alike && can_widen(info(other).bounds, info(x).bounds)) return false;
    }
    return true;
  }

  void place_outputs(int32_t i) {
    Step& step = p_.steps_of(index_)[static_cast<size_t>(i)];
    const OpDesc& op = *step.op;
    for (size_t o = 0; o < op.outputs.size; ++o) {
      int32_t t = op.outputs[o];
      bool shared = o == 0 && share(step, t, i);
      if (!shared) {
        begin_class(t, i);
        if (is_output(t)) c_.has_port[index(t)] = 1;
      }
    }
  }

  bool share(Step& step, int32_t t, int32_t i) {
    const OpDesc& op = *step.op;
    const Operator& o = *op.view.op;
    if ((o.flags & kView) != 0) {
      if (!can_view(t, op.inputs[0])) return false;
      join(t, root(op.inputs[0]));
      step.kernel = nullptr;
      return true;
    }
    for (size_t k = 0; k < op.inputs.size && k < 8; ++k) {
      if ((o.in_place >> k & 1) == 0 || !can_overwrite(op, k, t, i)) continue;
      join(t, root(op.inputs[k]));
      return true;
    }
    return false;
  }

  PlanImpl& p_;
  const ModelImpl& m_;
  Classes& c_;
  const GraphDesc& graph_;
  uint32_t index_;
  int32_t end_;
};

}  // namespace

Status find_lifetimes(PlanImpl& p) {
  Classes classes;
  MOTE_TRY(classes.init(p.allocator, p.m->tensors.size()));
  for (size_t t = 0; t < p.placements.size(); ++t) p.placements[t].root = static_cast<int32_t>(t);
  size_t total = 0;
  for (uint32_t g = 0; g < p.graphs.size(); ++g) {
    if (!p.graphs[g].planned) continue;
    Lifetimes lifetimes(p, classes, g);
    lifetimes.run();
    p.graphs[g].first_buffer = static_cast<uint32_t>(total);
    p.graphs[g].buffer_count = static_cast<uint32_t>(lifetimes.count_buffers());
    total += p.graphs[g].buffer_count;
  }
  MOTE_TRY(p.buffers.init(p.allocator, total, &p.array_bytes));
  for (uint32_t g = 0; g < p.graphs.size(); ++g) {
    if (!p.graphs[g].planned) continue;
    PlannedBuffer* out = p.buffers.data() + p.graphs[g].first_buffer;
    Lifetimes(p, classes, g).for_each_buffer([&](const PlannedBuffer& b) { *out++ = b; });
  }
  return {};
}

}  // namespace mote
