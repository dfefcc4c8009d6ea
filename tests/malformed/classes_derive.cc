// Derive graphs: which states they read and write, and who else may.
#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

const std::vector<int32_t> kShape = {1, 4};

// The spine with a derive graph: state 2 is doubled into state 7.
Draft derived_spine() {
  Draft d = spine();
  int32_t target = d.add_tensor(state(f32(kShape)));
  uint32_t graph = d.add_graph();
  int32_t value = d.add_tensor(f32(kShape)), sum = d.add_tensor(f32(kShape));
  d.add_operator(op_code::read_state, no_attributes(), {2}, {value}, graph);
  d.add_operator(op_code::add, attributes(forge::BinaryT()), {value, value}, {sum}, graph);
  d.add_operator(op_code::assign_state, no_attributes(), {target, sum}, {}, graph);
  auto derive = std::make_unique<forge::DeriveT>();
  derive->graph = graph;
  derive->sources = {2};
  derive->targets = {target};
  d.model.derives.push_back(std::move(derive));
  return d;
}

constexpr int32_t kSource = 2, kTarget = 7;

forge::DeriveT& derive(Draft& d) { return *d.model.derives[0]; }

void repeat_derive(Draft& d) {
  d.model.derives.push_back(std::make_unique<forge::DeriveT>(derive(d)));
}

}  // namespace

Classes derive_classes() {
  return {
      {"derive_graph_index",
       "CVE-2020-15211",
       derived_spine,
       {edited("the number of graphs", Code::graph_index, "",
               [](Draft& d) { derive(d).graph = 2; })}},
      {"derive_graph_with_ports",
       "own rule: a derive graph runs unasked",
       derived_spine,
       {edited("an entry point's graph", Code::derive_ports, "",
               [](Draft& d) { derive(d).graph = 0; }),
        edited("an output", Code::derive_ports, "",
               [](Draft& d) { d.graph(1).outputs.push_back(9); }),
        edited("named twice", Code::derive_ports, "", repeat_derive)}},
      {"derive_state_lists",
       "own rule: what is due must be known",
       derived_spine,
       {edited("a source left out", Code::derive_states, "",
               [](Draft& d) { derive(d).sources.clear(); }),
        edited("a target left out", Code::derive_states, "",
               [](Draft& d) { derive(d).targets.clear(); }),
        edited("source and target", Code::derive_states, "",
               [](Draft& d) { derive(d).targets.push_back(kSource); }),
        edited("a source twice", Code::derive_states, "",
               [](Draft& d) { derive(d).sources.push_back(kSource); }),
        edited("a target that is never written", Code::derive_states, "",
               [](Draft& d) { derive(d).targets.push_back(d.add_tensor(state(f32({1})))); }),
        edited("a constant", Code::operand_not_state, "",
               [](Draft& d) { derive(d).sources.push_back(1); }),
        edited("beyond the tensors", Code::tensor_index, "",
               [](Draft& d) { derive(d).sources.push_back(1000); }),
        edited("minus one", Code::tensor_index, "",
               [](Draft& d) { derive(d).targets.push_back(-1); })}},
      {"derive_target_written_elsewhere",
       "own rule: one writer",
       derived_spine,
       {edited("by an entry point", Code::derive_target, "operator 4",
               [](Draft& d) {
                 d.add_operator(op_code::assign_state, no_attributes(), {kTarget, 4}, {});
               }),
        edited("by another derive graph", Code::derive_target, "",
               [](Draft& d) {
                 uint32_t graph = d.add_graph();
                 int32_t value = d.add_tensor(f32(kShape));
                 d.add_operator(op_code::read_state, no_attributes(), {kSource}, {value}, graph);
                 d.add_operator(op_code::assign_state, no_attributes(), {kTarget, value}, {},
                                graph);
                 repeat_derive(d);
                 d.model.derives[1]->graph = graph;
               })}},
      {"derive_that_reads_its_target",
       "own rule: targets are a function of the sources",
       derived_spine,
       {edited("an optimizer", Code::derive_states, "operator 3",
               [](Draft& d) {
                 int32_t velocity = d.add_tensor(state(f32(kShape)));
                 int32_t rate = d.add_tensor(constant(f32({1})));
                 int32_t hyper = d.add_tensor(constant(f32({2})));
                 int32_t other = d.add_tensor(state(f32(kShape)));
                 d.add_operator(op_code::sgd, attributes(forge::OptimizerT()),
                                {other, velocity, 8, rate, hyper}, {}, 1);
                 derive(d).targets.push_back(other);
                 derive(d).targets.push_back(velocity);
               })}},
      {"derive_of_derived",
       "own rule: no chains, so that order does not matter",
       derived_spine,
       {edited("a target as source", Code::derive_target, "",
               [](Draft& d) {
                 uint32_t graph = d.add_graph();
                 int32_t value = d.add_tensor(f32(kShape));
                 int32_t other = d.add_tensor(state(f32(kShape)));
                 d.add_operator(op_code::read_state, no_attributes(), {kTarget}, {value}, graph);
                 d.add_operator(op_code::assign_state, no_attributes(), {other, value}, {}, graph);
                 repeat_derive(d);
                 d.model.derives[1]->graph = graph;
                 d.model.derives[1]->sources = {kTarget};
                 d.model.derives[1]->targets = {other};
               })}},
      {"derive_that_can_fail",
       "own rule: a failed run changes no state",
       derived_spine,
       {edited("gather", Code::fallible_after_write, "",
               [](Draft& d) {
                 int32_t index = d.add_tensor(constant(plain(forge::Type::int32, {1})));
                 int32_t taken = d.add_tensor(f32({1}));
                 d.add_operator(op_code::gather, attributes(forge::GatherT()), {1, index}, {taken},
                                1);
               })}},
  };
}

}  // namespace mote::test
