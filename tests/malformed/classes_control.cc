// Control flow: the graphs that operators call.
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

forge::AttributesUnion steps(int32_t n) {
  forge::ControlT t;
  t.max_steps = n;
  return attributes(std::move(t));
}
forge::ControlT& control(Draft& d) { return *d.op().attributes.AsControl(); }

// Every size stays, whatever it is.
forge::AttributesUnion same_shape() {
  forge::ReshapeT t;
  t.shape = {0, 0};
  return attributes(std::move(t));
}

// Graph `g` gives its input in another tensor.
void add_copy(Draft& d, size_t g) {
  int32_t x = d.add_tensor(f32({1, 4})), y = d.add_tensor(f32({1, 4}));
  d.add_operator(op_code::reshape, same_shape(), {x}, {y}, g);
  d.graph(g).inputs = {x};
  d.graph(g).outputs = {y};
}

// Tensors: 0 condition, 1 input, 2 output, 3 to 6: of the branches. Graphs: 1 then, 2 else.
Draft branches() {
  Draft d;
  for (int i = 0; i < 3; ++i) d.add_graph();
  int32_t condition = d.add_tensor(plain(forge::Type::boolean, {1}));
  int32_t x = d.add_tensor(f32({1, 4})), y = d.add_tensor(f32({1, 4}));
  add_copy(d, 1);
  add_copy(d, 2);
  d.add_operator(op_code::if_else, steps(0), {condition, x}, {y});
  d.op().graphs = {1, 2};
  d.set_ports({condition, x}, {y});
  d.add_entry_point("infer");
  return d;
}

// Tensors: 0 input, 1 output, 2 the condition's input, 3 its constant, 4 its result, 5 and 6 of the
// body. Graphs: 1 condition, 2 body.
Draft loop() {
  Draft d;
  for (int i = 0; i < 3; ++i) d.add_graph();
  int32_t x = d.add_tensor(f32({1, 4})), y = d.add_tensor(f32({1, 4}));
  int32_t state = d.add_tensor(f32({1, 4}));
  int32_t no = d.add_tensor(constant(plain(forge::Type::boolean, {1, 1})));
  int32_t result = d.add_tensor(plain(forge::Type::boolean, {1, 1}));
  d.add_operator(op_code::reshape, same_shape(), {no}, {result}, 1);
  d.graph(1).inputs = {state};
  d.graph(1).outputs = {result};
  add_copy(d, 2);
  d.add_operator(op_code::while_loop, steps(10), {x}, {y});
  d.op().graphs = {1, 2};
  d.set_ports({x}, {y});
  d.add_entry_point("infer");
  return d;
}

// Loops in loops: their steps multiply.
void nest(Draft& d, int depth) {
  for (size_t inner = 2; depth > 0; --depth) {
    uint32_t condition = d.add_graph(), body = d.add_graph();
    int32_t state = d.add_tensor(f32({1, 4})),
            result = d.add_tensor(plain(forge::Type::boolean, {1, 1}));
    d.add_operator(op_code::reshape, same_shape(), {3}, {result}, condition);
    d.graph(condition).inputs = {state};
    d.graph(condition).outputs = {result};
    add_copy(d, body);
    forge::OperatorT& copy = d.op(0, inner);
    copy.code = op_code::while_loop;
    copy.attributes = steps(1 << 24);
    copy.graphs = {condition, body};
    inner = body;
  }
}

// Tensors: 0 input, 1 output, 2 and 3 of the graph that is called.
Draft called() {
  Draft d;
  for (int i = 0; i < 2; ++i) d.add_graph();
  int32_t x = d.add_tensor(f32({1, 4})), y = d.add_tensor(f32({1, 4}));
  add_copy(d, 1);
  d.add_operator(op_code::call, steps(0), {x}, {y});
  d.op().graphs = {1};
  d.set_ports({x}, {y});
  d.add_entry_point("infer");
  return d;
}

Classes plain_call_classes() {
  return {
      {"call_ports",
       "CVE-2022-23586",
       called,
       {edited("a second input", Code::call_ports, "call",
               [](Draft& d) { d.op().inputs.push_back(0); }),
        edited("a second output", Code::call_ports, "call",
               [](Draft& d) { d.op().outputs.push_back(d.add_tensor(f32({1, 4}))); }),
        edited("another type", Code::call_port_type, "call",
               [](Draft& d) { d.tensor(1).type = forge::Type::int32; }),
        edited("another size", Code::call_port_shape, "call",
               [](Draft& d) { d.tensor(1).shape[1] = forge::Dim(5, 5); })}},
      {"call_graphs",
       "CVE-2022-23586",
       called,
       {edited("none", Code::graph_count, "call", [](Draft& d) { d.op().graphs.clear(); }),
        edited("two", Code::graph_count, "call",
               [](Draft& d) { d.op().graphs.push_back(d.add_graph()); }),
        edited("one that is not there", Code::graph_index, "call",
               [](Draft& d) { d.op().graphs = {2}; }),
        edited("called again", Code::graph_called_twice, "call",
               [](Draft& d) {
                 int32_t again = d.add_tensor(f32({1, 4}));
                 d.add_operator(op_code::call, steps(0), {0}, {again});
                 d.op(1).graphs = {1};
               }),
        attribute("steps", Code::attribute_range, "max_steps",
                  [](Draft& d) { control(d).max_steps = 1; })}},
      {"call_of_itself",
       "CVE-2021-29591, CVE-2022-23591",
       called,
       {edited("directly", Code::call_cycle, "graph 0", [](Draft& d) { d.op().graphs = {0}; }),
        edited("by another graph", Code::call_cycle, "graph 0",
               [](Draft& d) {
                 d.op(0, 1).code = op_code::call;
                 d.op(0, 1).attributes = steps(0);
                 d.op(0, 1).graphs = {0};
               })}},
  };
}

Classes call_classes() {
  return {
      {"branch_condition_wrong",
       "own rule: a condition is one boolean",
       branches,
       {edited("a float", Code::operand_type, "if_else",
               [](Draft& d) { d.tensor(0).type = forge::Type::float32; }),
        edited("two elements", Code::operand_shape, "if_else",
               [](Draft& d) { d.tensor(0).shape = {forge::Dim(2, 2)}; })}},
      {"branch_ports_differ",
       "tensorflow: subgraph outputs of IF copied without a comparison",
       branches,
       {edited("a branch without inputs", Code::call_ports, "if_else",
               [](Draft& d) {
                 d.graph(1).inputs.clear();
                 d.op(0, 1).inputs = {7};
                 d.add_tensor(constant(f32({1, 4})));
               }),
        edited("a branch without outputs", Code::call_ports, "if_else",
               [](Draft& d) { d.graph(2).outputs.clear(); }),
        edited("another type", Code::call_port_type, "if_else",
               [](Draft& d) {
                 for (size_t t : {5, 6}) d.tensor(t).type = forge::Type::int32;
               }),
        edited("another quantization", Code::call_port_type, "if_else",
               [](Draft& d) {
                 for (size_t t = 1; t < 7; ++t) d.tensor(t).type = forge::Type::int8;
                 for (size_t t : {3, 4}) {
                   d.tensor(t).quantization = std::make_unique<forge::QuantizationT>();
                   d.tensor(t).quantization->scales = {0.5F};
                 }
               }),
        edited("another size", Code::call_port_shape, "if_else",
               [](Draft& d) {
                 for (size_t t : {5, 6}) d.tensor(t).shape = {forge::Dim(1, 1), forge::Dim(5, 5)};
               }),
        edited("other bounds", Code::call_port_shape, "if_else",
               [](Draft& d) { d.tensor(6).shape = {forge::Dim(1, 1), forge::Dim(1, 4)}; })}},
      {"branch_graphs_missing",
       "CVE-2022-23586",
       branches,
       {edited("none", Code::graph_count, "if_else", [](Draft& d) { d.op().graphs.clear(); }),
        edited("one", Code::graph_count, "if_else", [](Draft& d) { d.op().graphs = {1}; }),
        edited("three", Code::graph_count, "if_else",
               [](Draft& d) {
                 d.add_graph();
                 d.op().graphs = {1, 2, 3};
               })}},
      {"graph_shared_by_calls",
       "two frames in one memory",
       branches,
       {edited("both branches", Code::graph_called_twice, "if_else",
               [](Draft& d) { d.op().graphs = {1, 1}; }),
        edited("an entry point", Code::graph_called_twice, "graph",
               [](Draft& d) {
                 d.set_ports({3}, {4}, 1);
                 d.add_entry_point("branch", 1);
               })}},
      {"branch_result_missing",
       "CVE-2020-26271: a result that nobody wrote",
       branches,
       {edited("if_else without outputs", Code::output_count, "if_else",
               [](Draft& d) { d.op().outputs.clear(); }),
        edited("an input as a result", Code::port_duplicate, "graph 1",
               [](Draft& d) { d.graph(1).outputs = {3}; }),
        edited("an operand that is absent", Code::input_missing, "if_else",
               [](Draft& d) { d.op().inputs[1] = -1; })}},
      {"state_in_branch",
       "written in one branch, read in the other",
       branches,
       {edited("read", Code::state_in_called_graph, "read_state",
               [](Draft& d) {
                 int32_t s = d.add_tensor(state(f32({1, 4}))), r = d.add_tensor(f32({1, 4}));
                 d.add_operator(op_code::read_state, no_attributes(), {s}, {r}, 1);
               }),
        edited("written", Code::state_in_called_graph, "assign_state",
               [](Draft& d) {
                 int32_t s = d.add_tensor(state(f32({1, 4})));
                 d.add_operator(op_code::assign_state, no_attributes(), {s, 4}, {}, 1);
               })}},
      {"branch_after_state_write",
       "a failed run that changed a state",
       branches,
       {edited("after assign_state", Code::fallible_after_write, "if_else",
               [](Draft& d) {
                 int32_t s = d.add_tensor(state(f32({1, 4})));
                 d.add_operator(op_code::assign_state, no_attributes(), {s, 1}, {});
                 std::swap(d.graph().operators[0], d.graph().operators[1]);
               })}},
  };
}

Classes loop_classes() {
  return {
      {"loop_step_limit",
       "endless WHILE of TensorFlow Lite",
       loop,
       {attribute("0", Code::attribute_range, "max_steps",
                  [](Draft& d) { control(d).max_steps = 0; }),
        attribute("-1", Code::attribute_range, "max_steps",
                  [](Draft& d) { control(d).max_steps = -1; }),
        attribute("above the limit", Code::attribute_range, "max_steps",
                  [](Draft& d) { control(d).max_steps = kMax; })}},
      {"branch_step_limit",
       "a number that means nothing",
       branches,
       {attribute("1", Code::attribute_range, "max_steps",
                  [](Draft& d) { control(d).max_steps = 1; })}},
      {"loop_condition_wrong",
       "own rule: a condition is one boolean",
       loop,
       {edited("of uint8", Code::call_port_type, "while_loop",
               [](Draft& d) {
                 for (size_t t : {3, 4}) d.tensor(t).type = forge::Type::uint8;
               }),
        edited("dynamic", Code::call_port_type, "while_loop",
               [](Draft& d) { d.tensor(4).shape = {forge::Dim(1, 1), forge::Dim(1, 2)}; }),
        edited("two results", Code::call_ports, "while_loop",
               [](Draft& d) { d.graph(1).outputs = {4, 2}; })}},
      {"loop_states_differ",
       "CVE-2020-15208: a size taken from one of two tensors",
       loop,
       {edited("another number of outputs", Code::output_count, "while_loop",
               [](Draft& d) { d.op().outputs.push_back(d.add_tensor(f32({1, 4}))); }),
        edited("an output of another type", Code::operand_types_differ, "while_loop",
               [](Draft& d) { d.tensor(1).type = forge::Type::int32; }),
        edited("a body that widens its state", Code::call_port_shape, "while_loop",
               [](Draft& d) { d.tensor(6).shape = {forge::Dim(1, 1), forge::Dim(1, 4)}; })}},
      {"loop_within_itself",
       "CVE-2021-29591, CVE-2022-23591",
       loop,
       {edited("its body is the caller", Code::call_cycle, "graph 0",
               [](Draft& d) { d.op().graphs = {1, 0}; })}},
      {"loop_work_multiplies",
       "ONNX nested-loop proof of concept",
       loop,
       {edited("three loops of 2^24 steps", Code::work_limit, "while_loop",
               [](Draft& d) { nest(d, 3); })}},
  };
}

}  // namespace

Classes control_classes() {
  Classes all = call_classes();
  for (auto* group : {loop_classes, plain_call_classes})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
