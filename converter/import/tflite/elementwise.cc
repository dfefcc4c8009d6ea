// ADD, SUB, MUL and the activations.
#include "import/tflite/op_import.h"
#include "ir/tables.h"

namespace mote::tflite_import {
namespace {

template <class Options>
void import_binary(OpImport& c, uint16_t op) {
  ir::ValueId x = c.input(0), y = c.input(1);
  if (c.failed()) return;
  ir::ValueId out = c.output();
  BinaryAttrs a{};
  if (const auto* options = c.options<Options>())
    a.activation = c.fused_activation(options->activation());
  if (c.failed()) return;
  const ir::Value &vx = c.value(x), &vy = c.value(y), &vo = c.value(out);
  bool quantized = vx.type == Type::int8 && vx.quantization.scales.size() == 1 &&
                   vy.quantization.scales.size() == 1 && vo.quantization.scales.size() == 1;
  if (op == op_code::mul && quantized)
    a.requantize_scale =
        ir::requantize_scales(vx.quantization, vy.quantization, vo.quantization)[0];
  c.emit(op, a, {x, y}, out);
}

void import_activation(OpImport& c, const ActivationAttrs& a) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  ir::Value in = c.value(x), out = c.value(y);
  std::vector<ir::ValueId> inputs{x};
  if (in.type == Type::int8 && in.quantization.scales.size() == 1 &&
      out.quantization.scales.size() == 1)
    inputs.push_back(
        c.graph().add_constant(out.name + "/table", Type::int8, ir::shape_of({256}),
                               ir::activation_table(a, in.quantization, out.quantization)));
  c.emit(op_code::activation, a, std::move(inputs), y);
}

void import_activation(OpImport& c, int32_t kind) {
  import_activation(c, ActivationAttrs{kind, 0, 0});
}

}  // namespace

void import_add(OpImport& c) { import_binary<tfl::AddOptions>(c, op_code::add); }
void import_sub(OpImport& c) { import_binary<tfl::SubOptions>(c, op_code::sub); }
void import_mul(OpImport& c) { import_binary<tfl::MulOptions>(c, op_code::mul); }

void import_relu(OpImport& c) { import_activation(c, kMoteRelu); }
void import_relu6(OpImport& c) { import_activation(c, kMoteRelu6); }
void import_relu_n1_to_1(OpImport& c) { import_activation(c, kMoteReluN1To1); }
void import_logistic(OpImport& c) { import_activation(c, kMoteSigmoid); }
void import_tanh(OpImport& c) { import_activation(c, kMoteTanh); }

void import_relu_0_to_1(OpImport& c) { import_activation(c, kMoteRelu0To1); }
void import_hard_swish(OpImport& c) { import_activation(c, kMoteHardSwish); }
void import_elu(OpImport& c) { import_activation(c, ActivationAttrs{kMoteElu, 1, 0}); }
void import_leaky_relu(OpImport& c) {
  const auto* options = c.required_options<tfl::LeakyReluOptions>();
  if (options != nullptr)
    import_activation(c, ActivationAttrs{kMoteLeakyRelu, options->alpha(), 0});
}
void import_gelu(OpImport& c) {
  const auto* options = c.options<tfl::GeluOptions>();
  bool approximate = options != nullptr && options->approximate();
  import_activation(c, approximate ? kMoteGeluTanh : kMoteGelu);
}

void import_softmax(OpImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  const auto* options = c.options<tfl::SoftmaxOptions>();
  SoftmaxAttrs a{options == nullptr ? 1.0f : options->beta()};
  if (!(a.beta > 0 && a.beta < 1e30f)) return c.error("beta must be positive and finite");
  ir::Value in = c.value(x), out = c.value(y);
  std::vector<ir::ValueId> inputs{x};
  if (in.type == Type::int8 && in.quantization.scales.size() == 1)
    inputs.push_back(c.graph().add_constant(out.name + "/table", Type::int32, ir::shape_of({256}),
                                            ir::softmax_table(in.quantization.scales[0], a.beta)));
  c.emit(op_code::softmax, a, std::move(inputs), y);
}

}  // namespace mote::tflite_import
