#include <gtest/gtest.h>

#include "graph_builder.h"
#include "passes/passes.h"

namespace mote::test {
namespace {

struct FusePadding : testing::Test {
  GraphBuilder b;
  Diagnostics diagnostics;
  ir::ValueId x = b.input(ir::shape_of({1, 2, 3, 2}));
  PadAttrs border{kMotePadConstant, 4, {0, 1, 2, 0}, {0, 3, 4, 0}, 0};

  // A 1x1 convolution of the padded input.
  const ir::Node& convolve(ir::ValueId input, ir::ValueId padded) {
    b.node(op_code::pad, border, {input}, padded);
    b.output(b.conv(padded));
    fuse_padding(b.graph, diagnostics);
    return b.graph.nodes.back();
  }
  const ir::Node& convolve() { return convolve(x, b.value(ir::shape_of({1, 6, 9, 2}))); }
};

TEST_F(FusePadding, ZerosAroundTheInputBecomePads) {
  const ir::Node& conv = convolve();
  const auto a = conv.attrs<Conv2dAttrs>();
  EXPECT_EQ(conv.inputs[0], x);
  EXPECT_EQ(a.pad_top, 1);
  EXPECT_EQ(a.pad_left, 2);
  EXPECT_EQ(a.pad_bottom, 3);
  EXPECT_EQ(a.pad_right, 4);
}

TEST_F(FusePadding, OtherValuesStay) {
  border.value = 1;
  EXPECT_NE(convolve().inputs[0], x);
}

TEST_F(FusePadding, ReflectedElementsStay) {
  border.mode = kMotePadReflect;
  EXPECT_NE(convolve().inputs[0], x);
}

TEST_F(FusePadding, ChannelsAndImagesStay) {
  for (int axis : {0, 3}) {
    GraphBuilder fresh;
    b = fresh;
    x = b.input(ir::shape_of({1, 2, 3, 2}));
    border = PadAttrs{kMotePadConstant, 4, {}, {}, 0};
    border.after[axis] = 1;
    EXPECT_NE(convolve().inputs[0], x);
  }
}

TEST_F(FusePadding, PadsAboveTheLimitStay) {
  border.after[1] = 65536;
  EXPECT_NE(convolve().inputs[0], x);
}

TEST_F(FusePadding, QuantizedOnlyWhereTheScaleStays) {
  for (float scale : {0.5F, 0.25F}) {
    ir::ValueId q =
        b.input(ir::shape_of({1, 2, 3, 2}), Type::int8, GraphBuilder::per_tensor(0.5F, 3));
    ir::ValueId padded =
        b.value(ir::shape_of({1, 6, 9, 2}), Type::int8, GraphBuilder::per_tensor(scale, 3));
    EXPECT_EQ(convolve(q, padded).inputs[0], scale == 0.5F ? q : padded);
  }
}

}  // namespace
}  // namespace mote::test
