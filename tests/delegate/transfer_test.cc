// What crosses between host and device: shapes, memory, time.
#include <chrono>

#include "delegate/loopback_device.h"

namespace mote::test {
namespace {

ShapeBounds dynamic(int32_t batch, int32_t size) {
  ShapeBounds s = ir::shape_of({batch, size});
  s.dims[0].min = 1;
  return s;
}

TEST(Transfer, ShapesFollowTheSession) {
  GraphMaker g;
  ir::ValueId x = g.input("x", dynamic(6, 4));
  ir::ValueId bias = g.constant("bias", ir::shape_of({4}), {1, -2, 3, -4});
  ir::ValueId weights = g.constant("w", ir::shape_of({2, 4}), {1, 2, 3, 4, -1, 0, 1, 0});
  ir::ValueId sum = g.node(op_code::add, BinaryAttrs{}, {x, bias}, dynamic(6, 4));
  ir::ValueId soft = g.softmax(g.relu(sum));
  g.output(g.node(op_code::fully_connected, FullyConnectedAttrs{}, {soft, weights}, dynamic(6, 2)));
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options)),
       cpu = must(Plan::create(built.model));
  ASSERT_EQ(plan.partitions().size, 2u);
  Session session = must(Session::create(plan)), expected = must(Session::create(cpu));
  for (int32_t batch : {6, 1, 4, 2, 6, 3}) {
    Shape shape;
    shape.rank = 2;
    shape.dims[0] = batch;
    shape.dims[1] = 4;
    for (Session* s : {&session, &expected}) ASSERT_TRUE(s->set_shape(0, 0, shape).ok());
    auto seed = static_cast<uint32_t>(batch);
    std::vector<uint8_t> got = run_once(session, built.model, seed);
    ASSERT_EQ(got.size(), static_cast<size_t>(batch) * 8);
    expect_equal(got, run_once(expected, built.model, seed));
  }
  Shape wrong;
  wrong.rank = 2;
  wrong.dims[0] = 7;
  wrong.dims[1] = 4;
  EXPECT_FALSE(session.set_shape(0, 0, wrong).ok());
  expect_equal(run_once(session, built.model, 9), run_once(expected, built.model, 9));
  EXPECT_TRUE(session.partition_active(0) && session.partition_active(1));
}

TEST(Transfer, ALossAfterAChangeOfShapeFallsBackAtThatShape) {
  GraphMaker g;
  g.output(g.relu(g.softmax(g.relu(g.input("x", dynamic(6, 4))))));
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options)),
       cpu = must(Plan::create(built.model));
  Session session = must(Session::create(plan)), expected = must(Session::create(cpu));
  Shape shape;
  shape.rank = 2;
  shape.dims[0] = 3;
  shape.dims[1] = 4;
  for (Session* s : {&session, &expected}) ASSERT_TRUE(s->set_shape(0, 0, shape).ok());
  loopback.options().lost_run = loopback.counts().runs + 1;
  expect_equal(run_once(session, built.model, 1), run_once(expected, built.model, 1));
  EXPECT_TRUE(session.partition_active(0));
  EXPECT_FALSE(session.partition_active(1));
  loopback.options().fail_set_shape = 1;
  shape.dims[0] = 5;
  for (Session* s : {&session, &expected}) ASSERT_TRUE(s->set_shape(0, 0, shape).ok());
  EXPECT_FALSE(session.partition_active(0));
  expect_equal(run_once(session, built.model, 2), run_once(expected, built.model, 2));
}

// Pointers of the last run of a wrapped delegate.
struct Seen {
  int32_t (*run)(void*, const void* const*, void* const*, uint64_t*) = nullptr;
  int shared = 0;  // runs in which an output was the memory of an input
} seen;

int32_t look_and_run(void* session, const void* const* inputs, void* const* outputs,
                     uint64_t* fence) {
  if (inputs[0] == outputs[0]) ++seen.shared;
  return seen.run(session, inputs, outputs, fence);
}

// softmax | relu | softmax: relu is planned in the memory of its input.
TEST(Transfer, OutputsMayBeInTheMemoryOfInputs) {
  GraphMaker g;
  ShapeBounds shape = ir::shape_of({4, 5});
  g.output(g.softmax(g.reshape(g.relu(g.softmax(g.input("x", shape))), {5, 4})));
  BuiltModel built(g);
  Loopback loopback;
  mote_delegate wrapped = loopback.table();
  seen = {wrapped.run, 0};
  wrapped.run = look_and_run;
  WithDelegates with{&wrapped};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  ASSERT_EQ(plan.partitions().size, 1u);
  Session session = must(Session::create(plan));
  expect_equal(run_once(session, built.model, 1), on_cpu(built.model, 1));
  EXPECT_EQ(seen.shared, 1);
  // Lost after the device has computed: the input must still be there for the CPU.
  loopback.options().lost_in_wait = 1;
  loopback.options().lost_run = loopback.counts().runs;
  expect_equal(run_once(session, built.model, 2), on_cpu(built.model, 2));
  EXPECT_FALSE(session.partition_active(0));
  EXPECT_EQ(seen.shared, 2);
}

TEST(Transfer, BoundMemoryIsReadAndWritten) {
  GraphMaker g;
  ShapeBounds shape = ir::shape_of({4});
  ir::ValueId x = g.input("x", shape);
  g.output(g.add(g.relu(x), x));
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  Session session = must(Session::create(plan));
  const float input[4] = {-1, 2, -3, 4};
  float output[4] = {};
  auto bytes = [](auto* p) { return reinterpret_cast<uint8_t*>(const_cast<float*>(p)); };
  ASSERT_TRUE(session.bind_input(0, 0, {bytes(input), sizeof input}).ok());
  ASSERT_TRUE(session.bind_output(0, 0, {bytes(output), sizeof output}).ok());
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(std::vector<float>(output, output + 4), (std::vector<float>{-1, 4, -3, 8}));
  EXPECT_TRUE(session.partition_active(0));
}

// The table itself, as the host calls it, with memory of this test.
TEST(Transfer, RunReturnsAtOnceAndWaitDeliversTheResult) {
  GraphMaker g;
  g.output(g.relu(g.input("x", ir::shape_of({2}))));
  BuiltModel built(g);
  Loopback loopback;
  static void* device_plan = nullptr;
  static int32_t (*create)(void*, const mote_delegate_graph*, const mote_delegate_cache*, void**);
  mote_delegate wrapped = loopback.table();
  create = wrapped.plan_create;
  wrapped.plan_create = [](void* context, const mote_delegate_graph* graph,
                           const mote_delegate_cache* cache, void** plan) {
    int32_t result = create(context, graph, cache, plan);
    device_plan = *plan;
    return result;
  };
  WithDelegates with{&wrapped};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  void* session = nullptr;
  ASSERT_EQ(wrapped.session_create(device_plan, &session), MOTE_DELEGATE_OK);
  loopback.options().delay_us = 100000;
  float input[2] = {-1, 2}, output[2] = {7, 7};
  const void* inputs[1] = {input};
  void* outputs[1] = {output};
  uint64_t fence = 0;
  int64_t early = loopback.counts().early;
  ASSERT_EQ(wrapped.run(session, inputs, outputs, &fence), MOTE_DELEGATE_OK);
  input[0] = input[1] = 100;   // the inputs have been read
  EXPECT_EQ(output[0], 7.0f);  // the outputs have not been written
  ASSERT_EQ(wrapped.wait(session, fence), MOTE_DELEGATE_OK);
  EXPECT_EQ(output[0], 0.0f);
  EXPECT_EQ(output[1], 2.0f);
  EXPECT_EQ(loopback.counts().early, early + 1);
  wrapped.session_destroy(session);
}

}  // namespace
}  // namespace mote::test
