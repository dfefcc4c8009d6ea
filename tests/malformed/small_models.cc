#include "small_models.h"

#include "ops/op_codes.h"

namespace mote::test {
namespace {

// Bytes that differ, in place of a fill.
void vary(Draft& d) {
  for (Bytes& segment : d.segments)
    for (size_t i = 0; i < segment.size(); ++i)
      segment[i] = static_cast<uint8_t>((i * 37 + 11) % 61);
}

}  // namespace

Draft classifier() {
  Draft d;
  d.add_graph();
  d.model.producer = "tests";
  int32_t x = d.add_tensor(s8({1, 6, 6, 1}, 0.5F, 3));
  int32_t w = d.add_tensor(constant(s8_per_channel({4, 3, 3, 1}, 0, 0.01F)));
  int32_t bias = d.add_tensor(constant(plain(forge::Type::int32, {4})));
  int32_t c = d.add_tensor(s8({1, 2, 2, 4}, 0.25F, -4));
  forge::Conv2dT conv;
  conv.stride_h = conv.stride_w = 2;
  d.add_operator(op_code::conv2d, attributes(conv), {x, w, bias}, {c});
  int32_t table = d.add_tensor(constant(plain(forge::Type::int8, {256})));
  int32_t a = d.add_tensor(s8({1, 2, 2, 4}, 0.25F, -4));
  d.add_operator(op_code::activation, attributes(forge::ActivationT()), {c, table}, {a});
  int32_t flat = d.add_tensor(s8({1, 16}, 0.25F, -4));
  forge::ReshapeT reshape;
  reshape.shape = {1, -1};
  d.add_operator(op_code::reshape, attributes(reshape), {a}, {flat});
  int32_t fw = d.add_tensor(constant(s8({5, 16}, 0.02F)));
  int32_t logits = d.add_tensor(s8({1, 5}, 0.1F));
  d.add_operator(op_code::fully_connected, attributes(forge::FullyConnectedT()), {flat, fw},
                 {logits});
  int32_t exp = d.add_tensor(constant(plain(forge::Type::int32, {256})));
  int32_t p = d.add_tensor(s8({1, 5}, 1.0F / 256, -128));
  d.add_operator(op_code::softmax, attributes(forge::SoftmaxT()), {logits, exp}, {p});
  int32_t y = d.add_tensor(f32({1, 5}));
  d.add_operator(op_code::dequantize, no_attributes(), {p}, {y});
  int32_t total = d.add_tensor(state(f32({1, 5})));
  int32_t before = d.add_tensor(f32({1, 5})), after = d.add_tensor(f32({1, 5}));
  d.add_operator(op_code::read_state, no_attributes(), {total}, {before});
  d.add_operator(op_code::add, attributes(forge::BinaryT()), {before, y}, {after});
  d.add_operator(op_code::assign_state, no_attributes(), {total, after}, {});
  d.set_ports({x}, {y});
  d.add_entry_point("infer");
  vary(d);
  return d;
}

Draft dynamic_batch() {
  Draft d;
  d.add_graph();
  int32_t x = d.add_tensor(f32({8, 4, 4, 2}));
  int32_t i = d.add_tensor(constant(plain(forge::Type::int64, {3})));
  int32_t pooled = d.add_tensor(f32({8, 2, 2, 2})), mean = d.add_tensor(f32({8, 2}));
  int32_t best = d.add_tensor(plain(forge::Type::int32, {8})), picked = d.add_tensor(f32({8, 3}));
  for (int32_t t : {x, pooled, mean, best, picked})
    d.tensor(static_cast<size_t>(t)).shape[0] = forge::Dim(1, 8);
  forge::Pool2dT pool;
  pool.window_h = pool.window_w = pool.stride_h = pool.stride_w = 2;
  d.add_operator(op_code::avg_pool2d, attributes(pool), {x}, {pooled});
  forge::ReduceT reduce;
  reduce.kind = forge::ReduceKind::mean;
  reduce.axes = {1, 2};
  d.add_operator(op_code::reduce, attributes(reduce), {pooled}, {mean});
  forge::ArgMaxT arg_max;
  arg_max.axis = 1;
  d.add_operator(op_code::arg_max, attributes(arg_max), {mean}, {best});
  forge::GatherT gather;
  gather.axis = 1;
  d.add_operator(op_code::gather, attributes(gather), {mean, i}, {picked});
  d.set_ports({x}, {best, picked});
  d.add_entry_point("best");
  d.add_entry_point("again");
  return d;
}

}  // namespace mote::test
