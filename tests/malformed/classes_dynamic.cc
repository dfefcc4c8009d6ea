// What is known at run only: offsets of blocks, shapes, scales; and arg_min.
#include "classes.h"
#include "ops/op_codes.h"

namespace mote::test {
namespace {

std::function<void(Draft&)> dim(size_t tensor, size_t i, int32_t size) {
  return [=](Draft& d) { d.tensor(tensor).shape[i] = forge::Dim(size, size); };
}
std::function<void(Draft&)> drop_dim(size_t tensor) {
  return [=](Draft& d) { d.tensor(tensor).shape.pop_back(); };
}
std::function<void(Draft&)> type(size_t tensor, forge::Type value) {
  return [=](Draft& d) { d.tensor(tensor).type = value; };
}
std::function<void(Draft&)> scale(size_t tensor, float value) {
  return [=](Draft& d) {
    d.tensor(tensor).quantization = std::make_unique<forge::QuantizationT>();
    d.tensor(tensor).quantization->scales = {value};
  };
}
std::function<void(Draft&)> sizes(std::vector<int32_t> values) {
  return [=](Draft& d) { d.op().attributes.AsSizes()->sizes = values; };
}
TensorSpec s32(std::vector<int32_t> shape) { return plain(forge::Type::int32, std::move(shape)); }

// x [4, 6], begin, a block [2, 3].
Draft dynamic_slice() {
  forge::SizesT a;
  a.sizes = {2, 3};
  return one_operator(op_code::dynamic_slice, attributes(a), {f32({4, 6}), s32({2})},
                      {f32({2, 3})});
}
// x [4, 6], a block [2, 3], begin, output.
Draft dynamic_update_slice() {
  return one_operator(op_code::dynamic_update_slice, no_attributes(),
                      {f32({4, 6}), f32({2, 3}), s32({2})}, {f32({4, 6})});
}
Draft shape_of() {
  return one_operator(op_code::shape_of, no_attributes(), {f32({4, 6})},
                      {plain(forge::Type::int64, {2})});
}
// x, stored elements, scale, zero point.
Draft dynamic_quantize() {
  return one_operator(
      op_code::dynamic_quantize, no_attributes(), {f32({2, 4})},
      {plain(forge::Type::uint8, {2, 4}), f32({1}), plain(forge::Type::uint8, {1})});
}
Draft arg_min() {
  forge::ArgMaxT a;
  a.axis = 1;
  return one_operator(op_code::arg_min, attributes(a), {f32({2, 4})}, {s32({2})});
}

Classes block_classes() {
  const char* slice = "operator 0 (dynamic_slice)";
  const char* update = "operator 0 (dynamic_update_slice)";
  return {
      {"dynamic_slice_sizes",
       "own rule; analogue CVE-2021-37669",
       dynamic_slice,
       {attribute("a size of 0", Code::attribute_range, "sizes", sizes({2, 0})),
        attribute("a size of -1", Code::attribute_range, "sizes", sizes({-1, 3})),
        attribute("one of two", Code::attribute_count, "sizes", sizes({2})),
        attribute("none", Code::attribute_count, "sizes", sizes({})),
        attribute("nine", Code::attribute_count, "sizes", sizes({1, 1, 1, 1, 1, 1, 1, 1, 1}))}},
      {"dynamic_slice_beyond_the_input",
       "CVE-2020-15208",
       dynamic_slice,
       {edited("7 of 6 columns", Code::shape_incompatible, slice, sizes({2, 7})),
        edited("more rows than declared", Code::shape_mismatch, slice, sizes({3, 3}))}},
      {"dynamic_slice_operands",
       "CVE-2022-23583, CVE-2020-15208",
       dynamic_slice,
       {edited("offsets of int64", Code::operand_type, slice, type(1, forge::Type::int64)),
        edited("three offsets", Code::operand_shape, slice, dim(1, 0, 3)),
        edited("one or two offsets", Code::operand_shape, slice,
               [](Draft& d) { d.tensor(1).shape[0] = forge::Dim(1, 2); }),
        edited("offsets in a scalar", Code::operand_rank, slice, drop_dim(1)),
        edited("x a scalar", Code::operand_rank, slice,
               [](Draft& d) { d.tensor(0).shape.clear(); }),
        edited("a block of int32", Code::operand_types_differ, slice,
               type(2, forge::Type::int32))}},
      {"dynamic_update_slice_block",
       "CVE-2022-35939: written beyond the output",
       dynamic_update_slice,
       {edited("7 of 6 columns", Code::shape_incompatible, update, dim(1, 1, 7)),
        edited("rank 1", Code::operand_rank, update, drop_dim(1)),
        edited("of int32", Code::operand_types_differ, update, type(1, forge::Type::int32)),
        edited("in a scale of its own", Code::quantization_mismatch, update,
               [](Draft& d) {
                 for (size_t t : {0, 1, 3}) type(t, forge::Type::int8)(d);
                 scale(0, 0.5F)(d);
                 scale(1, 0.25F)(d);
                 scale(3, 0.5F)(d);
               })}},
      {"dynamic_update_slice_operands",
       "CVE-2022-35939",
       dynamic_update_slice,
       {edited("offsets of float32", Code::operand_type, update, type(2, forge::Type::float32)),
        edited("one offset", Code::operand_shape, update, dim(2, 0, 1)),
        edited("a larger output", Code::shape_mismatch, update, dim(3, 0, 3)),
        edited("an output of int32", Code::operand_types_differ, update,
               type(3, forge::Type::int32))}},
  };
}

Classes value_classes() {
  const char* shape = "operator 0 (shape_of)";
  const char* quantize = "operator 0 (dynamic_quantize)";
  const char* least = "operator 0 (arg_min)";
  return {
      {"shape_of_operands",
       "own rule",
       shape_of,
       {edited("of a scalar", Code::operand_rank, shape,
               [](Draft& d) { d.tensor(0).shape.clear(); }),
        edited("as float32", Code::operand_type, shape, type(1, forge::Type::float32)),
        edited("a third size", Code::shape_mismatch, shape, dim(1, 0, 3)),
        edited("with a scale", Code::quantization_unexpected, shape,
               [](Draft& d) {
                 type(1, forge::Type::int32)(d);
                 scale(1, 0.5F)(d);
               })}},
      {"dynamic_quantize_operands",
       "CVE-2021-37663",
       dynamic_quantize,
       {edited("x of int32", Code::operand_type, quantize, type(0, forge::Type::int32)),
        edited("to int16", Code::operand_type, quantize, type(1, forge::Type::int16)),
        edited("a scale of int32", Code::operand_type, quantize, type(2, forge::Type::int32)),
        edited("a zero point of another type", Code::operand_type, quantize,
               type(3, forge::Type::int8)),
        edited("a scale in the file too", Code::quantization_unexpected, quantize, scale(1, 0.5F)),
        edited("two scales", Code::shape_mismatch, quantize, dim(2, 0, 2)),
        edited("fewer elements", Code::shape_mismatch, quantize, dim(1, 1, 3))}},
      {"arg_min_axis",
       "CVE-2021-29603",
       arg_min,
       {attribute("the rank", Code::attribute_range, "axis",
                  [](Draft& d) { d.op().attributes.AsArgMax()->axis = 2; }),
        attribute("-1", Code::attribute_range, "axis",
                  [](Draft& d) { d.op().attributes.AsArgMax()->axis = -1; })}},
      {"arg_min_operands",
       "CVE-2021-29603",
       arg_min,
       {edited("of booleans", Code::operand_type, least, type(0, forge::Type::boolean)),
        edited("as float32", Code::operand_type, least, type(1, forge::Type::float32)),
        edited("a third row", Code::shape_mismatch, least, dim(1, 0, 3)),
        edited("of a scalar", Code::operand_rank, least,
               [](Draft& d) { d.tensor(0).shape.clear(); })}},
  };
}

}  // namespace

Classes dynamic_classes() {
  Classes all = block_classes();
  for (MalformedClass& c : value_classes()) all.push_back(std::move(c));
  return all;
}

}  // namespace mote::test
