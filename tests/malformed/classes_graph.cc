// Graphs: indices, operands, order, calls; entry points; states.
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr int32_t kMin = std::numeric_limits<int32_t>::min();

std::function<void(Draft&)> input(size_t op, size_t i, int32_t tensor) {
  return [=](Draft& d) { d.op(op).inputs[i] = tensor; };
}
std::function<void(Draft&)> output(size_t op, int32_t tensor) {
  return [=](Draft& d) { d.op(op).outputs[0] = tensor; };
}

// `count` graphs beside the first, empty; none is an entry point.
void add_graphs(Draft& d, size_t count) {
  for (size_t i = 0; i < count; ++i) d.add_graph();
}
// An operator in `graph` that calls others: relu of its own input.
void add_call(Draft& d, size_t graph, std::vector<uint32_t> callees) {
  int32_t x = d.add_tensor(f32({1})), y = d.add_tensor(f32({1}));
  d.graph(graph).inputs.push_back(x);
  d.add_operator(op_code::activation, attributes(forge::ActivationT()), {x}, {y}, graph);
  d.graph(graph).operators.back()->graphs = std::move(callees);
}

Classes operand_index_classes() {
  return {
      {"tensor_index_out_of_range",
       "CVE-2020-15211; tflite-micro issue 3600",
       spine,
       {edited("the number of tensors", Code::tensor_index, "operator 1", input(1, 0, 7)),
        edited("2^31 - 1", Code::tensor_index, "operator 2", input(2, 1, kMax))}},
      {"output_index_out_of_range",
       "CVE-2020-15211, CVE-2025-54951",
       spine,
       {edited("the number of tensors", Code::tensor_index, "operator 1", output(1, 7)),
        edited("2^31 - 1", Code::tensor_index, "operator 2", output(2, kMax))}},
      {"optional_index_minus_two",
       "CVE-2020-15211",
       spine,
       {edited("-2", Code::tensor_index, "operator 1", input(1, 1, -2)),
        edited("-2^31", Code::tensor_index, "operator 1", input(1, 1, kMin))}},
      {"graph_port_index_out_of_range",
       "executorch pull request 7581",
       spine,
       {edited("an input", Code::tensor_index, "graph 0",
               [](Draft& d) { d.graph().inputs[0] = 7; }),
        edited("an output -1", Code::tensor_index, "graph 0",
               [](Draft& d) { d.graph().outputs[0] = -1; })}},
      {"required_input_minus_one",
       "CVE-2020-15211, CVE-2021-37681",
       spine,
       {edited("the first", Code::input_missing, "operator 1", input(1, 0, -1)),
        edited("the second", Code::input_missing, "operator 2", input(2, 1, -1)),
        edited("the state", Code::input_missing, "operator 0", input(0, 0, -1))}},
      {"output_minus_one",
       "CVE-2020-15211; tensorflow issue 62167",
       spine,
       {edited("-1", Code::output_missing, "operator 1", output(1, -1))}},
      {"operand_count_wrong",
       "CVE-2021-37689; ncnn pull request 6922",
       spine,
       {edited("no input", Code::input_count, "operator 1",
               [](Draft& d) { d.op(1).inputs.clear(); }),
        edited("five inputs", Code::input_count, "operator 1",
               [](Draft& d) { d.op(1).inputs.assign(5, 0); })}},
      {"output_count_wrong",
       "ncnn pull request 6922",
       spine,
       {edited("none", Code::output_count, "operator 1", [](Draft& d) { d.op(1).outputs.clear(); }),
        edited("one of assign_state", Code::output_count, "operator 3",
               [](Draft& d) { d.op(3).outputs = {4}; })}},
      {"too_many_tensors",
       "ncnn pull request 6922",
       spine,
       {edited("2^20 + 1", Code::too_many_tensors, "tensors",
               [](Draft& d) {
                 while (d.model.tensors.size() <= 1u << 20)
                   d.model.tensors.push_back(std::make_unique<forge::TensorT>());
               })}},
      {"too_many_operators",
       "ncnn pull request 6922; onnxruntime pull request 28186",
       spine,
       {edited("2^20 + 1", Code::too_many_operators, "operators",
               [](Draft& d) {
                 while (d.graph().operators.size() <= 1u << 20)
                   d.graph().operators.push_back(std::make_unique<forge::OperatorT>());
               })}},
      {"too_many_graphs",
       "executorch: 100000 plans accepted",
       spine,
       {edited("1025", Code::too_many_graphs, "graphs", [](Draft& d) { add_graphs(d, 1024); })}},
      {"no_graphs",
       "executorch pull requests 18724, 19267",
       spine,
       {edited("none", Code::no_graphs, "no graph", [](Draft& d) { d.model.graphs.clear(); })}},
  };
}

Classes order_classes() {
  return {
      {"read_before_written",
       "CVE-2020-15209, CVE-2020-26266, CVE-2020-26271",
       spine,
       {edited("an activation that nothing writes", Code::used_before_written, "operator 1",
               [](Draft& d) { d.graph().inputs.clear(); }),
        edited("written by a later operator", Code::used_before_written, "operator 1",
               [](Draft& d) { std::swap(d.graph().operators[1], d.graph().operators[2]); })}},
      {"order_not_topological",
       "CVE-2021-29591",
       spine,
       {edited("operators in reverse", Code::used_before_written, "operator 0",
               [](Draft& d) {
                 auto& ops = d.graph().operators;
                 std::swap(ops[0], ops[3]);
                 std::swap(ops[1], ops[2]);
               }),
        edited("two operators feed each other", Code::used_before_written, "operator 1",
               input(1, 0, 5))}},
      {"never_written_output",
       "CVE-2020-15209; onnxruntime pull request 28186",
       spine,
       {edited("a port", Code::used_before_written, "graph 0",
               [](Draft& d) { d.graph().outputs[0] = d.add_tensor(f32({1, 4})); })}},
      {"written_twice",
       "CVE-2020-15210",
       spine,
       {edited("by two operators", Code::written_twice, "operator 2", output(2, 4)),
        edited("a graph input", Code::written_twice, "operator 1", output(1, 0)),
        edited("an input listed twice", Code::written_twice, "graph 0",
               [](Draft& d) { d.graph().inputs.push_back(0); })}},
      {"input_equals_output",
       "CVE-2020-15210",
       spine,
       {edited("an activation", Code::used_before_written, "operator 2", input(2, 0, 5))}},
      {"write_to_constant",
       "CVE-2020-15211, CVE-2020-15209",
       spine,
       {edited("an output", Code::write_to_constant, "operator 2",
               [](Draft& d) { d.op(2).outputs[0] = d.add_tensor(constant(f32({1, 4}))); })}},
      {"write_to_state",
       "CVE-2021-37681",
       spine,
       {edited("an output", Code::write_to_state, "operator 2", output(2, 2))}},
      {"foreign_graph_tensor",
       "CVE-2020-15211",
       spine,
       {edited("another graph's activation is read", Code::used_before_written, "graph 1",
               [](Draft& d) {
                 d.add_graph();
                 int32_t y = d.add_tensor(f32({1, 4}));
                 d.add_operator(op_code::add, attributes(forge::BinaryT()), {0, 4}, {y}, 1);
               }),
        edited("another graph's activation is written", Code::written_twice, "graph 1",
               [](Draft& d) {
                 d.add_graph();
                 d.add_operator(op_code::add, attributes(forge::BinaryT()), {1, 1}, {4}, 1);
                 d.tensor(1).shape = {forge::Dim(1, 1), forge::Dim(4, 4)};
               })}},
      {"call_cycle",
       "CVE-2021-29591, CVE-2022-23591",
       spine,
       {edited("a graph calls itself", Code::call_cycle, "graph 0",
               [](Draft& d) { d.op(1).graphs = {0}; }),
        edited("two graphs call each other", Code::call_cycle, "graph 1",
               [](Draft& d) {
                 add_graphs(d, 2);
                 add_call(d, 1, {2});
                 add_call(d, 2, {1});
               })}},
      {"call_chain_deep",
       "OpenVINO and ONNX Runtime recursion proofs of concept",
       spine,
       {edited("1000 graphs in a chain", Code::call_depth, "nested",
               [](Draft& d) {
                 add_graphs(d, 1000);
                 for (uint32_t g = 1; g < 1000; ++g) add_call(d, g, {g + 1});
               }),
        edited("1000 graphs, last one first", Code::call_depth, "nested",
               [](Draft& d) {
                 add_graphs(d, 1000);
                 for (uint32_t g = 1000; g > 1; --g) add_call(d, g, {g - 1});
               })}},
      {"call_fanout_exponential",
       "ONNX nested-if proof of concept; CVE-2022-23575",
       spine,
       {edited("40 levels of two calls", Code::call_depth, "nested",
               [](Draft& d) {
                 add_graphs(d, 40);
                 for (uint32_t g = 1; g < 40; ++g) add_call(d, g, {g + 1, g + 1});
               })}},
      {"graph_index_out_of_range",
       "flatbuffers issue 8950; executorch pull request 7581",
       spine,
       {edited("the number of graphs", Code::graph_index, "operator 1",
               [](Draft& d) { d.op(1).graphs = {1}; }),
        edited("2^32 - 1", Code::graph_index, "operator 1",
               [](Draft& d) { d.op(1).graphs = {0xFFFFFFFF}; })}},
      {"call_by_operator_without_calls",
       "CVE-2022-23586",
       spine,
       {edited("add names a graph", Code::graph_count, "operator 1",
               [](Draft& d) {
                 d.add_graph();
                 d.op(1).graphs = {1};
               })}},
  };
}

Classes operator_classes() {
  return {
      {"operator_code_unknown",
       "tensorflow issue 60621",
       spine,
       {edited("0", Code::operator_unknown, "operator 1", [](Draft& d) { d.op(1).code = 0; }),
        edited("65535", Code::operator_unknown, "operator 2",
               [](Draft& d) { d.op(2).code = 65535; })}},
      {"operator_version_unknown",
       "tensorflow issue 60621; onnxruntime issue 4349",
       spine,
       {edited("0", Code::operator_version, "operator 1", [](Draft& d) { d.op(1).version = 0; }),
        edited("65535", Code::operator_version, "operator 1",
               [](Draft& d) { d.op(1).version = 65535; })}},
      {"attributes_of_other_kind",
       "CVE-2022-23583; flatbuffers issue 8950",
       spine,
       {edited("pool attributes on add", Code::attributes_kind, "operator 1",
               [](Draft& d) { d.op(1).attributes = attributes(forge::Pool2dT()); }),
        edited("none", Code::attributes_kind, "operator 1",
               [](Draft& d) { d.op(1).attributes.Reset(); }),
        patched("an unknown tag", Code::attributes_kind, "operator 1",
                [](Bytes& f) {
                  Raw r(f);
                  r.put<uint8_t>(r.field(r.op(1), forge::Operator::VT_ATTRIBUTES_TYPE), 200);
                })}},
      {"work_beyond_limit",
       "CVE-2022-23575, CVE-2022-23576",
       [] {
         return one_operator(op_code::avg_pool2d, attributes(forge::Pool2dT()),
                             {f32({1, 8192, 8192, 1})}, {f32({1, 8192, 8192, 1})});
       },
       {edited("8 pools of 2^26 windows of 2^22 taps", Code::work_limit, "operator ",
               [](Draft& d) {
                 forge::Pool2dT a;
                 a.window_h = a.window_w = 2048;
                 a.pad_top = a.pad_left = 1024;
                 a.pad_bottom = a.pad_right = 1023;
                 for (int i = 0; i < 8; ++i) {
                   int32_t y = d.add_tensor(f32({1, 8192, 8192, 1}));
                   d.add_operator(op_code::avg_pool2d, attributes(a), {0}, {y});
                 }
               })}},
      {"compared_scales_bomb",
       "flatbuffers issue 4774; onnxruntime pull request 28186",
       [] {
         constexpr int32_t kChannels = 100000;
         return one_operator(op_code::read_state, no_attributes(),
                             {state(s8_per_channel({kChannels}, 0))},
                             {s8_per_channel({kChannels}, 0)});
       },
       {edited("2000 operators compare 100000 scales each", Code::visits_limit, "operator ",
               [](Draft& d) {
                 for (int i = 0; i < 2000; ++i)
                   d.add_operator(op_code::read_state, no_attributes(), {0}, {1});
               })}},
      {"compared_names_bomb",
       "flatbuffers issue 4774; onnxruntime pull request 28186",
       spine,
       {edited("1000 names of 10000 bytes that differ in the last", Code::visits_limit,
               "over and over",
               [](Draft& d) {
                 std::string name(10000, 'x');
                 for (int i = 0; i < 1000; ++i)
                   d.add_entry_point((name + std::to_string(1000 + i)).c_str());
               })}},
      {"shared_operands_bomb",
       "flatbuffers issue 4774",
       spine,
       {patched("operators share one long list of inputs", Code::visits_limit, "over and over",
                [](Bytes& f) {
                  Draft d = spine();
                  d.add_operator(op_code::concat, attributes(forge::ConcatT()),
                                 std::vector<int32_t>(20000, 0), {4});
                  for (int i = 0; i < 2000; ++i)
                    d.add_operator(op_code::concat, attributes(forge::ConcatT()), {0}, {4});
                  f = write_file(d);
                  Raw r(f);
                  // Only an operator that lies before the list in the file can reach it.
                  size_t list = r.follow(r.field(r.op(4), forge::Operator::VT_INPUTS));
                  for (size_t i = 5; i < 2005; ++i) {
                    size_t at = r.field(r.op(i), forge::Operator::VT_INPUTS);
                    if (at < list) r.put<uint32_t>(at, static_cast<uint32_t>(list - at));
                  }
                })}},
  };
}

Classes entry_point_classes() {
  return {
      {"entry_point_missing",
       "CVE-2020-15206",
       spine,
       {edited("none", Code::no_entry_points, "no entry point",
               [](Draft& d) { d.model.entry_points.clear(); })}},
      {"too_many_entry_points",
       "executorch: 100000 plans accepted",
       spine,
       {edited("1025", Code::too_many_entry_points, "entry points",
               [](Draft& d) {
                 for (int i = 0; i < 1024; ++i) d.add_entry_point(std::to_string(i).c_str());
               })}},
      {"entry_point_graph",
       "executorch pull requests 7581, 18724",
       spine,
       {edited("the number of graphs", Code::graph_index, "graph index 1",
               [](Draft& d) { d.entry_point().graph = 1; }),
        edited("2^32 - 1", Code::graph_index, "graph index",
               [](Draft& d) { d.entry_point().graph = 0xFFFFFFFF; })}},
      {"entry_point_names",
       "CVE-2022-23565; llama.cpp pull requests 24263, 19856",
       spine,
       {edited("empty", Code::entry_point_name, "entry point 0",
               [](Draft& d) { d.entry_point().name.clear(); }),
        edited("twice the same", Code::entry_point_name, "entry point 1",
               [](Draft& d) { d.add_entry_point("infer"); })}},
      {"port_names",
       "CVE-2020-15206; onnxruntime pull request 28186",
       spine,
       {edited("empty", Code::port_name, "port 0",
               [](Draft& d) { d.entry_point().inputs[0]->name.clear(); }),
        edited("twice the same", Code::port_name, "port 1",
               [](Draft& d) {
                 d.graph().inputs.push_back(d.add_tensor(f32({1})));
                 d.model.entry_points.clear();
                 d.add_entry_point("infer");
                 d.entry_point().inputs[1]->name = "x0";
               })}},
      {"port_differs_from_graph",
       "CVE-2022-23586, CVE-2022-23590",
       spine,
       {edited("another tensor", Code::port_mismatch, "port 0",
               [](Draft& d) { d.entry_point().inputs[0]->tensor = 4; }),
        edited("-1", Code::port_mismatch, "port 0",
               [](Draft& d) { d.entry_point().outputs[0]->tensor = -1; }),
        edited("one too few", Code::port_mismatch, "port 0",
               [](Draft& d) { d.entry_point().outputs.clear(); })}},
      {"port_kind",
       "CVE-2020-15209",
       spine,
       {edited("a constant as input", Code::port_kind, "graph 0",
               [](Draft& d) { d.graph().inputs[0] = 1; }),
        edited("a state as output", Code::port_kind, "graph 0",
               [](Draft& d) { d.graph().outputs[0] = 2; })}},
      {"port_twice",
       "CVE-2020-15210",
       spine,
       {edited("an output twice", Code::port_duplicate, "graph 0",
               [](Draft& d) { d.graph().outputs.push_back(5); }),
        edited("an input as output", Code::port_duplicate, "graph 0",
               [](Draft& d) { d.graph().outputs[0] = 0; })}},
      {"feature_unknown",
       "tensorflow issue 60621",
       spine,
       {edited("bit 63", Code::feature_unknown, "features",
               [](Draft& d) { d.entry_point().features = uint64_t{1} << 63; })}},
  };
}

}  // namespace

Classes graph_classes() {
  Classes all = operand_index_classes();
  for (auto* group : {order_classes, operator_classes, entry_point_classes})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

Classes state_classes() {
  return {
      {"state_written_before_last_read",
       "CVE-2022-23573",
       spine,
       {edited("assign_state first", Code::state_read_after_write, "operator 1",
               [](Draft& d) {
                 d.op(3).inputs[1] = 0;
                 std::swap(d.graph().operators[0], d.graph().operators[3]);
                 std::swap(d.graph().operators[1], d.graph().operators[3]);
                 std::swap(d.graph().operators[2], d.graph().operators[3]);
               })}},
      {"state_written_twice",
       "CVE-2020-15210",
       spine,
       {edited(
           "two assign_state", Code::state_written_twice, "operator 4",
           [](Draft& d) { d.add_operator(op_code::assign_state, no_attributes(), {2, 4}, {}); })}},
      {"read_state_target_not_state",
       "CVE-2021-37681",
       spine,
       {edited("a constant is read", Code::operand_not_state, "operator 0", input(0, 0, 1)),
        edited("an activation is assigned", Code::operand_not_state, "operator 3",
               input(3, 0, 4))}},
      {"state_used_directly",
       "CVE-2021-37681",
       spine,
       {edited("add of a state", Code::state_used_directly, "operator 1", input(1, 1, 2)),
        edited("assign_state of a state", Code::state_used_directly, "operator 3",
               input(3, 1, 2))}},
      {"assign_state_shape",
       "CVE-2026-43629, CVE-2022-23573",
       spine,
       {edited("another size", Code::operand_shape, "operator 3",
               [](Draft& d) { d.op(3).inputs[1] = d.add_tensor(constant(f32({1, 5}))); }),
        edited("a dynamic size", Code::operand_shape, "operator 3",
               [](Draft& d) {
                 int32_t t = d.add_tensor(f32({1, 4}));
                 d.tensor(static_cast<size_t>(t)).shape[1] = forge::Dim(1, 4);
                 d.op(3).inputs[1] = t;
               })}},
      {"assign_state_rank",
       "tensorflow issue 28739",
       spine,
       {edited("rank 1", Code::operand_rank, "operator 3", input(3, 1, 1))}},
      {"assign_state_type",
       "CVE-2022-23573, CVE-2022-23583",
       spine,
       {edited("int32 into float32", Code::operand_types_differ, "operator 3",
               [](Draft& d) {
                 d.op(3).inputs[1] = d.add_tensor(constant(plain(forge::Type::int32, {1, 4})));
               })}},
      {"assign_state_quantization",
       "CVE-2022-23573",
       [] {
         Draft d = one_operator(op_code::read_state, no_attributes(), {state(s8({4}))}, {s8({4})});
         int32_t x = d.add_tensor(s8({4}));
         d.graph().inputs = {x};
         d.model.entry_points.clear();
         d.add_entry_point("infer");
         d.add_operator(op_code::assign_state, no_attributes(), {0, x}, {});
         return d;
       },
       {edited("another scale", Code::quantization_mismatch, "operator 1",
               [](Draft& d) { d.quantization(2).scales[0] = 0.25F; }),
        edited("another zero point", Code::quantization_mismatch, "operator 1",
               [](Draft& d) { d.quantization(2).zero_points[0] = 1; }),
        edited("none", Code::quantization_mismatch, "operator 1",
               [](Draft& d) { d.tensor(2).quantization.reset(); })}},
      {"state_initial_value_bad",
       "CVE-2021-37681; executorch pull request 19268",
       spine,
       {edited("shorter than the state", Code::tensor_data_range, "tensor 2",
               [](Draft& d) { d.segments[1].resize(12); })}},
      {"fallible_after_state_write",
       "own rule: a failed run changes no state",
       [] {
         Draft d = spine();
         int32_t i = d.add_tensor(plain(forge::Type::int32, {2}));
         int32_t g = d.add_tensor(f32({2}));
         d.graph().inputs.push_back(i);
         d.add_operator(op_code::gather, attributes(forge::GatherT()), {1, i}, {g});
         std::swap(d.graph().operators[3], d.graph().operators[4]);
         d.model.entry_points.clear();
         d.add_entry_point("infer");
         return d;
       },
       {edited("gather after assign_state", Code::fallible_after_write, "operator 4",
               [](Draft& d) { std::swap(d.graph().operators[3], d.graph().operators[4]); })}},
  };
}

}  // namespace mote::test
