// Which kernels a build for some types has.
#include "ops/types.h"

#include <gtest/gtest.h>

namespace mote {
namespace {

TEST(Types, KernelsOfOtherTypesAreLeftOut) {
  EXPECT_TRUE(types_in_list("conv2d_s8_gemm_4x8_scalar", "s8,u8"));
  EXPECT_TRUE(types_in_list("requantize_u8_s8_flip", "s8,u8"));
  EXPECT_FALSE(types_in_list("requantize_u8_s8_flip", "s8"));
  EXPECT_FALSE(types_in_list("conv2d_f32_reference", "s8,u8"));
  EXPECT_FALSE(types_in_list("reduce_boolean_reference", "s8"));
  EXPECT_FALSE(types_in_list("dequantize_s8_f32_reference", "s8"));
}

TEST(Types, NamesAreComparedWhole) {
  EXPECT_FALSE(types_in_list("add_s8_reference", "s88,xs8"));
  EXPECT_FALSE(types_in_list("add_f16", "f1,f163"));
  EXPECT_TRUE(types_in_list("add_s8", "f32,s8"));
  EXPECT_FALSE(types_in_list("add_s8", ""));
}

TEST(Types, KernelsThatMoveElementsAreAlwaysBuilt) {
  EXPECT_TRUE(types_in_list("reshape_reference", "s8"));
  EXPECT_TRUE(types_in_list("select_8_reference", ""));
}

}  // namespace
}  // namespace mote
