// If, Loop and Scan whose course is known now: the branch taken, and each turn, are unfolded.
#include <algorithm>

#include "import/onnx/graph_importer.h"
#include "import/onnx/node_import.h"
#include "import/onnx/run_control.h"

namespace mote::onnx_import {
namespace {

// Longer loops are no longer models of a size that anybody wants to hold.
constexpr int64_t kMaxTurns = 1000;

const onnx::GraphProto* graph_attribute(NodeImport& c, const char* name) {
  const onnx::AttributeProto* a = find_attribute(c.node(), name);
  if (a != nullptr && a->has_g()) return &a->g();
  c.error(std::string("the graph '") + name + "' is missing", "export the model again");
  return nullptr;
}

// An operand as it is: also one without elements.
Slot operand(NodeImport& c, size_t i) {
  if (!c.is_empty(i)) {
    ir::ValueId v = c.input(i);
    return v == ir::kNone ? Slot() : Slot::of(v);
  }
  return *c.importer().find(c.node().proto.input(static_cast<int>(i)));
}

// A boolean that is known now.
std::optional<bool> known(NodeImport& c, const Slot& slot) {
  if (slot.state != Slot::State::value || !c.is_constant(slot.value)) return std::nullopt;
  const ir::Value& v = c.value(slot.value);
  if (v.type != Type::boolean || v.data->size() != 1) return std::nullopt;
  return v.data->front() != 0;
}

void define(NodeImport& c, size_t output, Slot slot) {
  c.build().set_scope(c.where());
  if (output < c.output_count())
    c.importer().define(c.node().proto.output(static_cast<int>(output)), std::move(slot),
                        c.where());
}

// The results of all turns, one after the other along a new axis.
void define_stacked(NodeImport& c, size_t output, const std::vector<Slot>& turns, int32_t axis,
                    bool is_reversed) {
  if (!c.has_output(output)) return;
  c.build().set_scope(c.where());
  std::vector<ir::ValueId> parts;
  for (const Slot& s : turns) {
    if (s.state != Slot::State::value) return define(c, output, s);
    int32_t place = axis < 0 ? axis + c.rank(s.value) + 1 : axis;
    if (place < 0 || place > c.rank(s.value)) return c.error("a scan axis out of range");
    parts.push_back(c.insert_ones(s.value, {place}));
    if (c.failed()) return;
    axis = place;
  }
  if (parts.empty()) return c.error("a loop of no turns stacks results", "they have no elements");
  if (is_reversed) std::reverse(parts.begin(), parts.end());
  const Type type = c.type(parts[0]);
  define(c, output,
         Slot::of(parts.size() == 1
                      ? parts[0]
                      : c.build().node(op_code::concat, ConcatAttrs{axis, kMoteActivationNone},
                                       parts, type)));
}

std::string place_of(NodeImport& c, int64_t turn) {
  return c.where() + ", turn " + std::to_string(turn);
}

void error_at_run(NodeImport& c, const char* what) {
  c.error(std::string("the loop's ") + what + " is computed at run",
          "make it a constant, or export the model without the loop");
}

Slot int_slot(NodeImport& c, int64_t n) {
  c.build().set_scope(c.where());
  return Slot::of(c.int_constant({n}, {}));
}
Slot bool_slot(NodeImport& c, bool b) {
  c.build().set_scope(c.where());
  return Slot::of(c.build().constant(c.where() + "/condition", Type::boolean, {},
                                     std::vector<uint8_t>{static_cast<uint8_t>(b ? 1 : 0)}));
}

LoopStart first_turn(NodeImport& c) {
  LoopStart start;
  if (c.has(1)) start.condition = operand(c, 1);
  for (size_t i = 2; i < c.input_count(); ++i) start.carried.push_back(operand(c, i));
  return start;
}

}  // namespace

void import_if(NodeImport& c) {
  ir::ValueId condition = c.input(0);
  if (c.failed()) return;
  if (!c.is_constant(condition)) return import_branches(c, condition);
  std::optional<bool> taken = known(c, Slot::of(condition));
  if (!taken) return c.error("the condition is not one boolean");
  const onnx::GraphProto* branch = graph_attribute(c, *taken ? "then_branch" : "else_branch");
  if (branch == nullptr) return;
  auto outputs = c.importer().unfold(*branch, {}, c.node(), c.where());
  if (!outputs) return;
  for (size_t i = 0; i < outputs->size(); ++i) define(c, i, (*outputs)[i]);
}

void import_loop(NodeImport& c) {
  const onnx::GraphProto* body = graph_attribute(c, "body");
  int64_t turns = INT64_MAX;
  if (c.has(0)) {
    ir::ValueId given = c.input(0);
    if (c.failed() || body == nullptr) return;
    if (!c.is_constant(given)) return import_run_time_loop(c, *body, first_turn(c));
    auto known_turns = c.constant_int(0);
    if (!known_turns) return;
    turns = *known_turns;
  }
  std::optional<bool> goes_on = c.has(1) ? known(c, operand(c, 1)) : std::optional<bool>(true);
  std::vector<Slot> carried;
  for (size_t i = 2; i < c.input_count(); ++i) carried.push_back(operand(c, i));
  if (c.failed() || body == nullptr) return;
  const auto outputs = static_cast<size_t>(body->output_size());
  if (outputs < carried.size() + 1) return c.error("the body has too few outputs");
  std::vector<std::vector<Slot>> stacked(outputs - carried.size() - 1);
  // More than 32 bits say: as long as the condition holds.
  if (turns > kMaxTurns && turns <= INT32_MAX) return import_run_time_loop(c, *body, first_turn(c));
  const size_t first_node = c.importer().graph().nodes.size();
  for (int64_t turn = 0; turn < turns; ++turn) {
    if (!goes_on) {
      c.importer().graph().nodes.resize(first_node);
      return import_run_time_loop(c, *body, first_turn(c));
    }
    if (!*goes_on) break;
    if (turn == kMaxTurns) return c.error("a loop of more than 1000 turns");
    std::vector<Slot> inputs{int_slot(c, turn), bool_slot(c, true)};
    inputs.insert(inputs.end(), carried.begin(), carried.end());
    auto results = c.importer().unfold(*body, std::move(inputs), c.node(), place_of(c, turn));
    if (!results || c.importer().source().gave_up()) return;
    if ((*results)[0].state == Slot::State::unknown) return;
    goes_on = known(c, (*results)[0]);
    for (size_t i = 0; i < carried.size(); ++i) carried[i] = (*results)[i + 1];
    for (size_t i = 0; i < stacked.size(); ++i)
      stacked[i].push_back((*results)[i + 1 + carried.size()]);
  }
  for (size_t i = 0; i < carried.size(); ++i) define(c, i, carried[i]);
  for (size_t i = 0; i < stacked.size(); ++i)
    define_stacked(c, carried.size() + i, stacked[i], 0, false);
}

// From opset 9 on; before that it had a batch.
void import_scan(NodeImport& c) {
  const onnx::GraphProto* body = graph_attribute(c, "body");
  if (c.opset() < 9) return c.error("Scan of operator set 8", "convert it to operator set 13");
  const int64_t scans = c.attr_int("num_scan_inputs", 1);
  if (scans < 1 || scans > static_cast<int64_t>(c.input_count()))
    return c.error("num_scan_inputs is " + std::to_string(scans));
  const size_t states = c.input_count() - static_cast<size_t>(scans);
  if (body == nullptr || static_cast<size_t>(body->output_size()) < states)
    return c.error("the body has too few outputs");
  std::vector<Slot> carried, sequences;
  for (size_t i = 0; i < c.input_count(); ++i)
    (i < states ? carried : sequences).push_back(operand(c, i));
  if (c.failed()) return;
  const size_t results_stacked = static_cast<size_t>(body->output_size()) - states;
  const std::vector<int64_t> zeros(std::max(sequences.size(), results_stacked), 0);
  auto in_axes = c.attr_ints("scan_input_axes", zeros),
       out_axes = c.attr_ints("scan_output_axes", zeros),
       in_directions = c.attr_ints("scan_input_directions", zeros),
       out_directions = c.attr_ints("scan_output_directions", zeros);
  if (in_axes.size() < sequences.size() || in_directions.size() < sequences.size() ||
      out_axes.size() < results_stacked || out_directions.size() < results_stacked)
    return c.error("scan axes or directions are missing");
  int32_t turns = -1;
  for (size_t i = 0; i < sequences.size(); ++i) {
    ir::ValueId x = sequences[i].value;
    if (x == ir::kNone) return c.error("a scanned input without elements");
    int32_t axis = c.axis(in_axes[i], c.rank(x));
    if (axis < 0) return;
    Dim size = c.shape(x).dims[axis];
    if (!size.is_static()) return error_at_run(c, "number of turns");
    if (turns >= 0 && turns != size.max) return c.error("the scanned inputs differ in length");
    turns = size.max;
    in_axes[i] = axis;
  }
  if (turns > kMaxTurns) return c.error("a scan of more than 1000 turns");
  std::vector<std::vector<Slot>> stacked(results_stacked);
  for (int32_t turn = 0; turn < turns; ++turn) {
    c.build().set_scope(c.where());
    std::vector<Slot> inputs = carried;
    for (size_t i = 0; i < sequences.size(); ++i) {
      const auto axis = static_cast<int32_t>(in_axes[i]);
      const int64_t at = in_directions[i] == 1 ? turns - 1 - turn : turn;
      ir::ValueId part = c.slice_axis(sequences[i].value, axis, at, at + 1);
      inputs.push_back(Slot::of(c.drop_ones(part, {axis})));
    }
    auto results = c.importer().unfold(*body, std::move(inputs), c.node(), place_of(c, turn));
    if (!results || c.importer().source().gave_up()) return;
    for (size_t i = 0; i < states; ++i) carried[i] = (*results)[i];
    for (size_t i = 0; i < results_stacked; ++i) stacked[i].push_back((*results)[states + i]);
  }
  for (size_t i = 0; i < states; ++i) define(c, i, carried[i]);
  for (size_t i = 0; i < results_stacked; ++i)
    define_stacked(c, states + i, stacked[i],
                   static_cast<int32_t>(std::clamp<int64_t>(out_axes[i], -9, 9)),
                   out_directions[i] == 1);
}

}  // namespace mote::onnx_import
