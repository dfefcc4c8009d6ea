// Elementwise operators beyond add, sub and mul.
#include <cmath>

#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

TensorSpec s32(std::vector<int32_t> shape) { return plain(forge::Type::int32, std::move(shape)); }
TensorSpec boolean(std::vector<int32_t> shape) {
  return plain(forge::Type::boolean, std::move(shape));
}

Draft div_s32() {
  return one_operator(op_code::div, attributes(forge::BinaryT()), {s32({4}), s32({4})}, {s32({4})});
}
Draft maximum_s8() {
  return one_operator(op_code::maximum, attributes(forge::BinaryT()), {s8({4}), s8({4})},
                      {s8({4})});
}
Draft minimum() {
  return one_operator(op_code::minimum, attributes(forge::BinaryT()), {f32({4}), f32({4})},
                      {f32({4})});
}
Draft pow() {
  return one_operator(op_code::pow, attributes(forge::BinaryT()), {f32({2, 4}), f32({4})},
                      {f32({2, 4})});
}
Draft floor_div() {
  return one_operator(op_code::floor_div, attributes(forge::BinaryT()), {s32({4}), s32({4})},
                      {s32({4})});
}
Draft squared_difference_s8() {
  return one_operator(op_code::squared_difference, attributes(forge::BinaryT()),
                      {s8({4}), s8({4}, 0.25F)}, {s8({4})});
}
Draft fake_quant() {
  forge::FakeQuantT a;
  a.min = -1;
  a.max = 1;
  a.bits = 8;
  return one_operator(op_code::fake_quant, attributes(a), {f32({4})}, {f32({4})});
}
Draft floor_mod() {
  return one_operator(op_code::floor_mod, attributes(forge::ModuloT()), {s32({4}), s32({4})},
                      {s32({4})});
}
Draft compare() {
  return one_operator(op_code::compare, attributes(forge::CompareT()), {f32({4}), f32({4})},
                      {boolean({4})});
}
Draft logical() {
  return one_operator(op_code::logical, attributes(forge::LogicalT()), {boolean({4}), boolean({4})},
                      {boolean({4})});
}
Draft select() {
  return one_operator(op_code::select, no_attributes(), {boolean({4}), f32({2, 4}), f32({2, 4})},
                      {f32({2, 4})});
}
Draft math() {
  return one_operator(op_code::math, attributes(forge::MathT()), {f32({4})}, {f32({4})});
}
Draft math_s8() {
  return one_operator(op_code::math, attributes(forge::MathT()),
                      {s8({4}), constant(plain(forge::Type::int8, {256}))}, {s8({4})});
}
Draft prelu_s8() {
  return one_operator(op_code::prelu, no_attributes(), {s8({2, 4}), s8({4})}, {s8({2, 4})});
}
Draft clip() {
  forge::ActivationT a;
  a.kind = forge::ActivationKind::clip;
  a.beta = 1;
  return one_operator(op_code::activation, attributes(std::move(a)), {f32({4})}, {f32({4})});
}

std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) {
    d.tensor(tensor).type = value;
    d.tensor(tensor).quantization.reset();
  };
}
std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
template <class M>
Variant grid(std::string what, const char* name, M forge::FakeQuantT::* member, M value) {
  return attribute(std::move(what), Code::attribute_range, name,
                   [=](Draft& d) { d.op().attributes.AsFakeQuant()->*member = value; });
}
std::function<void(Draft&)> bounds(float alpha, float beta) {
  return [=](Draft& d) {
    d.op().attributes.AsActivation()->alpha = alpha;
    d.op().attributes.AsActivation()->beta = beta;
  };
}
std::function<void(Draft&)> activation_kind(forge::ActivationKind kind, float alpha, float beta) {
  return [=](Draft& d) {
    d.op().attributes.AsActivation()->kind = kind;
    bounds(alpha, beta)(d);
  };
}

Classes binary_classes() {
  return {
      {"arithmetic_fused_activation",
       "own rule",
       maximum_s8,
       {attribute("maximum takes none", Code::attribute_range, "activation",
                  [](Draft& d) {
                    d.op().attributes.AsBinary()->activation = forge::FusedActivation::relu;
                  })}},
      {"arithmetic_types",
       "CVE-2022-23583",
       div_s32,
       {edited("int32 / int64", Code::operand_types_differ, "operator 0 (div)",
               type(1, forge::Type::int64)),
        edited("an int64 result", Code::operand_type, "operator 0 (div)",
               type(2, forge::Type::int64))}},
      {"extremum_quantization",
       "CVE-2021-37682",
       maximum_s8,
       {edited("another scale", Code::quantization_mismatch, "operator 0 (maximum)",
               [](Draft& d) { d.quantization(1).scales[0] = 0.125F; }),
        edited("an unquantized result", Code::quantization_mismatch, "operator 0 (maximum)",
               [](Draft& d) { d.tensor(2).quantization.reset(); })}},
      {"minimum_operands",
       "CVE-2021-29590, CVE-2020-15208",
       minimum,
       {edited("no element", Code::dim_not_positive, "tensor 1", dim(1, 0, 0)),
        edited("3 and 4 elements", Code::shape_incompatible, "operator 0 (minimum)", dim(1, 0, 3)),
        edited("float32 / int32", Code::operand_types_differ, "operator 0 (minimum)",
               type(1, forge::Type::int32))}},
      {"pow_operands",
       "CVE-2022-23583, CVE-2020-15208",
       pow,
       {edited("a float to an integer", Code::operand_types_differ, "operator 0 (pow)",
               type(1, forge::Type::int32)),
        edited("5 exponents of rows of 4", Code::shape_incompatible, "operator 0 (pow)",
               dim(1, 0, 5)),
        attribute("a scale", Code::attribute_range, "requantize_scale",
                  [](Draft& d) { d.op().attributes.AsBinary()->requantize_scale = 1; })}},
      {"squared_difference_quantization",
       "CVE-2021-37682",
       squared_difference_s8,
       {edited("of one operand", Code::quantization_missing, "operator 0 (squared_difference)",
               [](Draft& d) { d.tensor(1).quantization.reset(); }),
        edited("two scales", Code::per_channel_not_allowed, "operator 0 (squared_difference)",
               [](Draft& d) {
                 d.quantization(0).scales.assign(4, 0.5F);
                 d.quantization(0).zero_points.clear();
                 d.quantization(0).axis = 0;
               }),
        edited("a result of int32", Code::operand_type, "operator 0 (squared_difference)",
               type(2, forge::Type::int32))}},
      {"floor_div_operands",
       "CVE-2022-23583",
       floor_div,
       {edited("of int8", Code::operand_type, "operator 0 (floor_div)",
               [](Draft& d) {
                 for (size_t t : {0, 1, 2}) d.tensor(t).type = forge::Type::int8;
               }),
        attribute("and relu", Code::attribute_range, "activation",
                  [](Draft& d) {
                    d.op().attributes.AsBinary()->activation = forge::FusedActivation::relu;
                  })}},
      {"floor_mod_types",
       "CVE-2022-23583",
       floor_mod,
       {edited("int16", Code::operand_types_differ, "operator 0 (floor_mod)",
               type(0, forge::Type::int16))}},
  };
}

Classes boolean_classes() {
  return {
      {"compare_kind_unknown",
       "own rule; analogue CVE-2020-26267",
       compare,
       {attribute("6", Code::attribute_range, "kind",
                  [](Draft& d) { d.op().attributes.AsCompare()->kind = 6; }),
        attribute("-1", Code::attribute_range, "kind",
                  [](Draft& d) { d.op().attributes.AsCompare()->kind = -1; })}},
      {"compare_types",
       "CVE-2022-23583",
       compare,
       {edited("a float result", Code::operand_type, "operator 0 (compare)",
               type(2, forge::Type::float32)),
        edited("less of booleans", Code::operand_type, "operator 0 (compare)",
               [](Draft& d) {
                 d.op().attributes.AsCompare()->kind = 2;
                 type(0, forge::Type::boolean)(d);
                 type(1, forge::Type::boolean)(d);
               }),
        edited("int8 without scales", Code::quantization_missing, "operator 0 (compare)",
               [](Draft& d) {
                 type(0, forge::Type::int8)(d);
                 type(1, forge::Type::int8)(d);
               })}},
      {"logical_kind",
       "CVE-2022-23583; analogue CVE-2020-26267",
       logical,
       {attribute("10", Code::attribute_range, "kind",
                  [](Draft& d) { d.op().attributes.AsLogical()->kind = 10; }),
        edited("a shift of booleans", Code::operand_type, "operator 0 (logical)",
               [](Draft& d) { d.op().attributes.AsLogical()->kind = 8; }),
        edited("not of two operands", Code::input_count, "operator 0 (logical)",
               [](Draft& d) { d.op().attributes.AsLogical()->kind = 3; }),
        edited("and of one operand", Code::input_count, "operator 0 (logical)",
               [](Draft& d) { d.op().inputs.pop_back(); })}},
      {"select_operands",
       "CVE-2022-23583",
       select,
       {edited("a float condition", Code::operand_type, "operator 0 (select)",
               type(0, forge::Type::float32)),
        edited("values of two types", Code::operand_types_differ, "operator 0 (select)",
               type(2, forge::Type::int32)),
        edited("shapes that do not broadcast", Code::shape_incompatible, "operator 0 (select)",
               dim(0, 0, 3))}},
  };
}

Classes unary_classes() {
  return {
      {"math_kind",
       "CVE-2022-23583; analogue CVE-2020-26267",
       math,
       {attribute("27", Code::attribute_range, "kind",
                  [](Draft& d) { d.op().attributes.AsMath()->kind = 27; }),
        edited("is_nan to float32", Code::operand_type, "operator 0 (math)",
               [](Draft& d) { d.op().attributes.AsMath()->kind = 25; }),
        edited("exp of int32", Code::operand_type, "operator 0 (math)",
               [](Draft& d) {
                 d.op().attributes.AsMath()->kind = 3;
                 type(0, forge::Type::int32)(d);
                 type(1, forge::Type::int32)(d);
               })}},
      {"math_table",
       "tflite-micro issue 3704",
       math_s8,
       {edited("255 entries", Code::operand_shape, "operator 0 (math)", dim(1, 0, 255)),
        edited("missing", Code::input_missing, "operator 0 (math)",
               [](Draft& d) { d.op().inputs.pop_back(); })}},
      {"prelu_operands",
       "CVE-2022-23583",
       prelu_s8,
       {edited("a float slope", Code::operand_types_differ, "operator 0 (prelu)",
               type(1, forge::Type::float32)),
        edited("a slope without scale", Code::quantization_missing, "operator 0 (prelu)",
               type(1, forge::Type::int8)),
        edited("a slope of another size", Code::shape_incompatible, "operator 0 (prelu)",
               dim(1, 0, 3))}},
      {"fake_quant_range",
       "CVE-2022-35971",
       fake_quant,
       {grid("1 bit", "bits", &forge::FakeQuantT::bits, 1),
        grid("17 bits", "bits", &forge::FakeQuantT::bits, 17),
        grid("without 0", "min", &forge::FakeQuantT::min, 0.5F),
        grid("from -infinity", "min", &forge::FakeQuantT::min, -INFINITY),
        grid("to NaN", "max", &forge::FakeQuantT::max, std::nanf("")),
        attribute("of no length", Code::attribute_range, "max",
                  [](Draft& d) {
                    d.op().attributes.AsFakeQuant()->min = d.op().attributes.AsFakeQuant()->max = 0;
                  }),
        edited("of int32", Code::operand_type, "operator 0 (fake_quant)",
               [](Draft& d) { d.tensor(0).type = forge::Type::int32; })}},
      {"activation_parameters",
       "own rule",
       clip,
       {attribute("bounds in the wrong order", Code::attribute_range, "alpha", bounds(2, 1)),
        attribute("a bound of NaN", Code::attribute_range, "alpha", bounds(0, std::nanf(""))),
        attribute("a slope of infinity", Code::attribute_range, "alpha",
                  activation_kind(forge::ActivationKind::leaky_relu, INFINITY, 0)),
        attribute("celu by 0", Code::attribute_range, "alpha",
                  activation_kind(forge::ActivationKind::celu, 0, 0)),
        attribute("a parameter of relu", Code::attribute_range, "beta",
                  activation_kind(forge::ActivationKind::relu, 0, 1))}},
  };
}

}  // namespace

Classes arithmetic_classes() {
  Classes all = binary_classes();
  for (const Classes& more : {boolean_classes(), unary_classes()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace mote::test
