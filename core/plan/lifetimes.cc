// Lifetimes: from the step that writes a value to the last that reads it. Views and in-place
// operators share the memory of their input where no one can tell. Called graphs are walked where
// they are called (README.md, control flow).
#include "ops/control.h"
#include "ops/op_codes.h"
#include "plan/plan_impl.h"

namespace mote {
namespace {

constexpr int32_t kBeforeFirst = -1;
constexpr int32_t kUnused = -2;
constexpr int32_t kNone = -1;

// State of the analysis of one graph. A class is a set of tensors that share memory; its entries
// stand at the index of its root. Steps are times (Step::time).
struct Classes {
  Array<int32_t> last_use;     // per tensor: last step that reads it
  Array<int32_t> class_first;  // per root
  Array<int32_t> class_last;
  Array<int64_t> class_bytes;
  Array<uint8_t> has_port;     // an input or output of the graph: at most one per class
  Array<uint8_t> has_input;    // its memory may be the caller's and is never written
  Array<int32_t> state_write;  // per state: the step that writes it, or the end
  // Inputs of called graphs are classes of their own whose memory is that of another; else -1.
  Array<int32_t> lender;
  // Results of branches and called graphs: the caller's tensor, in whose memory they are computed.
  Array<int32_t> target;
  // Results of a loop's body: the input that they replace in the next step.
  Array<int32_t> replaces;
  Array<uint8_t> is_loop_state;  // an input of a loop's body

  Status init(const Allocator& a, size_t tensors) {
    MOTE_TRY(last_use.init(a, tensors));
    MOTE_TRY(class_first.init(a, tensors));
    MOTE_TRY(class_last.init(a, tensors));
    MOTE_TRY(class_bytes.init(a, tensors));
    MOTE_TRY(has_port.init(a, tensors));
    MOTE_TRY(has_input.init(a, tensors));
    MOTE_TRY(state_write.init(a, tensors));
    MOTE_TRY(is_loop_state.init(a, tensors));
    for (Array<int32_t>* links : {&lender, &target, &replaces}) {
      MOTE_TRY(links->init(a, tensors));
      for (int32_t& link : *links) link = kNone;
    }
    return {};
  }
};

bool is_loop(const OpDesc& op) { return op.view.op->code == op_code::while_loop; }

class Lifetimes {
 public:
  Lifetimes(PlanImpl& plan, Classes& classes, uint32_t graph)
      : p_(plan), m_(*plan.m), c_(classes), root_graph_(graph) {
    end_ = plan.graphs[graph].end;
  }

  void run() {
    find_last_uses(root_graph_);
    find_state_writes();
    const GraphDesc& graph = m_.graphs[root_graph_];
    for (int32_t t : graph.inputs) {
      if (p_.options.preserve_inputs) c_.last_use[index(t)] = end_;
      begin_class(t, kBeforeFirst);
      c_.has_port[index(t)] = c_.has_input[index(t)] = 1;
    }
    place_graph(root_graph_);
    resolve_lenders(root_graph_);
  }

  size_t count_buffers() const {
    size_t n = 0;
    for_each_buffer([&](const PlannedBuffer&) { ++n; });
    return n;
  }

  template <class F>
  void for_each_buffer(F f) const {
    for (int32_t t : m_.graphs[root_graph_].inputs) buffer_of(t, f);
    for_each_buffer_in(root_graph_, f);
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

  template <class F>
  void for_each_buffer_in(uint32_t graph, F& f) const {
    for (const Step& step : steps_of(graph)) {
      for (int32_t t : step.op->outputs) buffer_of(t, f);
      if (step.scratch_bytes != 0) {
        f(PlannedBuffer{0, step.scratch_bytes, step.time, step.time, -1, 0});
      }
      for (uint32_t called : graphs_of(*step.op)) for_each_buffer_in(called, f);
    }
  }

  Span<const Step> steps_of(uint32_t graph) const {
    return static_cast<const PlanImpl&>(p_).steps_of(graph);
  }

  // A loop copies its operands at its beginning and keeps its states to its end; branches and
  // called graphs read theirs at any time.
  void find_last_uses(uint32_t graph) {
    for (int32_t t : m_.graphs[graph].inputs) c_.last_use[index(t)] = kBeforeFirst;
    for (const Step& step : steps_of(graph)) {
      const OpDesc& op = *step.op;
      int32_t read = is_loop(op) ? step.time : step.end_time;
      for (int32_t t : op.outputs) c_.last_use[index(t)] = is_loop(op) ? step.end_time : kUnused;
      for (size_t k = 0; k < op.inputs.size; ++k) {
        int32_t t = op.inputs[k];
        if (t < 0 || PlanImpl::shape_only(op, k)) continue;
        c_.last_use[index(t)] = read;
        if (info(t).kind == TensorKind::state) c_.state_write[index(t)] = end_;
      }
      for (uint32_t called : graphs_of(op)) find_last_uses(called);
    }
    for (int32_t t : m_.graphs[graph].outputs) c_.last_use[index(t)] = p_.graphs[graph].end;
  }

  void find_state_writes() {
    for (const Step& s : steps_of(root_graph_)) {
      if ((s.op->view.op->flags & kWritesState) == 0) continue;
      for (size_t k = 0; k < s.op->view.op->states; ++k)
        c_.state_write[index(s.op->inputs[k])] = s.time;
    }
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

  // Whether output `t` may join class `r`: a state of a loop is followed by its own successor only.
  bool may_follow(int32_t t, int32_t r) const {
    int32_t replaced = c_.replaces[index(t)];
    return replaced == kNone || replaced == r || c_.is_loop_state[index(r)] == 0;
  }

  void place_graph(uint32_t graph) {
    for (Step& step : p_.steps_of(graph)) {
      const OpDesc& op = *step.op;
      bool late = !graphs_of(op).empty() && !is_loop(op);  // the called graphs write the outputs
      for (size_t o = 0; o < op.outputs.size; ++o)
        place_output(step, o, late ? step.end_time : step.time);
      place_called(step);
    }
  }

  void place_output(Step& step, size_t o, int32_t time) {
    int32_t t = step.op->outputs[o], replaced = c_.replaces[index(t)];
    if (int32_t target = c_.target[index(t)]; target != kNone) {
      int32_t r = root(target);
      join(t, r);
      if (time < c_.class_first[index(r)]) c_.class_first[index(r)] = time;
    } else if (!share(step, o, t)) {
      // The last step's state is not needed any more: its memory takes the next.
      if (replaced != kNone && c_.class_last[index(replaced)] < step.time) return join(t, replaced);
      begin_class(t, time);
      if (is_output(t)) c_.has_port[index(t)] = 1;
    }
  }

  void place_called(const Step& step) {
    const OpDesc& op = *step.op;
    Span<const uint32_t> called = graphs_of(op);
    for (size_t g = 0; g < called.size; ++g) {
      const GraphDesc& graph = m_.graphs[called[g]];
      bool body = is_loop(op) && g == 1;
      const int32_t* passed =
          is_loop(op) ? op.outputs.data : op.inputs.data + first_passed_input(op.view);
      for (size_t i = 0; i < graph.inputs.size; ++i) lend(graph.inputs[i], passed[i], step, body);
      for (size_t i = 0; i < graph.outputs.size; ++i) {
        if (!is_loop(op)) c_.target[index(graph.outputs[i])] = op.outputs[i];
        if (body) c_.replaces[index(graph.outputs[i])] = graph.inputs[i];
      }
      place_graph(called[g]);
    }
  }

  // Input `t` of a called graph is the memory of `x`; only a loop's body may write it.
  void lend(int32_t t, int32_t x, const Step& step, bool body) {
    begin_class(t, step.time);
    c_.lender[index(t)] = root(x);
    c_.is_loop_state[index(t)] = body ? 1 : 0;
    c_.has_port[index(t)] = c_.has_input[index(t)] = body ? 0 : 1;
  }

  void resolve_lenders(uint32_t graph) {
    auto resolve = [this](int32_t t) {
      int32_t& r = p_.placements[index(t)].root;
      while (c_.lender[index(r)] != kNone) r = c_.lender[index(r)];
    };
    for (const Step& step : steps_of(graph)) {
      for (int32_t t : step.op->outputs) resolve(t);
      for (uint32_t called : graphs_of(*step.op)) {
        for (int32_t t : m_.graphs[called].inputs) resolve(t);
        resolve_lenders(called);
      }
    }
  }

  bool share(Step& step, size_t o, int32_t t) {
    const OpDesc& op = *step.op;
    const Operator& row = *op.view.op;
    if (is_loop(op)) return share_with(op, o, t, step.time);
    if (o != 0) return false;
    if ((row.flags & kView) != 0) {
      int32_t x = op.inputs[0];
      if (!can_view(t, x) || !may_follow(t, root(x))) return false;
      join(t, root(x));
      step.kernel = nullptr;
      return true;
    }
    for (size_t k = 0; k < op.inputs.size && k < 8; ++k)
      if ((row.in_place >> k & 1) != 0 && share_with(op, k, t, step.time)) return true;
    return false;
  }

  bool share_with(const OpDesc& op, size_t k, int32_t t, int32_t time) {
    if (!can_overwrite(op, k, t, time) || !may_follow(t, root(op.inputs[k]))) return false;
    join(t, root(op.inputs[k]));
    return true;
  }

  PlanImpl& p_;
  const ModelImpl& m_;
  Classes& c_;
  uint32_t root_graph_;
  int32_t end_;
};

}  // namespace

Status find_lifetimes(PlanImpl& p) {
  Classes classes;
  MOTE_TRY(classes.init(p.allocator, p.m->tensors.size()));
  for (size_t t = 0; t < p.placements.size(); ++t) p.placements[t].root = static_cast<int32_t>(t);
  size_t total = 0;
  for (uint32_t g = 0; g < p.graphs.size(); ++g) {
    if (!p.has_buffers(g)) continue;
    Lifetimes lifetimes(p, classes, g);
    lifetimes.run();
    p.graphs[g].first_buffer = static_cast<uint32_t>(total);
    p.graphs[g].buffer_count = static_cast<uint32_t>(lifetimes.count_buffers());
    total += p.graphs[g].buffer_count;
  }
  MOTE_TRY(p.buffers.init(p.allocator, total, &p.array_bytes));
  for (uint32_t g = 0; g < p.graphs.size(); ++g) {
    if (!p.has_buffers(g)) continue;
    PlannedBuffer* out = p.buffers.data() + p.graphs[g].first_buffer;
    Lifetimes(p, classes, g).for_each_buffer([&](const PlannedBuffer& b) { *out++ = b; });
  }
  return {};
}

}  // namespace mote
