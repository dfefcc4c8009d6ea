#include "import/onnx/run_control.h"

#include <algorithm>
#include <numeric>

#include "base/checked.h"
#include "ir/called_graphs.h"

namespace mote::onnx_import {
namespace {

using ir::ValueId;
using Values = std::vector<ValueId>;

// What a branch or a body came to.
struct Unfolded {
  std::vector<ir::Node> nodes;
  Values results;
};

// Imports a graph in the place at hand and takes its nodes out again.
bool unfold(NodeImport& c, const onnx::GraphProto& graph, std::vector<Slot> inputs,
            Unfolded* unfolded) {
  ir::Graph& target = c.importer().graph();
  const size_t first = target.nodes.size();
  auto slots = c.importer().unfold(graph, std::move(inputs), c.node(), c.where());
  unfolded->nodes = ir::take_nodes(target, first);
  c.build().set_scope(c.where());
  if (!slots || c.importer().source().gave_up()) return false;
  for (const Slot& slot : *slots) {
    if (slot.state == Slot::State::unknown) return false;  // the error stands there
    if (slot.state != Slot::State::value) {
      c.error("a result without elements, or of an unsupported kind");
      return false;
    }
    unfolded->results.push_back(slot.value);
  }
  return !c.failed();
}

const onnx::GraphProto* branch_of(NodeImport& c, const char* name) {
  const onnx::AttributeProto* a = find_attribute(c.node(), name);
  if (a != nullptr && a->has_g()) return &a->g();
  c.error(std::string("the graph '") + name + "' is missing", "export the model again");
  return nullptr;
}

// One element of `type`, of rank 0; kNone and an error when it is not one.
ValueId as_scalar(NodeImport& c, ValueId v, Type type) {
  const ShapeBounds& shape = c.shape(v);
  for (int i = 0; i < shape.rank; ++i)
    if (shape.dims[i].max != 1) {
      c.error("the condition or the number of turns is not one element");
      return ir::kNone;
    }
  if (c.type(v) != type) {
    c.error("the condition or the number of turns has another element type");
    return ir::kNone;
  }
  return c.build().reshape(v, {});
}

// `outputs`: of the node, for each value.
void define_all(NodeImport& c, const Values& values, const std::vector<size_t>& outputs) {
  for (size_t i = 0; i < values.size() && i < outputs.size(); ++i)
    if (!c.failed() && c.has_output(outputs[i])) c.define(outputs[i], values[i]);
}

// A loop under construction. Its states, in this order: the turn, the condition, what the model
// carries, stacked results, and what the body and the condition read of the outside.
class RunTimeLoop {
 public:
  RunTimeLoop(NodeImport& c, const onnx::GraphProto& body, LoopStart start)
      : c_(c), proto_(body), start_(std::move(start)) {}

  void run() {
    if (!read_turns() || !read_operands() || !import_body() || !stack_results()) return;
    ir::Graph& graph = c_.importer().graph();
    ir::find_captured(graph, body_.nodes, body_.results, &states_);
    if (turns_ != ir::kNone && !c_.is_constant(turns_) &&
        std::find(states_.begin(), states_.end(), turns_) == states_.end())
      states_.push_back(turns_);
    Values initial = initial_, results = body_.results;
    for (size_t i = initial_.size(); i < states_.size(); ++i) {
      initial.push_back(states_[i]);
      results.push_back(states_[i]);
    }
    ir::Graph body = ir::make_called(graph, "body", body_.nodes, states_, results);
    ir::Graph condition = make_condition();
    if (c_.failed()) return;
    Values values = c_.build().calls(op_code::while_loop, max_steps_, initial,
                                     {std::move(condition), std::move(body)});
    values.erase(values.begin(), values.begin() + 2);
    define_all(c_, values, outputs_);
  }

 private:
  bool read_turns() {
    max_steps_ = c_.importer().source().options().max_loop_steps;
    if (c_.has(0)) turns_ = as_scalar(c_, c_.input(0), Type::int64);
    if (c_.failed()) return false;
    if (turns_ == ir::kNone || !c_.is_constant(turns_)) return true;
    const int64_t turns = *c_.value(turns_).as<int64_t>();
    if (turns < 1 || turns > INT32_MAX) {  // as good as none; none at all was unfolded
      turns_ = ir::kNone;
      return true;
    }
    known_turns_ = turns;
    max_steps_ = static_cast<int32_t>(turns);
    return true;
  }

  // A value of the body's that stands for a state.
  ValueId placeholder(ValueId initial) {
    ir::Value v = c_.value(initial);
    v.kind = TensorKind::activation;
    v.data = nullptr;
    v.name = c_.build().unique_name(c_.where() + "/state");
    ValueId id = c_.importer().graph().add_value(std::move(v));
    initial_.push_back(initial);
    states_.push_back(id);
    return id;
  }

  ValueId always() {
    return c_.build().constant(c_.where() + "/always", Type::boolean, {}, std::vector<uint8_t>{1});
  }

  bool read_operands() {
    c_.build().set_scope(c_.where());
    turn_ = placeholder(c_.int_constant({0}, {}));
    ValueId goes_on = always();
    if (start_.condition.state == Slot::State::value)
      goes_on = as_scalar(c_, start_.condition.value, Type::boolean);
    if (c_.failed()) return false;
    placeholder(goes_on);
    for (const Slot& slot : start_.carried) {
      if (slot.state != Slot::State::value) {
        c_.error("a carried value without elements, or that changes its shape");
        return false;
      }
      placeholder(slot.value);
    }
    return true;
  }

  // The body runs only while the condition holds.
  bool import_body() {
    std::vector<Slot> inputs{Slot::of(turn_), Slot::of(always())};
    for (size_t i = 2; i < states_.size(); ++i) inputs.push_back(Slot::of(states_[i]));
    if (!unfold(c_, proto_, std::move(inputs), &body_)) return false;
    if (body_.results.size() < 1 + start_.carried.size()) {
      c_.error("the body has too few outputs");
      return false;
    }
    begin_more();
    ValueId next = c_.build().node(op_code::add, BinaryAttrs{}, {turn_, c_.int_constant({1}, {})},
                                   Type::int64);
    body_.results[0] = as_scalar(c_, body_.results[0], Type::boolean);
    if (c_.failed()) return false;
    unconditional_ = is_true(initial_[1]) && is_true(body_.results[0]);
    body_.results.insert(body_.results.begin(), next);
    end_more();
    return true;
  }

  bool is_true(ValueId v) const { return c_.is_constant(v) && c_.value(v).data->front() != 0; }

  // What is appended between them belongs to the body.
  void begin_more() { first_more_ = c_.importer().graph().nodes.size(); }
  void end_more() {
    for (ir::Node& n : ir::take_nodes(c_.importer().graph(), first_more_))
      body_.nodes.push_back(std::move(n));
  }

  // Each turn writes its part of the stacked results, where their number is known. Those that
  // nobody reads are left out.
  bool stack_results() {
    const size_t carried = start_.carried.size(), first = 2 + carried;
    for (size_t i = 0; i < carried; ++i) outputs_.push_back(i);
    Values wanted;
    for (size_t i = first; i < body_.results.size(); ++i) {
      if (!c_.has_output(i - 2)) continue;
      wanted.push_back(body_.results[i]);
      outputs_.push_back(i - 2);
    }
    body_.results.resize(first);
    body_.results.insert(body_.results.end(), wanted.begin(), wanted.end());
    if (wanted.empty()) return true;
    if (known_turns_ == 0 || !unconditional_) {
      c_.error("a loop of an unknown number of turns stacks results",
               "make the number of turns a constant");
      return false;
    }
    for (size_t i = first; i < body_.results.size(); ++i)
      if (!stack_result(&body_.results[i])) return false;
    return true;
  }

  bool stack_result(ValueId* result) {
    const ir::Value v = c_.value(*result);
    if (!v.shape.is_static() || v.shape.rank == kMaxRank) {
      c_.error("a stacked result of a dynamic shape, or of rank 8");
      return false;
    }
    std::vector<int32_t> dims{static_cast<int32_t>(known_turns_)};
    for (int i = 0; i < v.shape.rank; ++i) dims.push_back(v.shape.dims[i].max);
    ir::Value zeros;
    zeros.name = c_.build().unique_name(c_.where() + "/stacked");
    zeros.type = v.type;
    zeros.kind = TensorKind::constant;
    zeros.shape = ir::shape_of(dims);
    const int64_t bytes = max_bytes_of(zeros.shape, v.type);
    constexpr int64_t kMostBytes = 1 << 26;  // of zeros in the file
    if (bytes < 0 || bytes > kMostBytes) {
      c_.error("the stacked results are too large");
      return false;
    }
    zeros.data = std::make_shared<const ir::Bytes>(static_cast<size_t>(bytes));
    ValueId buffer = placeholder(c_.importer().graph().add_value(std::move(zeros)));
    begin_more();
    ValueId at = c_.build().reshape(c_.build().node(op_code::cast, {turn_}, Type::int32), {1});
    if (v.shape.rank > 0) {
      ValueId rest = c_.build().constant(c_.where() + "/zeros", Type::int32, {v.shape.rank},
                                         std::vector<int32_t>(static_cast<size_t>(v.shape.rank)));
      at = c_.build().node(op_code::concat, ConcatAttrs{0, kMoteActivationNone}, {at, rest},
                           Type::int32);
    }
    std::vector<int32_t> part = dims;
    part[0] = 1;
    *result = c_.build().node(op_code::dynamic_update_slice,
                              {buffer, c_.build().reshape(*result, part), at}, v.type);
    end_more();
    return !c_.failed();
  }

  // turn < turns and the condition, as far as they limit the loop.
  ir::Graph make_condition() {
    ir::Graph& graph = c_.importer().graph();
    const size_t first = graph.nodes.size();
    ValueId goes_on = states_[1];
    if (turns_ != ir::kNone) {
      ValueId below = c_.build().node(op_code::compare, CompareAttrs{kMoteLess}, {turn_, turns_},
                                      Type::boolean);
      goes_on = unconditional_ ? below
                               : c_.build().node(op_code::logical, LogicalAttrs{0},
                                                 {below, goes_on}, Type::boolean);
    }
    std::vector<ir::Node> nodes = ir::take_nodes(graph, first);
    return ir::make_called(graph, "condition", nodes, states_, {goes_on});
  }

  NodeImport& c_;
  const onnx::GraphProto& proto_;
  LoopStart start_;
  Unfolded body_;
  Values states_;                // placeholders, then captured values
  Values initial_;               // of the placeholders
  std::vector<size_t> outputs_;  // of the node, for the states from the third on
  ValueId turn_ = ir::kNone, turns_ = ir::kNone;
  int64_t known_turns_ = 0;  // 0: not known
  int32_t max_steps_ = 0;
  bool unconditional_ = false;
  size_t first_more_ = 0;
};

}  // namespace

void import_branches(NodeImport& c, ValueId condition) {
  Unfolded branches[2];
  const char* names[] = {"then_branch", "else_branch"};
  for (int i = 0; i < 2; ++i) {
    const onnx::GraphProto* branch = branch_of(c, names[i]);
    if (branch == nullptr || !unfold(c, *branch, {}, &branches[i])) return;
  }
  ValueId decides = as_scalar(c, condition, Type::boolean);
  if (c.failed()) return;
  if (branches[0].results.empty() || branches[0].results.size() != branches[1].results.size())
    return c.error("the branches have no results, or another number of them");
  ir::Graph& graph = c.importer().graph();
  Values captured;
  for (const Unfolded& b : branches) ir::find_captured(graph, b.nodes, b.results, &captured);
  std::vector<ir::Graph> graphs;
  for (int i = 0; i < 2; ++i)
    graphs.push_back(
        ir::make_called(graph, names[i], branches[i].nodes, captured, branches[i].results));
  Values inputs = captured;
  inputs.insert(inputs.begin(), decides);
  Values values = c.build().calls(op_code::if_else, 0, inputs, std::move(graphs));
  std::vector<size_t> outputs(values.size());
  std::iota(outputs.begin(), outputs.end(), size_t{0});
  define_all(c, values, outputs);
}

void import_run_time_loop(NodeImport& c, const onnx::GraphProto& body, LoopStart start) {
  if (!c.failed()) RunTimeLoop(c, body, std::move(start)).run();
}

}  // namespace mote::onnx_import
