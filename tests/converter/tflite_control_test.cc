// IF and WHILE of TFLite against numbers computed by hand.
#include "converter/run_converted.h"
#include "converter/tflite_builder.h"

namespace mote::test {
namespace {

constexpr int32_t kAdd = 0, kMul = 18, kLess = 58, kIf = 118, kWhile = 119;

void call_if(TfliteBuilder& b, const std::vector<int32_t>& inputs,
             const std::vector<int32_t>& outputs, int32_t yes, int32_t no) {
  b.op(kIf, inputs, outputs, tfl::BuiltinOptions::IfOptions,
       tfl::CreateIfOptions(b.fbb, yes, no).Union());
}
void call_while(TfliteBuilder& b, const std::vector<int32_t>& inputs,
                const std::vector<int32_t>& outputs, int32_t condition, int32_t body) {
  b.op(kWhile, inputs, outputs, tfl::BuiltinOptions::WhileOptions,
       tfl::CreateWhileOptions(b.fbb, condition, body).Union());
}
void binary(TfliteBuilder& b, int32_t code, int32_t x, int32_t y, int32_t result) {
  const bool is_sum = code == kAdd;
  b.op(code, {x, y}, {result},
       is_sum ? tfl::BuiltinOptions::AddOptions : tfl::BuiltinOptions::MulOptions,
       is_sum ? tfl::CreateAddOptions(b.fbb).Union() : tfl::CreateMulOptions(b.fbb).Union());
}
TensorSpec floats(const char* name, const std::vector<int32_t>& shape) { return {name, shape}; }
TensorSpec numbers(const char* name, const std::vector<float>& elements) {
  TensorSpec t = {name, {static_cast<int32_t>(elements.size())}};
  t.data = bytes_of(elements);
  return t;
}
TensorSpec boolean(const char* name, const std::vector<uint8_t>& data = {}) {
  TensorSpec t = {name, {}, tfl::TensorType::BOOL};
  t.data = data;
  return t;
}

// A subgraph of one operator on two inputs of this shape.
void add_branch(TfliteBuilder& b, int32_t code, const std::vector<int32_t>& shape) {
  int32_t x = b.tensor(floats("x", shape)), y = b.tensor(floats("y", shape)),
          result = b.tensor(floats("result", shape));
  binary(b, code, x, y, result);
  b.subgraph({x, y}, {result});
}

// flag ? x + y : x * y
std::vector<uint8_t> branching(const std::vector<uint8_t>& known_flag = {}) {
  TfliteBuilder b;
  int32_t flag = b.tensor(boolean("flag", known_flag)), x = b.tensor(floats("x", {3})),
          y = b.tensor(floats("y", {3})), result = b.tensor(floats("result", {3}));
  call_if(b, {flag, x, y}, {result}, 1, 2);
  b.subgraph(known_flag.empty() ? std::vector<int32_t>{flag, x, y} : std::vector<int32_t>{x, y},
             {result});
  add_branch(b, kAdd, {3});
  add_branch(b, kMul, {3});
  return b.finish();
}
const Numbers kX = {1, -2, 3}, kY = {4, 5, -6};
const Numbers kSum = {5, 3, -3}, kProduct = {4, -10, -18};

TEST(TfliteControl, ABranchIsTakenAtRun) {
  ConvertedModel m(branching());
  EXPECT_EQ(count_operators(m.model, "if_else"), 1);
  EXPECT_EQ(m.run({{"flag", {1}}, {"x", kX}, {"y", kY}})[0], kSum);
  EXPECT_EQ(m.run({{"flag", {0}}, {"x", kX}, {"y", kY}})[0], kProduct);
}

TEST(TfliteControl, ABranchThatIsKnownIsUnfolded) {
  for (uint8_t flag : {0, 1}) {
    ConvertedModel m(branching({flag}));
    EXPECT_EQ(count_operators(m.model, "if_else"), 0);
    EXPECT_EQ(m.run({{"x", kX}, {"y", kY}})[0], flag != 0 ? kSum : kProduct);
  }
}

// A condition: counter < end.
void add_condition(TfliteBuilder& b, float end, const std::vector<int32_t>& shape) {
  int32_t counter = b.tensor(floats("counter", {1})), x = b.tensor(floats("x", shape)),
          last = b.tensor(numbers("end", {end}));
  TensorSpec result = boolean("goes_on");
  result.shape = {1};
  int32_t goes_on = b.tensor(result);
  b.op(kLess, {counter, last}, {goes_on});
  b.subgraph({counter, x}, {goes_on});
}
// A body: counter + 1, x + x.
void add_body(TfliteBuilder& b, const std::vector<int32_t>& shape) {
  int32_t counter = b.tensor(floats("counter", {1})), x = b.tensor(floats("x", shape)),
          one = b.tensor(numbers("one", {1})), next = b.tensor(floats("next", {1})),
          twice = b.tensor(floats("twice", shape));
  binary(b, kAdd, counter, one, next);
  binary(b, kAdd, x, x, twice);
  b.subgraph({counter, x}, {next, twice});
}

// x doubled until the counter is 5.
std::vector<uint8_t> doubling() {
  TfliteBuilder b;
  int32_t counter = b.tensor(floats("counter", {1})), x = b.tensor(floats("x", {2})),
          last = b.tensor(floats("last", {1})), result = b.tensor(floats("result", {2}));
  call_while(b, {counter, x}, {last, result}, 1, 2);
  b.subgraph({counter, x}, {last, result});
  add_condition(b, 5, {2});
  add_body(b, {2});
  return b.finish();
}

TEST(TfliteControl, ALoopRunsWhileItsConditionHolds) {
  ConvertedModel m(doubling());
  EXPECT_EQ(count_operators(m.model, "while_loop"), 1);
  using Results = std::vector<Numbers>;
  EXPECT_EQ(m.run({{"counter", {2}}, {"x", {1, -3}}}), (Results{{5}, {8, -24}}));
  EXPECT_EQ(m.run({{"counter", {5}}, {"x", {1, -3}}}), (Results{{5}, {1, -3}}));
  EXPECT_EQ(m.run({{"counter", {0.5}}, {"x", {1, 0}}}), (Results{{5.5}, {32, 0}}));
}

TEST(TfliteControl, ALoopStopsAtTheConvertersLimit) {
  ConvertOptions options;
  options.max_loop_steps = 3;
  ConvertedModel m(doubling(), options);
  EXPECT_EQ(m.run({{"counter", {2}}, {"x", {1, -3}}})[1], (Numbers{8, -24}));
  EXPECT_TRUE(m.run({{"counter", {1}}, {"x", {1, -3}}}).empty());
  EXPECT_EQ(m.status.code, Code::step_limit);
  EXPECT_EQ(m.status.a, 3);
}

// A branch with a loop in it; states large enough for several tiles.
TEST(TfliteControl, ALoopInABranch) {
  constexpr int32_t kSize = 20000;
  TfliteBuilder b;
  int32_t flag = b.tensor(boolean("flag")), x = b.tensor(floats("x", {kSize})),
          y = b.tensor(floats("y", {kSize})), result = b.tensor(floats("result", {kSize}));
  call_if(b, {flag, x, y}, {result}, 1, 2);
  b.subgraph({flag, x, y}, {result});
  int32_t a = b.tensor(floats("a", {kSize})), c = b.tensor(floats("c", {kSize})),
          begin = b.tensor(numbers("begin", {0})), last = b.tensor(floats("last", {1})),
          doubled = b.tensor(floats("doubled", {kSize})),
          product = b.tensor(floats("product", {kSize}));
  call_while(b, {begin, a}, {last, doubled}, 3, 4);
  binary(b, kMul, doubled, c, product);
  b.subgraph({a, c}, {product});
  add_branch(b, kAdd, {kSize});
  add_condition(b, 3, {kSize});
  add_body(b, {kSize});
  ConvertedModel m(b.finish());
  Numbers from, by, looped, added;
  for (int i = 0; i < kSize; ++i) {
    from.push_back(i % 17);
    by.push_back(i % 5 - 2);
    looped.push_back(from.back() * 8 * by.back());
    added.push_back(from.back() + by.back());
  }
  EXPECT_EQ(m.run({{"flag", {1}}, {"x", from}, {"y", by}})[0], looped);
  EXPECT_EQ(m.run({{"flag", {0}}, {"x", from}, {"y", by}})[0], added);
}

}  // namespace
}  // namespace mote::test
