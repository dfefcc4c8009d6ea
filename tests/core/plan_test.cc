#include <random>

#include "base/arch.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

bool meet(const PlannedBuffer& a, const PlannedBuffer& b) {
  return a.first_step <= b.last_step && b.first_step <= a.last_step;
}
bool overlap(const PlannedBuffer& a, const PlannedBuffer& b) {
  return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

void expect_sound(const Plan& plan) {
  Span<const PlannedBuffer> buffers = plan.buffers();
  for (size_t i = 0; i < buffers.size; ++i) {
    EXPECT_LE(buffers[i].offset + buffers[i].bytes, plan.report().arena_bytes);
    for (size_t k = 0; k < i; ++k) {
      if (meet(buffers[i], buffers[k])) {
        EXPECT_FALSE(overlap(buffers[i], buffers[k])) << i << " and " << k;
      }
    }
  }
}

const PlannedBuffer* buffer_of(const Plan& plan, int32_t tensor) {
  for (const PlannedBuffer& b : plan.buffers())
    if (b.tensor == tensor) return &b;
  return nullptr;
}

TEST(Plan, ChainOfUnaryOperatorsSharesOneBufferAfterTheInput) {
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({1000}));
  for (int i = 0; i < 5; ++i) x = g.relu(x);
  g.output(x);
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  // The input may be the caller's memory, so the first operator does not overwrite it.
  EXPECT_EQ(plan.buffers().size, 2u);
  EXPECT_EQ(plan.report().peak_live_bytes, 8000u);
}

TEST(Plan, AValueThatIsReadLaterIsNotOverwritten) {
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({64}));
  ir::ValueId a = g.relu(x);
  ir::ValueId b = g.softmax(a);
  g.output(g.add(a, b));
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  EXPECT_NE(buffer_of(plan, built.tensor("v1")), nullptr);
  EXPECT_NE(buffer_of(plan, built.tensor("v2")), nullptr);
  expect_sound(plan);
}

TEST(Plan, ViewsTakeNoMemoryAndKeepTheirSourceAlive) {
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({8, 8}));
  ir::ValueId a = g.relu(x);
  ir::ValueId view = g.reshape(a, {64});
  ir::ValueId other = g.softmax(view);
  g.output(g.add(other, view));
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  EXPECT_EQ(buffer_of(plan, view), nullptr);
  EXPECT_STREQ(plan.steps(0)[1].kernel, "alias");
  const PlannedBuffer* source = buffer_of(plan, built.tensor("v1"));
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->last_step, 3);
}

TEST(Plan, AReshapeFromInputToOutputIsACopy) {
  GraphMaker g;
  g.output(g.reshape(g.input("x", ir::shape_of({4, 4})), {16}));
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  EXPECT_STRNE(plan.steps(0)[0].kernel, "alias");
  EXPECT_EQ(plan.buffers().size, 2u);
}

TEST(Plan, PreservedInputsLiveUntilTheEnd) {
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({16}));
  ir::ValueId a = g.relu(x);
  g.output(g.softmax(a));
  BuiltModel built(g);
  PlanOptions options;
  options.preserve_inputs = true;
  Plan plan = must(Plan::create(built.model, {}, options));
  Session session = must(Session::create(plan));
  std::vector<float> values(16, 0.5f);
  write(session, 0, 0, values);
  ASSERT_TRUE(session.run().ok());
  Span<uint8_t> memory = must(session.input(0, 0));
  EXPECT_EQ(memcmp(memory.data, values.data(), memory.size), 0);
}

TEST(Plan, EntryPointsShareTheArena) {
  std::vector<ir::Graph> graphs;
  for (int32_t n : {100, 5000}) {
    GraphMaker g(n == 100 ? "small" : "large");
    g.output(g.relu(g.input("x" + std::to_string(n), ir::shape_of({n}))));
    graphs.push_back(g.graph());
    for (ir::Value& v : graphs.back().values) v.name += std::to_string(n);
  }
  BuiltModel built(graphs);
  Plan both = must(Plan::create(built.model));
  uint32_t large = must(built.model.find_entry_point("large"));
  Plan one = must(Plan::create(built.model, {&large, 1}));
  EXPECT_EQ(both.report().arena_bytes, one.report().arena_bytes);
  EXPECT_EQ(one.steps(must(built.model.find_entry_point("small"))).size, 0u);
}

// Random graphs of adds: sound, and close to the bound that no plan can beat.
TEST(Plan, RandomGraphsAreSoundAndTight) {
  std::mt19937 random(7);
  double worst = 1;
  for (int round = 0; round < 60; ++round) {
    GraphMaker g;
    std::vector<ir::ValueId> values{g.input("x", ir::shape_of({64}))};
    for (int i = 0; i < 40; ++i) {
      ir::ValueId source =
          values[values.size() - 1 - random() % std::min<size_t>(6, values.size())];
      auto width = static_cast<int32_t>(64 * (1 + random() % 20));
      PadAttrs pad{};
      pad.count = 1;
      ir::ValueId v = source;
      int32_t now = g.graph().value(source).shape.dims[0].max;
      if (width > now) {
        pad.after[0] = width - now;
        v = g.node(op_code::pad, pad, {source}, ir::shape_of({width}));
      } else {
        v = g.relu(source);
      }
      values.push_back(v);
    }
    g.output(values.back());
    BuiltModel built(g);
    Plan plan = must(Plan::create(built.model));
    expect_sound(plan);
    if (kRedZone != 0) continue;  // they are no part of the bound
    worst = std::max(worst, static_cast<double>(plan.report().arena_bytes) /
                                static_cast<double>(plan.report().peak_live_bytes));
  }
  RecordProperty("worst_ratio", std::to_string(worst));
  EXPECT_LE(worst, 1.2);
}

TEST(Plan, ThousandsOfOperatorsArePlannedQuickly) {
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({64}));
  PadAttrs pad{};
  pad.count = 1;
  for (int i = 0; i < 20000; ++i) {
    x = g.node(op_code::pad, pad, {x}, ir::shape_of({64}));
  }
  g.output(x);
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  EXPECT_LE(plan.report().arena_bytes, 2u * (256 + 64));
}

// Thousands of values that wait for one concat, with short-lived ones between them: planning looks
// at a bounded number of neighbours, and no two that are live at once share a byte.
TEST(Plan, ThousandsOfLiveBuffersDoNotOverlap) {
  std::mt19937 random(3);
  GraphMaker g;
  ir::ValueId x = g.input("x", ir::shape_of({1}));
  auto padded = [&](ir::ValueId from) {
    PadAttrs pad{};
    pad.count = 1;
    pad.after[0] = static_cast<int32_t>(random() % 100);
    return g.node(op_code::pad, pad, {from},
                  ir::shape_of({g.graph().value(from).shape.dims[0].max + pad.after[0]}));
  };
  // Twice: what one round leaves is free in the next.
  for (int round = 0; round < 2; ++round) {
    std::vector<ir::ValueId> waiting;
    int32_t width = 0;
    for (int i = 0; i < 5000; ++i) {
      waiting.push_back(padded(i % 3 == 0 ? padded(x) : x));
      width += g.graph().value(waiting.back()).shape.dims[0].max;
    }
    g.output(g.node(op_code::concat, ConcatAttrs{}, waiting, ir::shape_of({width})));
  }
  BuiltModel built(g);
  Plan plan = must(Plan::create(built.model));
  Span<const PlannedBuffer> buffers = plan.buffers();
  ASSERT_GT(buffers.size, 10000u);
  size_t overlaps = 0;
  for (size_t i = 0; i < buffers.size; ++i)
    for (size_t k = 0; k < i; ++k)
      overlaps += meet(buffers[i], buffers[k]) && overlap(buffers[i], buffers[k]) ? 1 : 0;
  EXPECT_EQ(overlaps, 0u);
  EXPECT_LE(plan.report().arena_bytes, 2 * plan.report().peak_live_bytes);
}

TEST(Plan, RefusesWhatItCannotDo) {
  GraphMaker g;
  g.output(g.relu(g.input("x", ir::shape_of({4}))));
  BuiltModel built(g);
  PlanOptions options;
  options.threads = 0;
  EXPECT_EQ(Plan::create(built.model, {}, options).status().code, Code::too_many_threads);
  options.threads = 1;
  options.arena_alignment = 24;
  EXPECT_EQ(Plan::create(built.model, {}, options).status().code, Code::invalid_argument);
  uint32_t entry = 9;
  EXPECT_EQ(Plan::create(built.model, {&entry, 1}).status().code, Code::index_out_of_range);
  EXPECT_EQ(Plan::create(Model()).status().code, Code::invalid_handle);
}

}  // namespace
}  // namespace mote::test
