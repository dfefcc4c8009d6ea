// lstm, gru, rnn, svdf.
#include <cmath>
#include <limits>

#include "classes.h"
#include "ops/activation/attributes.h"
#include "ops/op_codes.h"
#include "ops/recurrent_attributes.h"

namespace mote::test {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

template <class T>
T& table_of(Draft& d) {
  return *static_cast<T*>(d.op().attributes.value);
}
forge::RecurrentT& recurrent(Draft& d) { return table_of<forge::RecurrentT>(d); }
std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
std::function<void(Draft&)> drop_dim(size_t tensor) {
  return [=](Draft& d) { d.tensor(tensor).shape.pop_back(); };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) { d.tensor(tensor).type = value; };
}
Variant kind(std::string what, const char* name, int32_t forge::RecurrentT::* member,
             int32_t value) {
  return attribute(std::move(what), Code::attribute_range, name,
                   [=](Draft& d) { recurrent(d).*member = value; });
}
Variant real(std::string what, const char* name, float forge::RecurrentT::* member, float value) {
  return attribute(std::move(what), Code::attribute_range, name,
                   [=](Draft& d) { recurrent(d).*member = value; });
}

forge::RecurrentT activations() {
  forge::RecurrentT a;
  a.gate_activation = kMoteSigmoid;
  a.cell_activation = a.output_activation = kMoteTanh;
  return a;
}

// batch 2, time 3, in 4, hidden 2. Tensors: 0 x, 1 and 2 weights, 3 bias, 4 and 5 initial h and c,
// 6 lengths, 7 y, 8 and 9 last h and c.
Draft lstm() {
  return one_operator(op_code::lstm, attributes(activations()),
                      {f32({2, 3, 4}), constant(f32({8, 4})), constant(f32({8, 2})),
                       constant(f32({8})), f32({2, 2}), f32({2, 2}), absent(), absent(), absent(),
                       absent(), plain(forge::Type::int32, {2})},
                      {f32({2, 3, 2}), f32({2, 2}), f32({2, 2})});
}

// The same with a projection to 3: 6 its weights, 7 and 8, 9 the outputs.
Draft lstm_projected() {
  return one_operator(
      op_code::lstm, attributes(activations()),
      {f32({2, 3, 4}), constant(f32({8, 4})), constant(f32({8, 3})), constant(f32({8})),
       f32({2, 3}), f32({2, 2}), absent(), constant(f32({3, 2}))},
      {f32({2, 3, 3}), f32({2, 3}), f32({2, 2})});
}

TensorSpec s16(std::vector<int32_t> shape, float scale) {
  TensorSpec t = plain(forge::Type::int16, std::move(shape));
  t.scales = {scale};
  t.zero_points = {0};
  return t;
}

// 4 initial c; 5 y, 6 last h, 7 last c.
Draft lstm_s8() {
  forge::RecurrentT a = activations();
  a.scales.assign(kMoteRecurrentScales, 0.01F);
  return one_operator(op_code::lstm, attributes(a),
                      {s8({2, 3, 4}), constant(s8({8, 4})), constant(s8({8, 2})),
                       constant(plain(forge::Type::int32, {8})), absent(), s16({2, 2}, 0x1p-11F)},
                      {s8({2, 3, 2}), s8({2, 2}), s16({2, 2}, 0x1p-11F)});
}

// 3 bias, 4 y, 5 last h.
Draft gru() {
  forge::RecurrentT a = activations();
  a.output_activation = 0;
  return one_operator(
      op_code::gru, attributes(a),
      {f32({2, 3, 4}), constant(f32({6, 4})), constant(f32({6, 2})), constant(f32({6}))},
      {f32({2, 3, 2}), f32({2, 2})});
}

Draft rnn() {
  forge::RecurrentT a;
  a.gate_activation = kMoteTanh;
  return one_operator(op_code::rnn, attributes(a),
                      {f32({2, 3, 4}), constant(f32({2, 4})), constant(f32({2, 2}))},
                      {f32({2, 3, 2}), f32({2, 2})});
}

// 3 filters of rank 1, memory 4. 3 state, 4 bias, 5 y, 6 new state.
Draft svdf() {
  forge::SvdfT a;
  a.rank = 1;
  return one_operator(
      op_code::svdf, attributes(a),
      {f32({2, 4}), constant(f32({3, 4})), constant(f32({3, 4})), f32({2, 12}), constant(f32({3}))},
      {f32({2, 3}), f32({2, 12})});
}

Classes attribute_classes() {
  using A = forge::RecurrentT;
  return {
      {"recurrent_activation",
       "own rule; analogue CVE-2020-26267",
       lstm,
       {kind("gates -1", "gate_activation", &A::gate_activation, -1),
        kind("cell 66", "cell_activation", &A::cell_activation, 66),
        kind("output gelu", "output_activation", &A::output_activation, kMoteGelu),
        real("alpha not a number", "cell_activation", &A::cell_alpha, kNan),
        real("beta infinite", "output_activation", &A::output_beta, kInfinity)}},
      {"recurrent_clip",
       "own rule",
       lstm,
       {real("negative", "clip", &A::clip, -1),
        real("not a number", "cell_clip", &A::cell_clip, kNan),
        real("infinite", "projection_clip", &A::projection_clip, kInfinity)}},
      {"recurrent_coupling",
       "own rule",
       lstm,
       {kind("3", "coupling", &A::coupling, 3), kind("-1", "coupling", &A::coupling, -1)}},
      {"recurrent_attribute_of_another",
       "own rule: what an operator has no use for is not set",
       gru,
       {kind("coupled gates", "coupling", &A::coupling, 1),
        real("a cell clip", "cell_clip", &A::cell_clip, 1),
        kind("an output activation", "output_activation", &A::output_activation, kMoteTanh),
        attribute("effective scales", Code::attribute_count, "scales",
                  [](Draft& d) { recurrent(d).scales.assign(kMoteRecurrentScales, 1); })}},
      {"recurrent_scales",
       "CVE-2022-36017",
       lstm_s8,
       {attribute("16 of 17", Code::attribute_count, "scales",
                  [](Draft& d) { recurrent(d).scales.pop_back(); }),
        attribute("none", Code::attribute_count, "scales",
                  [](Draft& d) { recurrent(d).scales.clear(); }),
        attribute("negative", Code::attribute_range, "scales",
                  [](Draft& d) { recurrent(d).scales[3] = -1; }),
        attribute("not a number", Code::attribute_range, "scales",
                  [](Draft& d) { recurrent(d).scales[16] = kNan; }),
        attribute("too large for the shifts", Code::attribute_range, "scales",
                  [](Draft& d) { recurrent(d).scales[15] = 65537; }),
        kind("zero point 129", "hidden_zero_point", &A::hidden_zero_point, 129)}},
      {"svdf_attributes",
       "CVE-2021-37681: SVDF trusts its operands",
       svdf,
       {attribute("rank 0", Code::attribute_range, "rank",
                  [](Draft& d) { table_of<forge::SvdfT>(d).rank = 0; }),
        attribute("rank -1", Code::attribute_range, "rank",
                  [](Draft& d) { table_of<forge::SvdfT>(d).rank = -1; }),
        attribute("a scale without quantization", Code::attribute_range, "time_scale",
                  [](Draft& d) { table_of<forge::SvdfT>(d).time_scale = 1; })}},
  };
}

Classes operand_classes() {
  const char* const lstm_place = "operator 0 (lstm)";
  const char* const svdf_place = "operator 0 (svdf)";
  return {
      {"lstm_weights",
       "onnxruntime pull request 27721; own rule",
       lstm,
       {edited("7 rows of 4 gates", Code::operand_shape, lstm_place, dim(2, 0, 7)),
        edited("input weights of another height", Code::operand_shape, lstm_place, dim(1, 0, 12)),
        edited("for an input of 5", Code::operand_shape, lstm_place, dim(1, 1, 5)),
        edited("recurrent weights of another width", Code::operand_shape, lstm_place, dim(2, 1, 3)),
        edited("rank 1", Code::operand_rank, lstm_place, drop_dim(1))}},
      {"lstm_operands",
       "CVE-2020-15208",
       lstm,
       {edited("bias of 7", Code::operand_shape, lstm_place, dim(3, 0, 7)),
        edited("initial h of 3", Code::operand_shape, lstm_place, dim(4, 1, 3)),
        edited("initial c of another batch", Code::shape_incompatible, lstm_place, dim(5, 0, 3)),
        edited("lengths of another batch", Code::shape_incompatible, lstm_place, dim(6, 0, 3)),
        edited("lengths of int64", Code::operand_type, lstm_place, type(6, forge::Type::int64)),
        edited("x of rank 2", Code::operand_rank, lstm_place, drop_dim(0)),
        edited("y of another length", Code::shape_mismatch, lstm_place, dim(7, 1, 4)),
        edited("last c wider", Code::shape_mismatch, lstm_place, dim(9, 1, 3))}},
      {"lstm_projection",
       "own rule",
       lstm_projected,
       {edited("of 1", Code::operand_shape, lstm_place, dim(6, 1, 1)),
        edited("missing", Code::operand_shape, lstm_place,
               [](Draft& d) { d.op().inputs.resize(6); })}},
      {"lstm_quantized_cell",
       "own rule: the cell's scale is a power of two",
       lstm_s8,
       {edited("scale 1/1000", Code::quantization_ratio, lstm_place,
               [](Draft& d) { d.quantization(4).scales = d.quantization(7).scales = {0.001F}; }),
        edited("scale 2^-8", Code::quantization_ratio, lstm_place,
               [](Draft& d) { d.quantization(4).scales = d.quantization(7).scales = {0x1p-8F}; }),
        edited("initial c in another scale", Code::quantization_mismatch, lstm_place,
               [](Draft& d) { d.quantization(4).scales = {0x1p-12F}; }),
        edited("last h in another scale than y", Code::quantization_mismatch, lstm_place,
               [](Draft& d) { d.quantization(6).scales = {0.25F}; }),
        edited("weights with a zero point", Code::zero_point_range, lstm_place,
               [](Draft& d) { d.quantization(1).zero_points = {3}; }),
        edited("a bias of floats", Code::operand_type, lstm_place, type(3, forge::Type::float32))}},
      {"gru_operands",
       "own rule",
       gru,
       {edited("5 rows of 3 gates", Code::operand_shape, "operator 0 (gru)", dim(2, 0, 5)),
        edited("bias of 5", Code::operand_shape, "operator 0 (gru)", dim(3, 0, 5)),
        edited("y of int32", Code::operand_type, "operator 0 (gru)", type(4, forge::Type::int32))}},
      {"rnn_operands",
       "own rule",
       rnn,
       {edited("1 row for 2", Code::operand_shape, "operator 0 (rnn)", dim(2, 0, 1)),
        edited("for an input of 5", Code::operand_shape, "operator 0 (rnn)", dim(1, 1, 5))}},
      {"svdf_operands",
       "CVE-2021-37681",
       svdf,
       {edited("state of another size", Code::operand_shape, svdf_place, dim(3, 1, 11)),
        edited("state of another batch", Code::shape_incompatible, svdf_place, dim(3, 0, 3)),
        edited("rank 2 of 3 filters", Code::operand_shape, svdf_place,
               [](Draft& d) { table_of<forge::SvdfT>(d).rank = 2; }),
        edited("bias of 1", Code::operand_shape, svdf_place, dim(4, 0, 1)),
        edited("time weights of other filters", Code::operand_shape, svdf_place, dim(2, 0, 2)),
        edited("x of rank 1", Code::operand_rank, svdf_place, drop_dim(0))}},
  };
}

}  // namespace

Classes recurrent_classes() {
  Classes all = attribute_classes();
  for (MalformedClass& c : operand_classes()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
