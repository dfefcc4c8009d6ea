// Normalization, attention and rotary embeddings.
#include <cmath>
#include <limits>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

forge::NormalizeT normalize(int32_t axis_count, int32_t groups) {
  forge::NormalizeT a;
  a.axis_count = axis_count;
  a.groups = groups;
  a.epsilon = 1e-5F;
  return a;
}
Draft layer_norm() {
  return one_operator(op_code::layer_norm, attributes(normalize(1, 0)),
                      {f32({2, 4}), f32({4}), f32({4})}, {f32({2, 4})});
}
Draft group_norm() {
  return one_operator(op_code::group_norm, attributes(normalize(0, 2)), {f32({1, 3, 4}), f32({4})},
                      {f32({1, 3, 4})});
}
Draft l2_normalize() {
  return one_operator(op_code::l2_normalize, attributes(normalize(1, 0)), {f32({2, 4})},
                      {f32({2, 4})});
}
Draft rms_norm() {
  return one_operator(op_code::rms_norm, attributes(normalize(1, 0)), {f32({2, 4}), f32({4})},
                      {f32({2, 4})});
}
Draft log_softmax() {
  return one_operator(op_code::log_softmax, attributes(forge::SoftmaxT()), {f32({2, 4})},
                      {f32({2, 4})});
}
Draft local_response_norm() {
  forge::LocalResponseNormT a;
  a.before = a.after = 2;
  a.alpha = a.beta = a.bias = 1;
  return one_operator(op_code::local_response_norm, attributes(a), {f32({2, 4})}, {f32({2, 4})});
}
// Operands 0 q, 1 k, 2 v, 3 mask, 4 output.
Draft attention() {
  return one_operator(op_code::attention, attributes(forge::AttentionT()),
                      {f32({1, 4, 3, 8}), f32({1, 2, 5, 8}), f32({1, 2, 5, 6}), f32({3, 5})},
                      {f32({1, 4, 3, 6})});
}
Draft rotary() {
  return one_operator(op_code::rotary_embedding, attributes(forge::RotaryEmbeddingT()),
                      {f32({2, 3, 2, 8}), f32({1, 3, 4}), f32({1, 3, 4})}, {f32({2, 3, 2, 8})});
}

std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
std::function<void(Draft&)> dropped_dim(size_t tensor) {
  return [=](Draft& d) { d.tensor(tensor).shape.pop_back(); };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) { d.tensor(tensor).type = value; };
}
std::function<void(Draft&)> epsilon(float value) {
  return [=](Draft& d) { d.op().attributes.AsNormalize()->epsilon = value; };
}

Classes row_classes() {
  const char* place = "operator 0 (layer_norm)";
  auto axes = [](int32_t count) {
    return [=](Draft& d) { d.op().attributes.AsNormalize()->axis_count = count; };
  };
  return {
      {"normalize_axis_count",
       "CVE-2021-29548, CVE-2020-15207",
       layer_norm,
       {attribute("0", Code::attribute_range, "axis_count", axes(0)),
        attribute("negative", Code::attribute_range, "axis_count", axes(-1)),
        attribute("more than the rank", Code::attribute_range, "axis_count", axes(3))}},
      {"normalize_epsilon",
       "own rule",
       l2_normalize,
       {attribute("negative", Code::attribute_range, "epsilon", epsilon(-1)),
        attribute("NaN", Code::attribute_range, "epsilon", epsilon(std::nanf(""))),
        attribute("infinite", Code::attribute_range, "epsilon", epsilon(kInf))}},
      {"normalize_scale_shape",
       "CVE-2021-41206",
       layer_norm,
       {edited("longer than the rows", Code::shape_incompatible, place, dim(1, 0, 5)),
        edited("of two dimensions", Code::operand_rank, place,
               [](Draft& d) { d.tensor(1).shape.insert(d.tensor(1).shape.begin(), {1, 1}); }),
        edited("bias shorter than the rows", Code::shape_incompatible, place, dim(2, 0, 3))}},
      {"normalize_types",
       "CVE-2022-23583",
       layer_norm,
       {edited("x of int32", Code::operand_type, place, type(0, forge::Type::int32)),
        edited("output of int32", Code::operand_type, place, type(3, forge::Type::int32))}},
      {"rms_norm_operands",
       "CVE-2021-41206",
       rms_norm,
       {edited("a longer scale", Code::shape_incompatible, "operator 0 (rms_norm)", dim(1, 0, 5)),
        edited("a bias", Code::input_count, "operator 0 (rms_norm)",
               [](Draft& d) { d.op().inputs.push_back(d.add_tensor(constant(f32({4})))); }),
        edited("a scalar", Code::operand_rank, "operator 0 (rms_norm)",
               [](Draft& d) { d.tensor(0).shape.clear(); }),
        attribute("over 3 of 2 dimensions", Code::attribute_range, "axis_count", axes(3))}},
      {"log_softmax_attributes",
       "tensorflow issue 62196",
       log_softmax,
       {attribute("beta 0", Code::attribute_range, "beta",
                  [](Draft& d) { d.op().attributes.AsSoftmax()->beta = 0; }),
        edited("a scalar", Code::operand_rank, "operator 0 (log_softmax)",
               [](Draft& d) {
                 d.tensor(0).shape.clear();
                 d.tensor(1).shape.clear();
               })}},
  };
}

Classes channel_classes() {
  auto groups = [](int32_t count) {
    return [=](Draft& d) { d.op().attributes.AsNormalize()->groups = count; };
  };
  auto lrn = [](Draft& d) { return d.op().attributes.AsLocalResponseNorm(); };
  return {
      {"group_norm_groups",
       "CVE-2021-29549",
       group_norm,
       {attribute("0", Code::attribute_range, "groups", groups(0)),
        attribute("more than the channels", Code::attribute_range, "groups", groups(5)),
        edited("not a divisor of the channels", Code::operand_shape, "operator 0 (group_norm)",
               groups(3))}},
      {"group_norm_dynamic_channels",
       "own rule",
       group_norm,
       {edited("2 to 4", Code::operand_shape, "operator 0 (group_norm)",
               [](Draft& d) { d.tensor(0).shape[2] = d.tensor(2).shape[2] = forge::Dim(2, 4); })}},
      {"local_response_norm_window",
       "own rule",
       local_response_norm,
       {attribute("before it -1", Code::attribute_range, "before",
                  [=](Draft& d) { lrn(d)->before = -1; }),
        attribute("2^16 behind it", Code::attribute_range, "after",
                  [=](Draft& d) { lrn(d)->after = 65536; }),
        attribute("alpha NaN", Code::attribute_range, "alpha",
                  [=](Draft& d) { lrn(d)->alpha = std::nanf(""); }),
        attribute("beta infinite", Code::attribute_range, "beta",
                  [=](Draft& d) { lrn(d)->beta = kInf; })}},
  };
}

Classes attention_classes() {
  const char* place = "operator 0 (attention)";
  auto table = [](Draft& d) { return d.op().attributes.AsAttention(); };
  return {
      {"attention_operands",
       "CVE-2020-15208, CVE-2021-41206",
       attention,
       {edited("keys deeper than queries", Code::shape_incompatible, place, dim(1, 3, 9)),
        edited("more values than keys", Code::shape_incompatible, place, dim(2, 2, 6)),
        edited("another batch of keys", Code::shape_incompatible, place, dim(1, 0, 2)),
        edited("3 heads of keys for 4", Code::operand_shape, place, dim(1, 1, 3)),
        edited("values of rank 3", Code::operand_rank, place, dropped_dim(2)),
        edited("output too deep", Code::shape_mismatch, place, dim(4, 3, 8))}},
      {"attention_mask",
       "CVE-2021-41206",
       attention,
       {edited("for 4 keys", Code::shape_incompatible, place, dim(3, 1, 4)),
        edited("of booleans", Code::operand_type, place, type(3, forge::Type::boolean)),
        edited("of rank 5", Code::operand_rank, place,
               [](Draft& d) {
                 d.tensor(3).shape.insert(d.tensor(3).shape.begin(), 3, forge::Dim(1, 1));
               })}},
      {"attention_attributes",
       "own rule",
       attention,
       {attribute("causal 3", Code::attribute_range, "causal",
                  [=](Draft& d) { table(d)->causal = 3; }),
        attribute("scale NaN", Code::attribute_range, "scale",
                  [=](Draft& d) { table(d)->scale = std::nanf(""); }),
        attribute("softcap negative", Code::attribute_range, "softcap",
                  [=](Draft& d) { table(d)->softcap = -1; })}},
      {"rotary_embedding_operands",
       "CVE-2020-15208",
       rotary,
       {edited("an odd depth", Code::operand_shape, "operator 0 (rotary_embedding)",
               [](Draft& d) { d.tensor(0).shape[3] = d.tensor(3).shape[3] = forge::Dim(7, 7); }),
        edited("more places than angles", Code::shape_incompatible, "operator 0 (rotary_embedding)",
               [](Draft& d) { d.tensor(0).shape[1] = d.tensor(3).shape[1] = forge::Dim(4, 4); }),
        edited(
            "deeper than the angles", Code::shape_incompatible, "operator 0 (rotary_embedding)",
            [](Draft& d) { d.tensor(0).shape[3] = d.tensor(3).shape[3] = forge::Dim(10, 10); })}},
  };
}

}  // namespace

Classes normalization_classes() {
  Classes all = row_classes();
  for (auto* group : {channel_classes, attention_classes})
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
