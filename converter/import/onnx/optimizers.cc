// Steps of optimizers (ai.onnx.preview.training) as the arithmetic that ONNX defines them by.
// Inputs: rate, count of updates, then n tensors of each of `kinds` (parameters, gradients, ...).
#include "import/onnx/elementwise.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

using ir::ValueId;

struct Step {
  ValueId rate = ir::kNone, count = ir::kNone;  // float32
  size_t tensors = 0;                           // of each kind
};

std::optional<Step> begin(NodeImport& c, size_t kinds) {
  size_t given = c.input_count();
  if (given < 2 + kinds || (given - 2) % kinds != 0) {
    c.error("the inputs are not " + std::to_string(kinds) + " tensors per parameter");
    return std::nullopt;
  }
  Step s{float_input(c, 0), float_input(c, 1), (given - 2) / kinds};
  return c.failed() ? std::nullopt : std::optional(s);
}

// Tensor i of a kind.
ValueId operand(NodeImport& c, const Step& s, size_t kind, size_t i) {
  return float_input(c, 2 + kind * s.tensors + i);
}
void define_operand(NodeImport& c, const Step& s, size_t kind, size_t i, ValueId v) {
  define_like(c, kind * s.tensors + i, v, c.input(2 + i));
}

ValueId add(NodeImport& c, ValueId a, ValueId b) { return binary(c, op_code::add, a, b); }
ValueId sub(NodeImport& c, ValueId a, ValueId b) { return binary(c, op_code::sub, a, b); }
ValueId mul(NodeImport& c, ValueId a, ValueId b) { return binary(c, op_code::mul, a, b); }
ValueId scaled(NodeImport& c, ValueId a, float b) { return binary(c, op_code::mul, a, b); }
ValueId div(NodeImport& c, ValueId a, ValueId b) { return binary(c, op_code::div, a, b); }

// g + norm_coefficient * x
ValueId regularized(NodeImport& c, ValueId g, ValueId x) {
  float norm = c.attr_float("norm_coefficient", 0);
  return norm == 0 ? g : add(c, g, scaled(c, x, norm));
}

// count > 0 ? a : b
ValueId later(NodeImport& c, const Step& s, ValueId a, ValueId b) {
  ValueId is = c.build().node(op_code::compare, CompareAttrs{kMoteGreater}, {s.count, scalar(c, 0)},
                              Type::boolean);
  return selected(c, is, a, b);
}

// 1 - base^count
ValueId one_minus_power(NodeImport& c, float base, ValueId count) {
  return sub(c, scalar(c, 1), binary(c, op_code::pow, scalar(c, base), count));
}

}  // namespace

void import_adagrad(NodeImport& c) {
  std::optional<Step> s = begin(c, 3);
  if (!s) return;
  ValueId decay =
      binary(c, op_code::add, scaled(c, s->count, c.attr_float("decay_factor", 0)), 1.0f);
  ValueId rate = div(c, s->rate, decay);
  for (size_t i = 0; i < s->tensors && !c.failed(); ++i) {
    ValueId x = operand(c, *s, 0, i), g = regularized(c, operand(c, *s, 1, i), x);
    ValueId h = add(c, operand(c, *s, 2, i), math(c, kMoteSquare, g));
    ValueId size = binary(c, op_code::add, math(c, kMoteSqrt, h), c.attr_float("epsilon", 1e-6f));
    define_operand(c, *s, 0, i, sub(c, x, div(c, mul(c, rate, g), size)));
    define_operand(c, *s, 1, i, h);
  }
}

void import_adam(NodeImport& c) {
  std::optional<Step> s = begin(c, 4);
  if (!s) return;
  float alpha = c.attr_float("alpha", 0.9f), beta = c.attr_float("beta", 0.999f);
  ValueId corrected =
      div(c, mul(c, s->rate, math(c, kMoteSqrt, one_minus_power(c, beta, s->count))),
          one_minus_power(c, alpha, s->count));
  ValueId rate = later(c, *s, corrected, s->rate);
  for (size_t i = 0; i < s->tensors && !c.failed(); ++i) {
    ValueId x = operand(c, *s, 0, i), g = regularized(c, operand(c, *s, 1, i), x);
    ValueId v = add(c, scaled(c, operand(c, *s, 2, i), alpha), scaled(c, g, 1 - alpha));
    ValueId h =
        add(c, scaled(c, operand(c, *s, 3, i), beta), scaled(c, math(c, kMoteSquare, g), 1 - beta));
    ValueId size = binary(c, op_code::add, math(c, kMoteSqrt, h), c.attr_float("epsilon", 1e-6f));
    ValueId moved = sub(c, x, div(c, mul(c, rate, v), size));
    define_operand(c, *s, 0, i, scaled(c, moved, 1 - c.attr_float("norm_coefficient_post", 0)));
    define_operand(c, *s, 1, i, v);
    define_operand(c, *s, 2, i, h);
  }
}

void import_momentum(NodeImport& c) {
  std::optional<Step> s = begin(c, 3);
  if (!s) return;
  std::string mode = c.attr_string("mode", "");
  if (mode != "standard" && mode != "nesterov")
    return c.error("mode '" + mode + "'", "standard or nesterov");
  float alpha = c.attr_float("alpha", 0);
  ValueId beta = later(c, *s, scalar(c, c.attr_float("beta", 0)), scalar(c, 1));
  for (size_t i = 0; i < s->tensors && !c.failed(); ++i) {
    ValueId x = operand(c, *s, 0, i), g = regularized(c, operand(c, *s, 1, i), x);
    ValueId v = add(c, scaled(c, operand(c, *s, 2, i), alpha), mul(c, beta, g));
    ValueId step = mode == "standard" ? v : add(c, g, scaled(c, v, alpha));
    define_operand(c, *s, 0, i, sub(c, x, mul(c, s->rate, step)));
    define_operand(c, *s, 1, i, v);
  }
}

}  // namespace mote::onnx_import
