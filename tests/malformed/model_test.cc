// What a loaded model says of itself.
#include "mote/model.h"

#include <gtest/gtest.h>

#include "classes.h"
#include "exact_bytes.h"
#include "mote/train.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

TEST(LoadedModel, NamesItsParts) {
  Draft d = spine();
  for (const char* key : {"labels", "licence"}) {
    d.model.metadata.push_back(std::make_unique<forge::MetadataT>());
    d.model.metadata.back()->key = key;
    d.model.metadata.back()->value = std::string("value of ") + key;
  }
  d.model.metadata.push_back(std::make_unique<forge::MetadataT>());
  d.add_entry_point("again");
  d.op(1).location = "layer 1";
  ExactBytes bytes(write_file(std::move(d)));
  Result<Model> model = Model::load(bytes.span(), training_operators());
  ASSERT_TRUE(model.ok());
  EXPECT_STREQ(model->producer(), "tests");
  EXPECT_STREQ(model->metadata("licence"), "value of licence");
  EXPECT_STREQ(model->metadata(""), "");
  EXPECT_EQ(model->metadata("author"), nullptr);
  EXPECT_EQ(model->find_entry_point("again").value(), 1u);
  EXPECT_EQ(model->find_entry_point("agai").status().code, Code::name_unknown);
  EXPECT_EQ(model->tensor_count(), 7u);
  EXPECT_EQ(model->operator_count(), 4u);
  EXPECT_STREQ(model->operator_info(1).location, "layer 1");
  EXPECT_STREQ(model->operator_info(0).name, "read_state");
  EXPECT_STREQ(model->operator_info(0).location, "");
  EXPECT_GT(model->memory_bytes(), sizeof(void*));
  EXPECT_TRUE(model->verify_segments().ok());
}

TEST(LoadedModel, Moves) {
  ExactBytes bytes(write_file(spine()));
  Result<Model> a = Model::load(bytes.span(), training_operators());
  Result<Model> b = Model::load(bytes.span(), training_operators());
  ASSERT_TRUE(a.ok() && b.ok());
  a.value() = std::move(b.value());
  Model& self = a.value();
  a.value() = std::move(self);
  EXPECT_TRUE(a->valid());
  EXPECT_FALSE(b->valid());
  EXPECT_EQ(a->tensor_count(), 7u);
}

TEST(LoadedModel, MisalignedBytesAreRefused) {
  Bytes file = write_file(spine());
  file.insert(file.begin(), 4, 0);
  ExactBytes bytes(file);
  Status s = Model::load({bytes.data() + 4, file.size() - 4}, training_operators()).status();
  EXPECT_EQ(s.code, Code::buffer_misaligned);
  EXPECT_EQ(s.b, 4);
}

TEST(LoadedModel, WithoutSegmentsLoads) {
  ExactBytes bytes(write_file(
      one_operator(op_code::activation, attributes(forge::ActivationT()), {f32({2})}, {f32({2})})));
  EXPECT_TRUE(Model::load(bytes.span(), training_operators()).ok());
}

TEST(LoadedModel, ManyOperandsLoad) {
  std::vector<TensorSpec> inputs(20, f32({1, 2}));
  Draft d = one_operator(op_code::concat, attributes(forge::ConcatT()), inputs, {f32({20, 2})});
  ExactBytes bytes(write_file(d));
  EXPECT_TRUE(Model::load(bytes.span(), training_operators()).ok());
  d.op().inputs[7] = -1;
  ExactBytes missing(write_file(std::move(d)));
  EXPECT_EQ(Model::load(missing.span(), training_operators()).status().code, Code::input_missing);
}

// Limits are compared with the exact value.
TEST(LoadedModel, LimitsAreInclusive) {
  ExactBytes bytes(write_file(spine()));
  auto load = [&](auto set) {
    LoadOptions options;
    set(options.limits);
    return Model::load(bytes.span(), training_operators(), options).status().code;
  };
  EXPECT_EQ(load([](Limits& l) { l.tensors = 7; }), Code::ok);
  EXPECT_EQ(load([](Limits& l) { l.tensors = 6; }), Code::too_many_tensors);
  EXPECT_EQ(load([](Limits& l) { l.operators = 4; }), Code::ok);
  EXPECT_EQ(load([](Limits& l) { l.operators = 3; }), Code::too_many_operators);
  EXPECT_EQ(load([](Limits& l) { l.segments = 2; }), Code::ok);
  EXPECT_EQ(load([](Limits& l) { l.segments = 1; }), Code::too_many_segments);
  EXPECT_EQ(load([](Limits& l) { l.tensor_bytes = 16; }), Code::ok);
  EXPECT_EQ(load([](Limits& l) { l.tensor_bytes = 15; }), Code::tensor_too_large);
  EXPECT_EQ(load([](Limits& l) { l.segment_bytes = 40; }), Code::ok);
  EXPECT_EQ(load([](Limits& l) { l.segment_bytes = 39; }), Code::weights_limit);
  EXPECT_EQ(load([](Limits& l) { l.graphs = 0; }), Code::too_many_graphs);
  EXPECT_EQ(load([](Limits& l) { l.entry_points = 0; }), Code::too_many_entry_points);
  EXPECT_EQ(load([](Limits& l) { l.operations = 0; }), Code::work_limit);
}

// A graph that this build cannot run makes those that call it unavailable, and only those.
TEST(LoadedModel, CallersOfUnavailableGraphsAreUnavailable) {
  Draft d = spine();
  for (size_t g : {1, 2}) {
    d.add_graph();
    int32_t x = d.add_tensor(f32({1})), y = d.add_tensor(f32({1}));
    d.add_operator(40000, no_attributes(), {x, -1}, {y, -1}, g);
    d.set_ports({x}, {y}, g);
  }
  d.op(0, 1).graphs = {2};
  d.add_entry_point("caller", 1);
  ExactBytes bytes(write_file(std::move(d)));
  Result<Model> model = Model::load(bytes.span(), training_operators());
  ASSERT_TRUE(model.ok());
  EXPECT_TRUE(model->entry_point(0).availability.ok());
  EXPECT_EQ(model->entry_point(1).availability.code, Code::operator_unknown);
}

}  // namespace
}  // namespace mote::test
