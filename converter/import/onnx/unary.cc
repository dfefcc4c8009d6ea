// Functions of mathematics.
#include "import/onnx/elementwise.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

void import_math(NodeImport& c, int32_t kind) {
  Operands o = float_operands(c, 1);
  if (!c.failed()) define_result(c, o, math(c, kind, o.values[0]));
}

// Also of integers.
void import_signed(NodeImport& c, int32_t kind) {
  Operands o = operands(c, 1);
  if (c.failed()) return;
  if (o.type == Type::boolean) return c.error("arithmetic of booleans");
  define_result(c, o, c.build().node(op_code::math, MathAttrs{kind}, o.values, o.computed));
}

}  // namespace

void import_abs(NodeImport& c) { import_signed(c, kMoteAbs); }
void import_neg(NodeImport& c) { import_signed(c, kMoteNeg); }
void import_sign(NodeImport& c) { import_signed(c, kMoteSign); }
void import_exp(NodeImport& c) { import_math(c, kMoteExp); }
void import_log(NodeImport& c) { import_math(c, kMoteLog); }
void import_sqrt(NodeImport& c) { import_math(c, kMoteSqrt); }
void import_reciprocal(NodeImport& c) { import_math(c, kMoteReciprocal); }
void import_sin(NodeImport& c) { import_math(c, kMoteSin); }
void import_cos(NodeImport& c) { import_math(c, kMoteCos); }
void import_tan(NodeImport& c) { import_math(c, kMoteTan); }
void import_asin(NodeImport& c) { import_math(c, kMoteAsin); }
void import_acos(NodeImport& c) { import_math(c, kMoteAcos); }
void import_atan(NodeImport& c) { import_math(c, kMoteAtan); }
void import_sinh(NodeImport& c) { import_math(c, kMoteSinh); }
void import_cosh(NodeImport& c) { import_math(c, kMoteCosh); }
void import_asinh(NodeImport& c) { import_math(c, kMoteAsinh); }
void import_acosh(NodeImport& c) { import_math(c, kMoteAcosh); }
void import_atanh(NodeImport& c) { import_math(c, kMoteAtanh); }
void import_erf(NodeImport& c) { import_math(c, kMoteErf); }
void import_floor(NodeImport& c) { import_math(c, kMoteFloor); }
void import_ceil(NodeImport& c) { import_math(c, kMoteCeil); }
void import_round(NodeImport& c) { import_math(c, kMoteRound); }

void import_random(NodeImport& c) {
  c.error("results that are drawn at random differ from run to run",
          "compute them outside of the model and make them an input");
}

}  // namespace mote::onnx_import
