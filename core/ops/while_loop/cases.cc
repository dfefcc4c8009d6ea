#include "ops/control_cases.h"
#include "ops/movement_cases.h"

namespace mote::test {
namespace {

ir::Graph below(const Operand& counter, const Operand& x, int32_t end) {
  CalledBuilder b("condition");
  ir::ValueId i = b.input(counter);
  b.input(x);
  ir::ValueId last = b.constant<int32_t>(Type::int32, {1}, {end});
  b.output(b.node(op_code::compare, CompareAttrs{kMoteLess}, {i, last}, Type::boolean));
  return b.take();
}

// i + 1; x, and in its place y, whose place x takes.
ir::Graph swapped(const Operand& counter, const Operand& x) {
  CalledBuilder b("body");
  ir::ValueId i = b.input(counter), v = b.input(x), w = b.input(x);
  ir::ValueId one = b.constant<int32_t>(Type::int32, {1}, {1});
  b.output(b.node(op_code::add, BinaryAttrs{}, {i, one}, Type::int32));
  b.output_copy(w, x.shape);
  b.output_copy(v, x.shape);
  return b.take();
}

ir::Graph below_of_two(const Operand& counter, const Operand& x, int32_t end) {
  ir::Graph graph = below(counter, x, end);
  ir::ValueId second = graph.add_value(graph.value(1));
  graph.value(second).name = "second";
  graph.inputs.push_back({"second", second});
  return graph;
}

}  // namespace

void while_loop_cases(CaseList& list) {
  for (Type type : kMovedTypes) {
    for (int i = 0; i < 60; ++i) {
      Operand x = moved_operand(list, type, list.shape(list.integer(0, 4), 6));
      Operand counter = list.ints(Type::int32, {1}, 0, 4);
      Case& c = list.add(op_code::while_loop, ControlAttrs{8}, {counter, x, x},
                         {like(counter, {1}), like(x), like(x)});
      c.graphs = {below_of_two(counter, x, list.integer(0, 8)), swapped(counter, x)};
    }
  }
}

}  // namespace mote::test
