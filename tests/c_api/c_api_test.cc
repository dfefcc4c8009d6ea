#include <memory>

#include "c_api/use_from_c.h"
#include "core/control_graphs.h"
#include "mote/mote.h"
#include "support/built_model.h"

namespace mote::test {
namespace {

ShapeBounds rows(int32_t max) {
  ShapeBounds b = ir::shape_of({max, 4});
  b.dims[0].min = 1;
  return b;
}

class CApi : public testing::Test {
 protected:
  void SetUp() override {
    GraphMaker g;
    g.output(g.relu(g.input("x", rows(3))));
    built = std::make_unique<BuiltModel>(g);
    bytes = built->bytes.data();
    size = built->bytes.size();
    ASSERT_EQ(mote_model_load(bytes, size, nullptr, &model, &error), MOTE_OK) << error.text;
    ASSERT_EQ(mote_plan_create(model, nullptr, &plan, &error), MOTE_OK) << error.text;
    ASSERT_EQ(mote_session_create(plan, nullptr, &session, &error), MOTE_OK) << error.text;
  }
  void TearDown() override {
    mote_session_destroy(session);
    mote_plan_destroy(plan);
    mote_model_destroy(model);
  }

  std::unique_ptr<BuiltModel> built;
  const void* bytes = nullptr;
  size_t size = 0;
  mote_model* model = nullptr;
  mote_plan* plan = nullptr;
  mote_session* session = nullptr;
  mote_error error = {sizeof(mote_error), 0, 0, 0, 0, 0, 0, ""};
};

TEST_F(CApi, RunsFromC) {
  std::vector<float> in(12), out(12);
  for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<float>(i) - 5;
  ASSERT_EQ(run_from_c(bytes, size, in.data(), 12, out.data(), 12), MOTE_OK);
  for (size_t i = 0; i < in.size(); ++i) EXPECT_EQ(out[i], std::max(in[i], 0.0f));
  EXPECT_EQ(run_from_c(bytes, size - 1, in.data(), 12, out.data(), 12),
            static_cast<int>(Code::file_size));
  EXPECT_EQ(run_from_c(bytes, size, in.data(), 11, out.data(), 12),
            static_cast<int>(Code::buffer_size));
}

TEST_F(CApi, DescribesPorts) {
  EXPECT_EQ(mote_model_entry_points(model), 1u);
  EXPECT_STREQ(mote_model_entry_point_name(model, 0), "infer");
  EXPECT_EQ(mote_model_entry_point_name(model, 1), nullptr);
  EXPECT_EQ(mote_session_inputs(session, 0), 1u);
  EXPECT_EQ(mote_session_outputs(session, 0), 1u);
  EXPECT_EQ(mote_session_inputs(session, 5), 0u);
  mote_port port = {};
  port.struct_size = sizeof port;
  ASSERT_EQ(mote_session_input(session, 0, 0, &port), MOTE_OK);
  EXPECT_STREQ(port.name, "x");
  EXPECT_EQ(port.type, MOTE_FLOAT32);
  EXPECT_EQ(port.rank, 2);
  EXPECT_EQ(port.shape[0], 3);
  EXPECT_EQ(port.bytes, 48u);
  EXPECT_EQ(mote_session_input(session, 0, 1, &port),
            static_cast<int32_t>(Code::index_out_of_range));
}

TEST_F(CApi, SetsShapesAndBindsMemory) {
  const int32_t two[2] = {2, 4}, nine[2] = {9, 4};
  EXPECT_EQ(mote_session_set_shape(session, 0, 0, nine, 2, &error),
            static_cast<int32_t>(Code::shape_out_of_bounds));
  EXPECT_NE(std::string(error.text).find("9"), std::string::npos);
  ASSERT_EQ(mote_session_set_shape(session, 0, 0, two, 2, nullptr), MOTE_OK);
  float in[8] = {-1, 2, -3, 4, -5, 6, -7, 8}, out[8] = {};
  ASSERT_EQ(mote_session_bind_input(session, 0, 0, in, sizeof in, nullptr), MOTE_OK);
  ASSERT_EQ(mote_session_bind_output(session, 0, 0, out, sizeof out, nullptr), MOTE_OK);
  ASSERT_EQ(mote_session_run(session, 0, nullptr), MOTE_OK);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(out[i], in[i] > 0 ? in[i] : 0);
  EXPECT_EQ(mote_session_input_data(session, 0, 0), in);
  EXPECT_EQ(mote_session_output_data(session, 0, 7), nullptr);
}

// A number that is no mote_integrity, even one that is `off` in its lowest byte.
TEST_F(CApi, RefusesAnUnknownIntegrity) {
  for (int32_t integrity : {-1, MOTE_INTEGRITY_OFF + 1, 256 + MOTE_INTEGRITY_OFF}) {
    mote_load_options options = {};
    options.struct_size = sizeof options;
    options.integrity = integrity;
    mote_model* other = nullptr;
    EXPECT_EQ(mote_model_load(bytes, size, &options, &other, &error),
              static_cast<int32_t>(Code::invalid_argument));
    EXPECT_EQ(other, nullptr);
  }
}

// A caller compiled against a header without the newer fields.
TEST_F(CApi, HonoursTheCallersStructSize) {
  mote_plan_report report, whole;
  whole.struct_size = sizeof whole;
  ASSERT_EQ(mote_plan_get_report(plan, &whole), MOTE_OK);
  memset(&report, 0x7F, sizeof report);
  report.struct_size = offsetof(mote_plan_report, peak_live_bytes);
  ASSERT_EQ(mote_plan_get_report(plan, &report), MOTE_OK);
  EXPECT_EQ(report.arena_bytes, whole.arena_bytes);
  EXPECT_EQ(whole.peak_live_bytes, 2u * 48);
  EXPECT_EQ(report.peak_live_bytes, 0x7F7F7F7F7F7F7F7Fu);
  mote_plan_options options;
  memset(&options, 0x7F, sizeof options);
  options.struct_size = offsetof(mote_plan_options, isa);
  options.threads = 1;
  mote_plan* other = nullptr;
  EXPECT_EQ(mote_plan_create(model, &options, &other, &error), MOTE_OK) << error.text;
  mote_plan_destroy(other);
}

TEST_F(CApi, SaysWhatIsWrong) {
  mote_model* none = nullptr;
  EXPECT_EQ(mote_model_load("nonsense", 8, nullptr, &none, &error),
            static_cast<int32_t>(Code::file_too_short));
  EXPECT_EQ(none, nullptr);
  EXPECT_STREQ(mote_code_name(error.code), "file_too_short");
  EXPECT_STREQ(mote_code_name(-5), "unknown_code");
  EXPECT_STREQ(mote_code_name(1 << 16), "unknown_code");
  mote_plan_options options = {};
  options.struct_size = sizeof options;
  options.isa = "z80";
  mote_plan* other = nullptr;
  EXPECT_EQ(mote_plan_create(model, &options, &other, &error),
            static_cast<int32_t>(Code::name_unknown));
  EXPECT_NE(std::string(error.text).find("z80"), std::string::npos);
  EXPECT_STREQ(mote_version(), "0.1.0");
}

int cancel_at_once(void*) { return 1; }

TEST_F(CApi, Cancels) {
  mote_session_options options = {};
  options.struct_size = sizeof options;
  options.cancelled = cancel_at_once;
  mote_session* other = nullptr;
  ASSERT_EQ(mote_session_create(plan, &options, &other, nullptr), MOTE_OK);
  EXPECT_EQ(mote_session_run(other, 0, &error), static_cast<int32_t>(Code::cancelled));
  mote_session_destroy(other);
}

// A loop of five steps, of which the file allows ten.
class CApiLoop : public testing::Test {
 protected:
  static BuiltModel counting() {
    GraphMaker body("body");
    body.output(plus_one(body, body.input("counter", ir::shape_of({1}))));
    GraphMaker maker;
    maker.output(call_graphs(maker, op_code::while_loop, 10, {maker.input("x", ir::shape_of({1}))},
                             {counter_below(5, {}), body.graph()}, {ir::shape_of({1})})[0]);
    return BuiltModel(maker);
  }
  // The code of a run with this limit, and what it says.
  int32_t run(int32_t max_loop_steps, size_t struct_size = sizeof(mote_session_options)) {
    mote_session_options options = {};
    options.struct_size = struct_size;
    options.max_loop_steps = max_loop_steps;
    mote_model* model = nullptr;
    mote_plan* plan = nullptr;
    mote_session* session = nullptr;
    mote_model_load(built.bytes.data(), built.bytes.size(), nullptr, &model, nullptr);
    mote_plan_create(model, nullptr, &plan, nullptr);
    int32_t code = mote_session_create(plan, &options, &session, &error);
    const float zero = 0;
    if (code == MOTE_OK) code = mote_session_write_float(session, 0, 0, &zero, 1, &error);
    if (code == MOTE_OK) code = mote_session_run(session, 0, &error);
    mote_session_destroy(session);
    mote_plan_destroy(plan);
    mote_model_destroy(model);
    return code;
  }
  BuiltModel built = counting();
  mote_error error = {sizeof(mote_error), 0, 0, 0, 0, 0, 0, ""};
};

TEST_F(CApiLoop, EndsAtTheSessionsLimit) {
  EXPECT_EQ(run(5), MOTE_OK) << error.text;
  EXPECT_EQ(run(4), static_cast<int32_t>(Code::step_limit));
  EXPECT_EQ(error.expected, 4);
}

TEST_F(CApiLoop, HasNoLimitButTheFilesWithoutOne) {
  EXPECT_EQ(run(0), MOTE_OK) << error.text;
  EXPECT_EQ(run(1, offsetof(mote_session_options, max_loop_steps)), MOTE_OK) << error.text;
}

TEST_F(CApiLoop, RefusesANegativeLimit) {
  EXPECT_EQ(run(-1), static_cast<int32_t>(Code::invalid_argument));
}

}  // namespace
}  // namespace mote::test
