// With a delegate too nothing is allocated once the session exists, on either side, not even when
// the device is lost.
#include "delegate/loopback_device.h"
#include "memory/count_calls.h"

namespace mote::test {
namespace {

TEST(DelegateHeap, IsNotTouchedAfterTheSessionIsCreated) {
  GraphMaker g;
  ShapeBounds shape = ir::shape_of({4, 8});
  shape.dims[0].min = 1;
  g.output(g.relu(g.softmax(g.relu(g.input("x", shape)))));
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  ASSERT_EQ(plan.partitions().size, 2u);
  Session session = must(Session::create(plan));
  Shape half;
  half.rank = 2;
  half.dims[0] = 2;
  half.dims[1] = 8;
  start_counting();
  Status first = session.run();
  Status shaped = session.set_shape(0, 0, half);
  Status second = session.run();
  loopback.options().lost_run = loopback.counts().runs + 1;
  Status lost = session.run();
  Status after = session.run();
  long calls = stop_counting();
  EXPECT_EQ(calls, 0);
  EXPECT_TRUE(first.ok() && shaped.ok() && second.ok() && lost.ok() && after.ok());
  EXPECT_FALSE(session.partition_active(1));
}

}  // namespace
}  // namespace mote::test
