// Every case as a file: exported, loaded, planned and run, at every instruction set, with one and
// two threads, with and without packed weights.
#include "mote/session.h"

#include <gtest/gtest.h>

#include "export/exporter.h"
#include "ir/op_view.h"
#include "mote/platform.h"
#include "mote/train.h"
#include "ops/all_cases.h"
#include "ops/run_case.h"
#include "support/aligned_bytes.h"

namespace mote::test {
namespace {

class Sessions : public testing::TestWithParam<OperatorCases> {};

std::vector<PlanOptions> all_options() {
  std::vector<PlanOptions> all;
  for (int isa = 0; isa < static_cast<int>(Isa::count_); ++isa) {
    if (!isa_available(static_cast<Isa>(isa))) continue;
    for (int i = 0; i < 4; ++i) {
      PlanOptions o;
      o.isa = static_cast<Isa>(isa);
      o.threads = i % 2 == 0 ? 1 : 2;
      o.pack_weights = i < 2;
      all.push_back(o);
    }
  }
  return all;
}

void run_session(const Case& c, const ReferenceRun& reference, const Model& model, const Plan& plan,
                 const ThreadPool& pool) {
  SessionOptions options;
  options.pool = pool;
  Result<Session> created = Session::create(plan, options);
  ASSERT_TRUE(created.ok()) << ir::describe_status(created.status());
  Session& session = created.value();
  // Twice: the second run finds the first one's remains in the arena.
  for (int round = 0; round < 2; ++round) {
    session.reset_states();
    for (uint32_t i = 0; i < reference.inputs.size(); ++i) {
      Result<Span<uint8_t>> memory = session.input(0, i);
      ASSERT_TRUE(memory.ok());
      ASSERT_EQ(memory.value().size, reference.inputs[i].bytes.size());
      memcpy(memory.value().data, reference.inputs[i].bytes.data(), memory.value().size);
    }
    Status ran = session.run(0);
    ASSERT_TRUE(ran.ok()) << ir::describe_status(ran);
    for (uint32_t i = 0; i < c.outputs.size(); ++i) {
      const Evaluated& expected = reference.outputs[i];
      Result<Span<const uint8_t>> memory = session.output(0, i);
      ASSERT_TRUE(memory.ok());
      ASSERT_EQ(memory.value().size, expected.bytes.size());
      EXPECT_EQ(compare(c, c.outputs[i].type, expected.bytes.data(), memory.value().data,
                        memory.value().size),
                "");
      Result<Shape> shape = session.output_shape(0, i);
      EXPECT_TRUE(shape.ok() && shape.value() == expected.shape);
    }
  }
  if ((ir::find_operator(c.op)->flags & kWritesState) == 0) return;
  size_t i = 0;  // the exporter keeps the order of the states
  for (uint32_t t = 0; t < model.tensor_count(); ++t) {
    if (model.tensor(t).kind != TensorKind::state) continue;
    const ir::Bytes& expected = reference.outputs[i++].bytes;
    ir::Bytes state(expected.size());
    ASSERT_TRUE(session.read_state(t, {state.data(), state.size()}).ok());
    EXPECT_EQ(compare(c, model.tensor(t).type, expected.data(), state.data(), state.size()), "");
  }
}

TEST_P(Sessions, EqualTheReference) {
  Result<OwnedThreadPool> pool = OwnedThreadPool::create(2);
  ASSERT_TRUE(pool.ok());
  size_t index = 0;
  for (const Case& c : cases_of(GetParam())) {
    SCOPED_TRACE(c.name);
    ReferenceRun reference = run_reference(c, case_seed(index++));
    ASSERT_EQ(reference.error, "");
    ir::Module module;
    module.graphs.push_back(reference.graph);
    Diagnostics diagnostics;
    AlignedBytes file(export_module(module, diagnostics));
    ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
    Result<Model> model = Model::load(file.span(), training_operators());
    ASSERT_TRUE(model.ok()) << ir::describe_status(model.status());
    for (const PlanOptions& options : all_options()) {
      SCOPED_TRACE(std::string(isa_name(options.isa)) + ", threads " +
                   std::to_string(options.threads) + (options.pack_weights ? ", packed" : ""));
      Result<Plan> plan = Plan::create(model.value(), {}, options);
      ASSERT_TRUE(plan.ok()) << ir::describe_status(plan.status());
      run_session(c, reference, model.value(), plan.value(),
                  options.threads == 2 ? pool.value().callbacks() : ThreadPool{});
      if (HasFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Operators, Sessions, testing::ValuesIn(all_cases()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace mote::test
