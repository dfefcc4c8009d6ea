#include <cfenv>
#include <cmath>

#include "base/hash.h"
#include "model/container.h"
#include "mote/platform.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

// Rewrites a file with its entry point given twice, under the names "infer" and "again".
std::vector<uint8_t> with_second_entry_point(const std::vector<uint8_t>& bytes) {
  Header header;
  memcpy(&header, bytes.data(), sizeof header);
  const file::Model& in = *file::GetModel(bytes.data() + header.structure_offset);
  flatbuffers::FlatBufferBuilder b;
  std::vector<flatbuffers::Offset<file::Tensor>> tensors;
  for (const file::Tensor* t : *in.tensors()) {
    std::vector<file::Dim> dims;
    for (const file::Dim* d : *t->shape()) dims.push_back(*d);
    tensors.push_back(file::CreateTensorDirect(b, t->name()->c_str(), t->type(), t->kind(), &dims));
  }
  const file::Graph& graph = *in.graphs()->Get(0);
  const file::Operator& op = *graph.operators()->Get(0);
  std::vector<int32_t> inputs(graph.inputs()->begin(), graph.inputs()->end());
  std::vector<int32_t> outputs(graph.outputs()->begin(), graph.outputs()->end());
  auto attributes = file::CreateActivation(b, op.attributes_as_Activation()->kind()).Union();
  std::vector<flatbuffers::Offset<file::Operator>> ops{file::CreateOperatorDirect(
      b, op.code(), 1, &inputs, &outputs, file::Attributes::Activation, attributes)};
  std::vector<flatbuffers::Offset<file::Graph>> graphs{
      file::CreateGraphDirect(b, "g", &inputs, &outputs, &ops)};
  std::vector<flatbuffers::Offset<file::EntryPoint>> entries;
  for (const char* name : {"infer", "again"}) {
    std::vector<flatbuffers::Offset<file::Port>> in_ports{
        file::CreatePortDirect(b, "x", inputs[0])};
    std::vector<flatbuffers::Offset<file::Port>> out_ports{
        file::CreatePortDirect(b, "y", outputs[0])};
    entries.push_back(file::CreateEntryPointDirect(b, name, 0, &in_ports, &out_ports));
  }
  file::FinishModelBuffer(b, file::CreateModelDirect(b, 1, &tensors, &graphs, &entries));
  header.structure_bytes = b.GetSize();
  header.file_bytes = sizeof header + b.GetSize();
  header.structure_hash = xxh64(b.GetBufferPointer(), b.GetSize());
  header.header_hash = xxh64(&header, offsetof(Header, header_hash));
  std::vector<uint8_t> out(header.file_bytes);
  memcpy(out.data(), &header, sizeof header);
  memcpy(out.data() + sizeof header, b.GetBufferPointer(), b.GetSize());
  return out;
}

BuiltModel relu_softmax(const ShapeBounds& shape) {
  GraphMaker g;
  g.output(g.softmax(g.relu(g.input("x", shape))));
  return BuiltModel(g);
}

TEST(Session, TakesAndReportsTheCallersArena) {
  BuiltModel built = relu_softmax(ir::shape_of({3, 5}));
  Plan plan = must(Plan::create(built.model));
  alignas(64) static uint8_t arena[4096];
  SessionOptions options;
  options.arena = {arena, plan.report().arena_bytes - 1};
  EXPECT_EQ(Session::create(plan, options).status().code, Code::arena_too_small);
  options.arena = {arena + 1, sizeof arena - 1};
  EXPECT_EQ(Session::create(plan, options).status().code, Code::arena_misaligned);
  options.arena = {arena, plan.report().arena_bytes};
  Session session = must(Session::create(plan, options));
  write(session, 0, 0, std::vector<float>(15, 1.0f));
  ASSERT_TRUE(session.run().ok());
  for (float y : read(session, 0, 0)) EXPECT_FLOAT_EQ(y, 0.2f);
}

TEST(Session, NamesAndIndices) {
  BuiltModel built = relu_softmax(ir::shape_of({4}));
  Plan plan = must(Plan::create(built.model));
  Session session = must(Session::create(plan));
  EXPECT_EQ(must(session.find_input(0, "x")), 0u);
  EXPECT_EQ(session.find_input(0, "y").status().code, Code::name_unknown);
  EXPECT_EQ(session.input(0, 1).status().code, Code::index_out_of_range);
  EXPECT_EQ(session.input(3, 0).status().code, Code::index_out_of_range);
  EXPECT_EQ(session.run(1).code, Code::index_out_of_range);
  EXPECT_EQ(Session().run().code, Code::invalid_handle);
}

TEST(Session, BoundMemoryIsUsedWithoutACopyAndNeverWritten) {
  BuiltModel built = relu_softmax(ir::shape_of({6}));
  Plan plan = must(Plan::create(built.model));
  Session session = must(Session::create(plan));
  std::vector<float> in{-1, 2, 3, -4, 5, 6}, kept = in, out(6), expected;
  write(session, 0, 0, in);
  ASSERT_TRUE(session.run().ok());
  expected = read(session, 0, 0);
  auto bytes = [](std::vector<float>& v) {
    return Span<uint8_t>{reinterpret_cast<uint8_t*>(v.data()), v.size() * 4};
  };
  Span<uint8_t> source = bytes(in), target = bytes(out);
  ASSERT_TRUE(session.bind_input(0, 0, {source.data, source.size}).ok());
  ASSERT_TRUE(session.bind_output(0, 0, target).ok());
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(out, expected);
  EXPECT_EQ(in, kept);
  // Too small, misaligned, and back to the arena.
  ASSERT_TRUE(session.bind_output(0, 0, {target.data, 20}).ok());
  EXPECT_EQ(session.run().code, Code::buffer_size);
  std::vector<float> six(6);
  EXPECT_EQ(session.read_float(0, 0, {six.data(), 6}).code, Code::buffer_size);
  EXPECT_EQ(session.output(0, 0).status().code, Code::buffer_size);
  EXPECT_EQ(session.bind_input(0, 0, {source.data + 1, 23}).code, Code::arena_misaligned);
  ASSERT_TRUE(session.bind_output(0, 0, {}).ok());
  out.assign(6, 0);
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(read(session, 0, 0), expected);
  EXPECT_EQ(out, std::vector<float>(6, 0));
}

TEST(Session, StatesPersistResetAndAreExchanged) {
  GraphMaker g;
  ir::ValueId s = g.state("sum", ir::shape_of({3}));
  ir::ValueId x = g.input("x", ir::shape_of({3}));
  ir::ValueId next = g.add(x, g.read_state(s));
  g.output(g.relu(next));
  g.assign_state(s, next);
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  Session session = must(Session::create(plan)), second = must(Session::create(plan));
  for (int i = 1; i <= 3; ++i) {
    write(session, 0, 0, {1, 2, 3});
    ASSERT_TRUE(session.run().ok());
    EXPECT_EQ(read(session, 0, 0), (std::vector<float>{1.0f * i, 2.0f * i, 3.0f * i}));
  }
  auto state = static_cast<uint32_t>(built.tensor("sum"));
  uint8_t bytes[12];
  ASSERT_TRUE(session.read_state(state, bytes).ok());
  ASSERT_TRUE(second.write_state(state, {bytes, 12}).ok());
  write(second, 0, 0, {1, 2, 3});
  ASSERT_TRUE(second.run().ok());
  EXPECT_EQ(read(second, 0, 0), (std::vector<float>{4, 8, 12}));
  second.reset_states();
  write(second, 0, 0, {1, 2, 3});
  ASSERT_TRUE(second.run().ok());
  EXPECT_EQ(read(second, 0, 0), (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(session.read_state(state, {bytes, 8}).code, Code::buffer_size);
  EXPECT_EQ(session.read_state(0xFFFF, bytes).code, Code::index_out_of_range);
}

// A view of a state that is read after another state took its place must see the old contents.
TEST(Session, StatesShiftWithoutOverwritingWhatIsStillRead) {
  GraphMaker g;
  ir::ValueId a = g.state("a", ir::shape_of({2})), b = g.state("b", ir::shape_of({2}));
  ir::ValueId x = g.input("x", ir::shape_of({2}));
  ir::ValueId old_a = g.read_state(a), old_b = g.read_state(b);
  g.output(g.add(old_b, x));
  g.assign_state(a, x);
  g.assign_state(b, old_a);
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  Session session = must(Session::create(plan));
  std::vector<std::vector<float>> got;
  for (float v : {1.0f, 2.0f, 3.0f, 4.0f}) {
    write(session, 0, 0, {v, v});
    ASSERT_TRUE(session.run().ok());
    got.push_back(read(session, 0, 0));
  }
  EXPECT_EQ(got[0][0], 1);  // 0 + 1
  EXPECT_EQ(got[1][0], 2);  // 0 + 2
  EXPECT_EQ(got[2][0], 4);  // 1 + 3
  EXPECT_EQ(got[3][0], 6);  // 2 + 4
}

struct CountDown {
  int left;
  static bool poll(void* context) { return static_cast<CountDown*>(context)->left-- <= 0; }
};

TEST(Session, ACancelledRunChangesNoState) {
  GraphMaker g;
  ir::ValueId s = g.state("sum", ir::shape_of({20000}));
  ir::ValueId x = g.input("x", ir::shape_of({20000}));
  ir::ValueId next = g.add(x, g.read_state(s));
  g.output(g.relu(next));
  g.assign_state(s, next);
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  bool completed = false;
  for (int polls = 0; !completed; ++polls) {
    ASSERT_LT(polls, 1000);
    CountDown count{polls};
    SessionOptions options;
    options.cancel = {&count, CountDown::poll};
    Session session = must(Session::create(plan, options));
    write(session, 0, 0, std::vector<float>(20000, 1));
    Status status = session.run();
    std::vector<uint8_t> state(80000);
    ASSERT_TRUE(
        session.read_state(static_cast<uint32_t>(built.tensor("sum")), {state.data(), state.size()})
            .ok());
    completed = status.ok();
    if (!completed) {
      EXPECT_EQ(status.code, Code::cancelled);
      EXPECT_EQ(state, std::vector<uint8_t>(80000, 0));
    }
  }
}

TEST(Session, AWrongIndexInTheDataChangesNoState) {
  GraphMaker g;
  ir::ValueId s = g.state("s", ir::shape_of({4}));
  ir::ValueId x = g.input("x", ir::shape_of({4}));
  ir::ValueId i = g.input("i", ir::shape_of({2}), Type::int32);
  g.output(g.node(op_code::gather, GatherAttrs{0, 0}, {x, i}, ir::shape_of({2})));
  g.assign_state(s, x);
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  Session session = must(Session::create(plan));
  write(session, 0, 0, {5, 6, 7, 8});
  int32_t indices[2] = {1, 4};
  memcpy(must(session.input(0, 1)).data, indices, sizeof indices);
  Status status = session.run();
  EXPECT_EQ(status.code, Code::data_index_out_of_range);
  EXPECT_EQ(status.a, 4);
  EXPECT_EQ(status.b, 4);
  uint8_t state[16];
  ASSERT_TRUE(session.read_state(static_cast<uint32_t>(built.tensor("s")), state).ok());
  for (uint8_t b : state) EXPECT_EQ(b, 0);
}

struct Steps {
  std::vector<std::pair<uint32_t, bool>> seen;
  static void step(void* context, uint32_t i, bool end) {
    static_cast<Steps*>(context)->seen.emplace_back(i, end);
  }
};

TEST(Session, ProfilerSeesEveryStep) {
  BuiltModel built = relu_softmax(ir::shape_of({4}));
  Plan plan = must(Plan::create(built.model));
  Steps steps;
  SessionOptions options;
  options.profiler = {&steps, Steps::step};
  Session session = must(Session::create(plan, options));
  ASSERT_TRUE(session.run().ok());
  std::vector<std::pair<uint32_t, bool>> expected{{0, false}, {0, true}, {1, false}, {1, true}};
  EXPECT_EQ(steps.seen, expected);
}

TEST(Session, ThreadsMustMatchThePlan) {
  BuiltModel built = relu_softmax(ir::shape_of({64, 64}));
  PlanOptions options;
  options.threads = 2;
  Plan plan = must(Plan::create(built.model, {}, options));
  EXPECT_EQ(Session::create(plan).status().code, Code::thread_pool_mismatch);
  OwnedThreadPool pool = must(OwnedThreadPool::create(3));
  SessionOptions session_options;
  session_options.pool = pool.callbacks();
  EXPECT_EQ(Session::create(plan, session_options).status().code, Code::thread_pool_mismatch);
}

ShapeBounds dynamic(int32_t max_rows) {
  ShapeBounds b = ir::shape_of({max_rows, 5});
  b.dims[0].min = 1;
  return b;
}

TEST(Session, EverySizeWithinTheBoundsEqualsTheStaticModel) {
  BuiltModel built = relu_softmax(dynamic(9));
  Plan plan = must(Plan::create(built.model));
  Session session = must(Session::create(plan));
  EXPECT_EQ(must(session.input_shape(0, 0)).dims[0], 9);
  for (int32_t n = 1; n <= 9; ++n) {
    BuiltModel fixed = relu_softmax(ir::shape_of({n, 5}));
    Plan fixed_plan = must(Plan::create(fixed.model));
    Session fixed_session = must(Session::create(fixed_plan));
    std::vector<float> in;
    for (int i = 0; i < n * 5; ++i) in.push_back(std::sin(static_cast<float>(i)));
    Shape shape = ir::shape_of({n, 5}).max();
    ASSERT_TRUE(session.set_shape(0, 0, shape).ok());
    write(session, 0, 0, in);
    write(fixed_session, 0, 0, in);
    ASSERT_TRUE(session.run().ok());
    ASSERT_TRUE(fixed_session.run().ok());
    EXPECT_EQ(read(session, 0, 0), read(fixed_session, 0, 0));
  }
}

// A dynamic operand may be smaller than the constant at run: it is read for every row, so the sum
// does not take its memory.
TEST(Session, ADynamicOperandThatIsBroadcastIsNotOverwritten) {
  const std::vector<float> rows{5, 5, 10, 10, 20, 20};
  for (bool swapped : {false, true}) {
    GraphMaker g;
    ShapeBounds shape = ir::shape_of({3, 2});
    shape.dims[0].min = 1;
    ir::ValueId x = g.relu(g.input("x", shape));
    ir::ValueId c = g.constant("c", ir::shape_of({3, 2}), rows);
    std::vector<ir::ValueId> operands{swapped ? c : x, swapped ? x : c};
    g.output(g.node(op_code::add, BinaryAttrs{}, operands, ir::shape_of({3, 2})));
    BuiltModel built(g);
    Plan plan = must(Plan::create(built.model));
    Session session = must(Session::create(plan));
    ASSERT_TRUE(session.set_shape(0, 0, ir::shape_of({1, 2}).max()).ok());
    write(session, 0, 0, {1, 2});
    ASSERT_TRUE(session.run().ok());
    EXPECT_EQ(read(session, 0, 0), (std::vector<float>{6, 7, 11, 12, 21, 22}));
  }
}

// The other operand cannot widen it: a dynamic batch is still overwritten.
TEST(Session, ADynamicOperandThatIsNeverBroadcastIsOverwritten) {
  GraphMaker g;
  ir::ValueId x = g.relu(g.input("x", dynamic(7)));
  ir::ValueId bias = g.constant("c", ir::shape_of({5}), {1, 2, 3, 4, 5});
  g.output(g.relu(g.add(x, bias)));
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  EXPECT_EQ(plan.buffers().size, 2u);
}

TEST(Session, StartsSmallWhereTheLargestShapesDoNotFit) {
  GraphMaker g;
  ir::ValueId a = g.input("a", dynamic(4)), b = g.input("b", dynamic(6));
  ShapeBounds sum = dynamic(6);
  g.output(g.node(op_code::add, BinaryAttrs{}, {a, b}, sum));
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  Session session = must(Session::create(plan));
  EXPECT_EQ(must(session.output_shape(0, 0)).dims[0], 1);
  Shape three = ir::shape_of({3, 5}).max();
  Shape both[2] = {three, three};
  ASSERT_TRUE(session.set_shapes(0, both).ok());
  EXPECT_EQ(must(session.output_shape(0, 0)).dims[0], 3);
}

TEST(Session, AShapeThatDoesNotFitChangesNothing) {
  GraphMaker g;
  ir::ValueId a = g.input("a", dynamic(8)), b = g.input("b", dynamic(8));
  g.output(g.add(a, b));
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  Session session = must(Session::create(plan));
  Shape four = ir::shape_of({4, 5}).max(), nine = ir::shape_of({9, 5}).max(),
        wide = ir::shape_of({4, 6}).max(), three = ir::shape_of({3, 5}).max();
  EXPECT_EQ(session.set_shape(0, 0, nine).code, Code::shape_out_of_bounds);
  EXPECT_EQ(session.set_shape(0, 0, wide).code, Code::shape_static);
  Shape both[2] = {four, four};
  ASSERT_TRUE(session.set_shapes(0, both).ok());
  Status status = session.set_shape(0, 1, three);
  EXPECT_EQ(status.code, Code::shape_incompatible);
  EXPECT_EQ(must(session.input_shape(0, 1)).dims[0], 4);
  EXPECT_EQ(must(session.output_shape(0, 0)).dims[0], 4);
}

// Two names for one graph: what is bound through one is used through the other.
TEST(Session, EntryPointsOfOneGraphShareTheirBindings) {
  GraphMaker g;
  g.output(g.relu(g.input("x", ir::shape_of({4}))));
  BuiltModel built(g);
  std::vector<uint8_t> bytes(built.bytes.data(), built.bytes.data() + built.bytes.size());
  // The exporter writes one entry point a graph; a second one is added to the structure.
  std::vector<uint8_t> twice = with_second_entry_point(bytes);
  AlignedBytes aligned(twice);
  Model model = must(Model::load(aligned.span(), inference_operators()));
  ASSERT_EQ(model.entry_point_count(), 2u);
  Plan plan = must(Plan::create(model));
  Session session = must(Session::create(plan));
  std::vector<float> in{-1, 2, -3, 4}, out(4);
  auto* p = reinterpret_cast<uint8_t*>(in.data());
  ASSERT_TRUE(session.bind_input(0, 0, {p, 16}).ok());
  ASSERT_TRUE(session.bind_output(1, 0, {reinterpret_cast<uint8_t*>(out.data()), 16}).ok());
  ASSERT_TRUE(session.run(1).ok());
  EXPECT_EQ(out, (std::vector<float>{0, 2, 0, 4}));
  ASSERT_TRUE(session.bind_input(1, 0, {p, 12}).ok());
  EXPECT_EQ(session.run(0).code, Code::buffer_size);
}

TEST(Session, CatchesFloatEnvironmentsOfTheCaller) {
  BuiltModel built = relu_softmax(ir::shape_of({4}));
  Plan plan = must(Plan::create(built.model));
  Session session = must(Session::create(plan));
  std::vector<float> in{0.1f, 0.7f, 0.3f, -2};
  write(session, 0, 0, in);
  ASSERT_TRUE(session.run().ok());
  std::vector<float> expected = read(session, 0, 0);
  write(session, 0, 0, in);
  std::fesetround(FE_UPWARD);
  Status status = session.run();
  int mode = std::fegetround();
  std::fesetround(FE_TONEAREST);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(mode, FE_UPWARD);
  EXPECT_EQ(read(session, 0, 0), expected);
}

}  // namespace
}  // namespace mote::test
