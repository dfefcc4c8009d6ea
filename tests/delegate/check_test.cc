// A delegate is believed only after a comparison with the CPU.
#include <cmath>

#include "delegate/loopback_device.h"

namespace mote::test {
namespace {

const ShapeBounds kShape = ir::shape_of({2, 3});
constexpr const char* kDiffer = "its results differ from the CPU's on this driver";
constexpr const char* kStored =
    "its results differed from the CPU's on this driver (stored verdict)";

GraphMaker relu_add() {
  GraphMaker g;
  ir::ValueId x = g.input("x", kShape);
  g.output(g.add(g.relu(x), x));
  return g;
}

struct Checked : testing::Test {
  Plan make() { return must(Plan::create(built.model, {}, with.options)); }
  GraphMaker graph = relu_add();
  BuiltModel built{graph};
  Loopback loopback;
  MapCache cache;
  WithDelegates with{&loopback.table()};
};

TEST_F(Checked, WrongResultsAreRefusedWithTheReason) {
  loopback.options().wrong_run = 0;
  Plan plan = make();
  EXPECT_STREQ(plan.steps(0)[0].reason, kDiffer);
  EXPECT_STREQ(plan.steps(0)[1].reason, kDiffer);
  EXPECT_EQ(loopback.counts().plans, 0);
  Session session = must(Session::create(plan));
  expect_equal(run_once(session, built.model, 1), on_cpu(built.model, 1));
}

// Also shows that the injected bit would be seen.
TEST_F(Checked, WithoutTheCheckWrongResultsPass) {
  loopback.options().wrong_run = 0;
  with.options.check_delegates = false;
  Plan plan = make();
  ASSERT_EQ(plan.partitions().size, 1u);
  EXPECT_EQ(loopback.counts().runs, 0);
  Session session = must(Session::create(plan));
  EXPECT_NE(run_once(session, built.model, 1), on_cpu(built.model, 1));
  EXPECT_EQ(run_once(session, built.model, 1), on_cpu(built.model, 1));
}

TEST_F(Checked, AVerdictIsStoredAndHonoured) {
  with.options.delegate_cache = cache.table();
  loopback.options().wrong_run = 0;
  make();
  EXPECT_EQ(cache.entries.size(), 1u);
  Plan again = make();
  EXPECT_EQ(loopback.counts().runs, 1);
  EXPECT_STREQ(again.steps(0)[0].reason, kStored);
}

TEST_F(Checked, ANewDriverIsAskedAgain) {
  with.options.delegate_cache = cache.table();
  loopback.options().wrong_run = 0;
  make();
  loopback.options().description = "loopback, driver 2";
  EXPECT_EQ(make().partitions().size, 1u);
  EXPECT_EQ(loopback.counts().runs, 2);
  EXPECT_EQ(make().partitions().size, 1u);  // the good verdict is stored too
  EXPECT_EQ(loopback.counts().runs, 2);
  loopback.options().description = "loopback, driver 1";
  EXPECT_EQ(make().partitions().size, 0u);
}

TEST_F(Checked, ADamagedVerdictIsAskedAgain) {
  with.options.delegate_cache = cache.table();
  make();
  for (auto& [key, bytes] : cache.entries) bytes = {77};
  make();
  for (auto& [key, bytes] : cache.entries) bytes = {1, 1};
  make();
  EXPECT_EQ(loopback.counts().runs, 3);
}

// A lost device or a lack of memory says nothing about the driver's results.
TEST_F(Checked, AFailureIsNoVerdict) {
  with.options.delegate_cache = cache.table();
  loopback.options().fail_session_create = 1;
  EXPECT_STREQ(make().steps(0)[0].reason, "the delegate could not create a session");
  loopback.options().fail_session_create = 0;
  loopback.options().fail_set_shape = 1;
  EXPECT_STREQ(make().steps(0)[0].reason, "the delegate failed in the comparison with the CPU");
  loopback.options().fail_set_shape = 0;
  for (int32_t in_wait : {0, 1}) {
    loopback.options().lost_in_wait = in_wait;
    loopback.options().lost_run = loopback.counts().runs;
    EXPECT_STREQ(make().steps(0)[0].reason, "the delegate failed in the comparison with the CPU");
  }
  loopback.options().lost_run = -1;
  EXPECT_TRUE(cache.entries.empty());
  EXPECT_EQ(make().partitions().size, 1u);
}

TEST_F(Checked, ADescriptionOfAnyLengthIsTaken) {
  with.options.delegate_cache = cache.table();
  std::string long_text(1000, 'd');
  loopback.options().description = long_text.c_str();
  EXPECT_EQ(make().partitions().size, 1u);
  loopback.table().describe = [](void*, char* text, size_t capacity) {
    memset(text, 'd', capacity);  // no end
    return capacity;
  };
  EXPECT_EQ(make().partitions().size, 1u);
}

// The injected bit makes 1 of infinity.
TEST(Check, AFiniteNumberIsNotInfinity) {
  GraphMaker g;
  ir::ValueId large = g.constant("large", ir::shape_of({1}), {INFINITY});
  g.output(g.add(g.input("x", kShape), large));
  BuiltModel built(g);
  Loopback loopback;
  loopback.options().wrong_run = 0;
  WithDelegates with{&loopback.table()};
  EXPECT_STREQ(must(Plan::create(built.model, {}, with.options)).steps(0)[0].reason, kDiffer);
  EXPECT_EQ(must(Plan::create(built.model, {}, with.options)).partitions().size, 1u);
}

// The same operators and shapes, wired in another way, are another program for a compiler.
TEST_F(Checked, AVerdictHoldsForOneWiring) {
  GraphMaker g;
  ir::ValueId x = g.input("x", kShape), y = g.relu(x);
  g.output(g.add(y, y));
  BuiltModel other(g);
  with.options.delegate_cache = cache.table();
  make();
  must(Plan::create(other.model, {}, with.options));
  EXPECT_EQ(loopback.counts().runs, 2);
  EXPECT_EQ(cache.entries.size(), 2u);
}

// Bounds of 4 and 3 fit in add only where both are 1 to 3: there is no run at the largest.
TEST(Check, ShapesThatDoNotFitAtTheLargestAreNotCompared) {
  auto up_to = [](int32_t n) {
    ShapeBounds s = ir::shape_of({n});
    s.dims[0].min = 1;
    return s;
  };
  GraphMaker g;
  ir::ValueId a = g.input("a", up_to(40000)), b = g.input("b", up_to(3));
  g.output(g.node(op_code::add, BinaryAttrs{}, {a, b}, up_to(40000)));
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  EXPECT_EQ(plan.partitions().size, 0u);
  EXPECT_STREQ(plan.steps(0)[0].reason, "its largest shapes do not fit each other");
  EXPECT_EQ(loopback.counts().runs, 0);
}

// Shapes within a partition follow from the graph's inputs, as in a new session.
TEST(Check, UsesTheShapesOfANewSession) {
  ShapeBounds x_shape = ir::shape_of({8}), y_shape = ir::shape_of({5});
  x_shape.dims[0].min = 5;
  y_shape.dims[0].min = 2;
  StridedSliceAttrs slice{};  // x[-5:5] is longest where x is shortest
  slice.count = 1;
  slice.begin[0] = -5;
  slice.end[0] = 5;
  slice.strides[0] = 1;
  GraphMaker g;
  ir::ValueId x = g.input("x", x_shape);
  g.output(g.relu(g.node(op_code::strided_slice, slice, {x}, y_shape)));
  BuiltModel built(g);
  Loopback loopback;
  WithDelegates with{&loopback.table()};
  Plan plan = must(Plan::create(built.model, {}, with.options));
  ASSERT_EQ(plan.partitions().size, 1u);
  Session session = must(Session::create(plan));
  expect_equal(run_once(session, built.model, 3), on_cpu(built.model, 3));
  Shape five;
  five.rank = 1;
  five.dims[0] = 5;
  ASSERT_TRUE(session.set_shape(0, 0, five).ok());
  write(session, 0, 0, {-1, 2, -3, 4, -5});
  ASSERT_TRUE(session.run().ok());
  EXPECT_EQ(read(session, 0, 0), (std::vector<float>{0, 2, 0, 4, 0}));
  EXPECT_TRUE(session.partition_active(0));
}

}  // namespace
}  // namespace mote::test
